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
	m.Of("subject", "One line, which can have placeholders.").Lengths(1, maxSubject).Required()
	m.Of("body", wordsOfBody).Lengths(1, maxBody).Required()
}

const wordsOfBody = "What comes before the button. Placeholders: {{name}}, {{first_name}}, {{event}} and {{when}}, " +
	"also in the subject; {{answer_until}}, likewise, in invitations and reminders; {{description}} and, in changes and " +
	"cancellations, {{note}}, each on a line of its own; {{url}}; and {{link}}, to the page to answer on, except in " +
	"cancellations. Each can be used ten times. On a line of its own, [[Words]]({{link}}) is a button, " +
	"[Words]({{url}}) a link, and - Words an item of a list."

// Describe implements openapi.Describer.
func (r previewRequest) Describe(m *openapi.Members) {
	r.oneWording.Describe(m)
	m.Of("subject", "Without subject and body, the mail is shown as it is now.").Lengths(0, maxSubject)
	m.Of("body", "").Lengths(0, maxBody)
	m.Of("send", "Whether to mail it to the caller, too.")
}

// Describe implements openapi.Describer.
func (wordingResponse) Describe(m *openapi.Members) { m.Of("language", "").OneOf(text.Languages...) }

// Describe implements openapi.Describer.
func (WordingPreview) Describe(m *openapi.Members) {
	m.Of("language", "Of the mail.")
	m.Of("built_in", "Whether it is in the program's own words.")
	m.Of("sent", "Whether it is mailed to the caller.")
}

func wordingOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.ListWordings, Summary: "List the organisers' own wordings of an event's mails",
		Description: forAdministrators, Query: oneEvent{EventID: 1},
		Answers: openapi.OK("The wordings, by kind and language.", []wordingResponse{}),
		Errors:  ofAdministrators,
	}, {
		Handler: a.SetWording, Summary: "Word a mail of an event in a language", Body: wordingRequest{},
		Description: forAdministrators + " Guests get the wording in their language. If there is none, and the event is " +
			"not in their language either, they get the wording in a language of the event; otherwise the program's own " +
			"words. Mails that are still waiting are sent in the new words.",
		Answers: openapi.OK("The wording.", wordingResponse{}),
		Errors:  ofAdministrators,
	}, {
		Handler: a.RemoveWording, Summary: "Return to the program's own words", Description: forAdministrators,
		Query: oneWording{}, Body: oneWording{}, Optional: true,
		Answers: openapi.OK("It is gone.", empty{}),
		Errors:  ofAdministrators,
	}, {
		Handler: a.TryWording, Summary: "See how a mail looks, and have it mailed to oneself", Body: previewRequest{},
		Description: forAdministrators + " As a guest with the caller's name and that language gets it. Its link leads " +
			"nowhere, and it has no calendar file.",
		Answers: openapi.OK("The mail.", WordingPreview{}),
		Errors:  refusing(utils.ErrTooManyRequests),
	}}
}

func wordingTypes() []openapi.Type {
	one := oneWording{EventID: 1, Kind: WordingInvitation, Language: "en"}
	wording := wordingRequest{one, "{{event}}: come and dance", "Dear {{first_name}},\n\nwe hope that you come: {{when}}."}
	return []openapi.Type{
		openapi.Request("WordingOfEvent", one),
		openapi.Request("WordingRequest", wording),
		openapi.Request("WordingPreviewRequest", previewRequest{wording, true}),
		openapi.Response("Wording", wordingResponse{
			EventID: 1, Kind: WordingInvitation, Language: "en",
			Subject: wording.MailSubject, Body: wording.Body, UpdatedAt: exampleTime,
		}),
		openapi.Response("WordingPreview", WordingPreview{
			EventID: 1, Kind: WordingInvitation, Language: "en", Sent: true, Subject: "Gala: come and dance",
			Text: "Dear Bob,\n\nwe hope that you come: …\n", HTML: "<!doctype html>…",
		}),
	}
}
