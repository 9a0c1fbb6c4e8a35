package tags

import (
	"slices"
	"strings"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// The lengths of what a tag says of itself, in characters.
const (
	maxType        = 50
	maxName        = 100
	maxDescription = 1000
)

// defaultType is that of a tag of which none is said.
const defaultType = "registration"

// tagTypes are the kinds of tags there are.
var tagTypes = []string{"response", defaultType, "grant", "question", "checkin"}

// tagBody is the request of POST and PUT /api/v1/tag: all that a tag is.
type tagBody struct {
	ID          int64             `json:"id"` // of PUT
	EventID     int64             `json:"event_id"`
	TagType     string            `json:"tag_type"`
	Active      *bool             `json:"active"` // false: taken away
	Name        text.Translations `json:"name"`
	Description text.Translations `json:"description"`

	existing bool // whether ID has to be named
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
		b.Description = text.Translations{} // a tag's name may say it all
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

// tag returns the tag that the body describes; its ID is 0 if it names none.
func (b *tagBody) tag() *Tag {
	tag := &Tag{EventID: b.EventID, TagType: strings.ToLower(b.TagType), Name: b.Name, Description: b.Description}
	if b.existing {
		tag.ID = b.ID
	}
	return tag
}

// checkType returns utils.FieldErrors unless there are tags of the type.
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
