package tags

import (
	"slices"
	"strings"

	"guestlist/app/openapi"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	name := text.Translations{"en": "Vegan", "fr": "Végane"}
	tag := &Tag{ID: 1, EventID: 1, TagType: defaultType, Name: name, Description: text.Translations{}}
	return openapi.Feature{
		Name: "tags", Description: "The tags of an event's guests, for its administrators.",
		Types: []openapi.Type{
			openapi.RequestType("TagBody", tagBody{ID: 1, EventID: 1, TagType: tag.Type(), Active: new(true), Name: name}),
			openapi.RequestType("TagOfEvent", one{ID: 1, EventID: 1}),
			openapi.ResponseType("Tag", inAll(tag)),
			openapi.ResponseType("TagView", in(tag, text.DefaultLanguage)),
		},
		Operations: append(listOperations(), tagOperations()...),
	}
}

func listOperations() []openapi.Operation {
	a := (*API)(nil)
	refused := []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound}
	return []openapi.Operation{{
		Handler: a.List, Summary: "List the tags of an event in one language", Query: ofEvent{EventID: 1}, Errors: refused,
		Parameters: []openapi.Parameter{openapi.LanguageParameter()},
		Responses:  openapi.OK("The tags, the oldest first.", []response[string]{}),
	}, {
		Handler: a.ListAll, Summary: "List the tags of an event in all languages", Query: ofEvent{EventID: 1},
		Errors:    refused,
		Responses: openapi.OK("The tags, the oldest first.", []response[text.Translations]{}),
	}, {
		Handler: a.Types, Summary: "List the types of tags", Query: ofEvent{EventID: 1}, Errors: refused,
		Responses: openapi.OK("The types.", []string{}),
	}}
}

func tagOperations() []openapi.Operation {
	a := (*API)(nil)
	refused := []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound}
	missing := append(slices.Clip(refused), utils.ErrTagNotFound)
	changed := append(slices.Clip(missing), utils.ErrChangedMeanwhile)
	ifMatch := []openapi.Parameter{openapi.IfMatch()}
	const described = "The tag in all languages."
	tag := response[text.Translations]{}
	return []openapi.Operation{{
		Handler: a.Read, Summary: "Read a tag", Query: one{ID: 1, EventID: 1}, Errors: missing,
		Responses: openapi.WithETag(openapi.OK(described, tag)),
	}, {
		Handler: a.Create, Summary: "Create a tag", Body: tagBody{}, Errors: refused,
		Responses: openapi.WithETag(openapi.Created(described, tag)),
	}, {
		Handler: a.Update, Summary: "Replace, deactivate or reactivate a tag", Body: tagBody{},
		Parameters: ifMatch, Responses: openapi.WithETag(openapi.OK(described, tag)), Errors: changed,
	}, {
		Handler: a.Delete, Summary: "Delete a tag", Description: "Removes it from all guests.",
		Query: one{}, Body: one{}, Optional: true,
		Parameters: ifMatch, Responses: openapi.OK("The tag is deleted.", empty{}), Errors: changed,
	}}
}

// Describe implements openapi.Describer.
func (b tagBody) Describe(m *openapi.Members) {
	id := m.Of("id", "The id of the tag to replace; not for a new one.")
	if b.existing {
		id.ID().Required()
	}
	m.Of("event_id", "").ID().Required()
	m.Of("tag_type", "One of the event's tag types, in upper or lower case.").Lengths(0, maxType).
		OrElse(strings.ToUpper(defaultType))
	m.Of("active", "False deactivates the tag: it is in no list until it is reactivated, for the same guests.").
		OrElse(true)
	m.Of("name", "By language.").Texts(maxName).Required()
	m.Of("description", "Optional; in the languages of the name.").Texts(maxDescription)
}

// Describe implements openapi.Describer.
func (one) Describe(m *openapi.Members) {
	m.Of("id", "The id of the tag.").ID().Required()
	m.Of("event_id", "").ID().Required()
}

// Describe implements openapi.Describer.
func (ofEvent) Describe(m *openapi.Members) { m.Of("event_id", "").ID().Required() }
