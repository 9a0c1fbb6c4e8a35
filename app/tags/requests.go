package tags

import (
	"slices"
	"strings"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// The maximum lengths of a tag's texts, in characters.
const (
	maxType        = 50
	maxName        = 100
	maxDescription = 1000
)

// defaultType is the type of a tag without one.
const defaultType = "registration"

// tagTypes are the types of tags.
var tagTypes = []string{"response", defaultType, "grant", "question", "checkin"}

// tagBody is the request of POST and PUT /api/v1/tag: a whole tag.
type tagBody struct {
	ID          int64             `json:"id"` // for PUT
	EventID     int64             `json:"event_id"`
	TagType     string            `json:"tag_type"`
	Active      *bool             `json:"active"` // false: deactivated
	Name        text.Translations `json:"name"`
	Description text.Translations `json:"description"`

	existing bool // whether ID is required
}

// Validate implements utils.Validator.
func (b *tagBody) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if b.existing {
		wrong.Add("id", utils.CheckID(b.ID))
	}
	wrong.Add("event_id", utils.CheckID(b.EventID))
	if b.TagType == "" {
		b.TagType = defaultType
	}
	wrong.Add("tag_type", text.CheckLine(b.TagType, maxType))
	wrong.Add("name", b.Name.CheckNames(maxName))
	if len(b.Description) == 0 {
		b.Description = text.Translations{} // optional
		return wrong
	}
	wrong.Add("description", b.Description.CheckTexts(maxDescription))
	if wrong["name"] == "" {
		wrong.Add("description", b.Description.CheckSameLanguages(b.Name, "name"))
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (b *tagBody) Subject() int64 { return b.EventID }

// tag returns the tag in the body; its ID is 0 for a new one.
func (b *tagBody) tag() *Tag {
	tag := &Tag{EventID: b.EventID, TagType: strings.ToLower(b.TagType), Name: b.Name, Description: b.Description}
	if b.existing {
		tag.ID = b.ID
	}
	return tag
}

// checkType returns utils.FieldErrors unless the type is one of tagTypes.
func checkType(tagType string) error {
	if slices.Contains(tagTypes, tagType) {
		return nil
	}
	return utils.FieldErrors{"tag_type": "must be one of " + strings.ToUpper(strings.Join(tagTypes, ", "))}
}

// one is the request of GET and DELETE /api/v1/tag.
type one struct {
	ID      int64 `json:"id"`
	EventID int64 `json:"event_id"`
}

// Validate implements utils.Validator.
func (o *one) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("id", utils.CheckID(o.ID))
	wrong.Add("event_id", utils.CheckID(o.EventID))
	return wrong
}

// Subject implements utils.Subject: the event.
func (o *one) Subject() int64 { return o.EventID }

// ofEvent is the query of GET /api/v1/tags, /api/v1/tagsconfig and /api/v1/tagtypes.
type ofEvent struct {
	EventID int64 `json:"event_id"`
}

// Validate implements utils.Validator.
func (o *ofEvent) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(o.EventID))
	return wrong
}
