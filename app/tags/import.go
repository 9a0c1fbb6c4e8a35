package tags

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Check returns the errors of a tag from another system, by the fields' names in requests. It sets defaults.
func Check(tag *Tag) utils.FieldErrors {
	body := tagBody{EventID: tag.EventID, TagType: tag.TagType, Name: tag.Name, Description: tag.Description}
	wrong := body.Validate()
	*tag = *body.tag()
	return wrong
}

// Same reports whether two tags of an event are equivalent: both or neither are active, their types are equal, and
// their names are equal in every language that both have, of which there must be one.
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

// Import stores valid tags of the event in tx, except those for which the event has the same. It returns the event's
// tag for each valid one, and whether it was created.
func Import(ctx context.Context, tx *gorm.DB, eventID int64, valid []Tag) (found []Tag, created []bool, err error) {
	existing, err := listAll(ctx, tx, eventID)
	if err != nil {
		return nil, nil, err
	}
	found, created = make([]Tag, len(valid)), make([]bool, len(valid))
	for i := range valid {
		if known := findSame(existing, &valid[i]); known != nil {
			found[i] = *known
			continue
		}
		found[i], created[i] = valid[i], true
		if err := create(ctx, tx, &found[i]); err != nil {
			return nil, nil, err
		}
		existing = append(existing, found[i])
	}
	return found, created, nil
}

// findSame returns the first of the tags that is the same as tag, or nil.
func findSame(among []Tag, tag *Tag) *Tag {
	for i := range among {
		if among[i].Same(tag) {
			return &among[i]
		}
	}
	return nil
}
