package tags

import "guestlist/app/text"

// answer is a tag, with its texts in every language where clients edit it, else in one.
type answer[Text text.Translations | string] struct {
	ID          int64  `json:"id"`
	EventID     int64  `json:"event_id"`
	TagType     string `json:"tag_type"`
	Name        Text   `json:"name"`
	Description Text   `json:"description"`
}

// inAll answers a tag in all languages.
func inAll(t *Tag) answer[text.Translations] {
	return answer[text.Translations]{t.ID, t.EventID, t.TagType, t.Name, t.Description}
}

// in answers a tag in the language that comes nearest to the one asked for.
func in(t *Tag, language string) answer[string] {
	return answer[string]{t.ID, t.EventID, t.TagType, t.Name.In(language), t.Description.In(language)}
}

// empty answers what has nothing to say: {}.
type empty struct{}
