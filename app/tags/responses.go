package tags

import "guestlist/app/text"

// response is a tag with its texts in one language or, for editing, in all.
type response[Text text.Translations | string] struct {
	ID          int64  `json:"id"`
	EventID     int64  `json:"event_id"`
	TagType     string `json:"tag_type"` // in upper case
	Active      bool   `json:"active"`
	Name        Text   `json:"name"`
	Description Text   `json:"description"`
}

func newResponse[Text text.Translations | string](t *Tag, name, description Text) response[Text] {
	return response[Text]{t.ID, t.EventID, t.Type(), t.RemovedAt == nil, name, description}
}

// inAll returns the tag in all languages.
func inAll(t *Tag) response[text.Translations] { return newResponse(t, t.Name, t.Description) }

// in returns the tag in the language closest to the requested one.
func in(t *Tag, language string) response[string] {
	return newResponse(t, t.Name.In(language), t.Description.In(language))
}

// empty is the body of responses without data: {}.
type empty struct{}
