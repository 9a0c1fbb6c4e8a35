package tags

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Check returns what is wrong with a tag that comes from elsewhere, by the names that the fields have in requests. It
// sets what is not said.
func Check(tag *Tag) utils.FieldErrors {
	body := tagBody{EventID: tag.EventID, TagType: tag.TagType, Name: tag.Name, Description: tag.Description}
	wrong := body.Validate()
	*tag = *body.tag()
	return wrong
}

// Same reports whether two tags of an event say the same: both are there, or both are taken away; they are of one type;
// and they have one name in every language that both have, of which there is one at least.
func (t *Tag) Same(other *Tag) bool {
	common := false
	for language, name := range t.Name {
		if text, both := other.Name[language]; both {
			if text != name {
				return false
			}
			common = true
		}
	}
	return common && t.TagType == other.TagType && (t.RemovedAt == nil) == (other.RemovedAt == nil)
}

// Import stores valid tags of the event in the transaction tx, but for those whose same it has. It returns the tags of
// the event, in the order of the valid ones, and which were stored.
func Import(ctx context.Context, tx *gorm.DB, eventID int64, valid []Tag) (found []Tag, created []bool, err error) {
	there, err := listAll(ctx, tx, eventID)
	if err != nil {
		return nil, nil, err
	}
	found, created = make([]Tag, len(valid)), make([]bool, len(valid))
	for i := range valid {
		if known := same(there, &valid[i]); known != nil {
			found[i] = *known
			continue
		}
		found[i], created[i] = valid[i], true
		if err := create(ctx, tx, &found[i]); err != nil {
			return nil, nil, err
		}
		there = append(there, found[i])
	}
	return found, created, nil
}

func same(among []Tag, tag *Tag) *Tag {
	for i := range among {
		if among[i].Same(tag) {
			return &among[i]
		}
	}
	return nil
}
