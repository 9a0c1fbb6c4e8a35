package invitedguest

import (
	"guestlist/app/openapi"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Enum returns every kind, for the API's document.
func (WordingKind) Enum() []string {
	return []string{
		string(WordingInvitation), string(WordingReminder), string(WordingChange), string(WordingCancellation),
	}
}

// Describe implements openapi.Describer.
func (oneWording) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("kind", "").Required()
	m.Of("language", "").OneOf(text.Languages...).Required()
}

// Describe implements openapi.Describer.
func (r wordingRequest) Describe(m *openapi.Members) {
	r.oneWording.Describe(m)
	m.Of("subject", "One line. May contain placeholders.").Lengths(1, maxSubject).Required()
	m.Of("body", bodyDescription).Lengths(1, maxBody).Required()
}

const bodyDescription = "The text before the button. Placeholders: {{name}}, {{first_name}}, {{event}} and {{when}}, " +
	"also in the subject; {{answer_until}}, likewise, in invitations and reminders; {{description}} and, in changes and " +
	"cancellations, {{note}}, each on a line of its own; {{url}}; and {{link}}, the page to answer on, except in " +
	"cancellations. Each may occur ten times. On a line of its own, [[Words]]({{link}}) is a button, " +
	"[Words]({{url}}) a link, and - Words a list item."

// Describe implements openapi.Describer.
func (r previewRequest) Describe(m *openapi.Members) {
	r.oneWording.Describe(m)
	m.Of("subject", "Without subject and body, the current mail is shown.").Lengths(0, maxSubject)
	m.Of("body", "").Lengths(0, maxBody)
	m.Of("send", "Also mail it to the caller.")
}

// Describe implements openapi.Describer.
func (wordingResponse) Describe(m *openapi.Members) { m.Of("language", "").OneOf(text.Languages...) }

// Describe implements openapi.Describer.
func (WordingPreview) Describe(m *openapi.Members) {
	m.Of("language", "The language of the mail.")
	m.Of("built_in", "Whether the mail has the program's words.")
	m.Of("sent", "Whether it was mailed to the caller.")
}

func wordingOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.ListWordings, Summary: "List the organisers' own wordings of an event's mails",
		Description: forAdministrators, Query: oneEvent{EventID: 1},
		Responses: openapi.OK("The wordings, by kind and language.", []wordingResponse{}),
		Errors:    ofAdministrators,
	}, {
		Handler: a.SetWording, Summary: "Word a mail of an event in a language", Body: wordingRequest{},
		Description: forAdministrators + " Guests get the wording in their language. Without one, if the event is " +
			"not in their language either, they get one in a language of the event; otherwise the program's " +
			"words. Mails that have not gone out yet are sent in the new words.",
		Responses: openapi.OK("The wording.", wordingResponse{}),
		Errors:    ofAdministrators,
	}, {
		Handler: a.RemoveWording, Summary: "Return to the program's words", Description: forAdministrators,
		Query: oneWording{}, Body: oneWording{}, Optional: true,
		Responses: openapi.OK("It is gone.", empty{}),
		Errors:    ofAdministrators,
	}, {
		Handler: a.TryWording, Summary: "Preview a mail, or mail it to oneself", Body: previewRequest{},
		Description: forAdministrators + " The mail as a guest with the caller's name and that language would get it. Its " +
			"link leads " +
			"nowhere, and it has no calendar file.",
		Responses: openapi.OK("The mail.", WordingPreview{}),
		Errors:    refusing(utils.ErrTooManyRequests),
	}}
}

func wordingTypes() []openapi.Type {
	one := oneWording{EventID: 1, Kind: WordingInvitation, Language: "en"}
	wording := wordingRequest{one, "{{event}}: come and dance", "Dear {{first_name}},\n\nwe hope to see you: {{when}}."}
	return []openapi.Type{
		openapi.RequestType("WordingOfEvent", one),
		openapi.RequestType("WordingRequest", wording),
		openapi.RequestType("WordingPreviewRequest", previewRequest{wording, true}),
		openapi.ResponseType("Wording", wordingResponse{
			EventID: 1, Kind: WordingInvitation, Language: "en",
			Subject: wording.MailSubject, Body: wording.Body, UpdatedAt: exampleTime,
		}),
		openapi.ResponseType("WordingPreview", WordingPreview{
			EventID: 1, Kind: WordingInvitation, Language: "en", Sent: true, Subject: "Gala: come and dance",
			Text: "Dear Bob,\n\nwe hope to see you: …\n", HTML: "<!doctype html>…",
		}),
	}
}
