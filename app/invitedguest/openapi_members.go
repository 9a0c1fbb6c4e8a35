package invitedguest

import (
	"guestlist/app/openapi"
	"guestlist/app/table"
	"guestlist/app/users"
)

// Descriptions and limits of members, from the constants that Validate uses.

// bulkBody is the JSON body of a bulk request; the handler decodes its guests one by one.
type bulkBody struct {
	bulkRequest

	Guests []Candidate `json:"guests"`
}

// Enum returns every status, for the API's document.
func (Status) Enum() []string { return []string{string(Invited), string(Accepted), string(Declined)} }

// Enum returns every status, for the API's document.
func (MailStatus) Enum() []string {
	texts := make([]string, len(mailStatuses))
	for i, status := range mailStatuses {
		texts[i] = string(status)
	}
	return texts
}

// Enum returns every frequency, for the API's document.
func (Frequency) Enum() []string { return []string{string(Never), string(AtOnce), string(Daily)} }

// Describe implements openapi.Describer.
func (notificationRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("answers", "at_once: a mail for each answer, or for several in quick succession; daily: at eight, "+
		"if there are any.").
		Required()
}

// describeInvitation describes the members that all invitations have.
func describeInvitation(m *openapi.Members) {
	m.Of("email", "").Email().Required()
	m.Of("language", "The language of the mail and of the page.").Language()
	m.Of("role", "Any text. It grants no permissions.").Lengths(1, maxRole)
	m.Of("tag_ids", "").Items(0, maxTags).EachID()
}

// Describe implements openapi.Describer.
func (inviteRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	describeInvitation(m)
	m.Of("role", "").Required()
}

// Describe implements openapi.Describer.
func (createRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	describeInvitation(m)
	m.Of("role", "").Required()
	users.DescribeNames(m)
	m.Of("policy_agreed", "Whether the guest agrees to the privacy policy.")
}

// Describe implements openapi.Describer.
func (Candidate) Describe(m *openapi.Members) {
	describeInvitation(m)
	m.Of("role", "Default: the role of the bulk request.")
	m.Of("invited_guest_id", "With update: the guest to change. If absent, the guest is found by address.")
	m.Of("status", "With update: an answer on the guest's behalf.")
	users.DescribeNames(m)
}

// Describe implements openapi.Describer.
func (bulkRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID()
	m.Of("dry_run", "Report the result of each row without storing anything.")
	m.Of("update", "Change existing guests, by the members or columns that are present.")
	m.Of("role", "The role of guests without one.").Lengths(0, maxRole)
	m.Of("encoding", "The encoding of CSV that is not UTF-8 or UTF-16.").
		OneOf(append([]string{""}, table.Encodings()...)...)
	m.Of("map", "Of a table: the meaning of its columns, as Given=firstname;Family=lastname. X= ignores X.")
}

// Describe implements openapi.Describer.
func (b bulkBody) Describe(m *openapi.Members) {
	b.bulkRequest.Describe(m)
	m.Of("guests", "").Items(1, maxBulk).Required()
}

// Describe implements openapi.Describer.
func (oneGuest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("invited_guest_id", "").ID().Required()
}

// Describe implements openapi.Describer.
func (updateRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("invited_guest_id", "").ID().Required()
	m.Of("role", "").Lengths(0, maxRole)
	m.Of("status", "An answer on the guest's behalf; invited takes an answer back.")
	m.Of("tag_ids", "Replaces the guest's tags.").Items(0, maxTags).EachID()
	m.Of("email", "").Email()
	users.DescribeNames(m)
}

// Describe implements openapi.Describer.
func (oneEvent) Describe(m *openapi.Members) { m.Of("event_id", "").ID().Required() }

// Describe implements openapi.Describer.
func (oneUser) Describe(m *openapi.Members) { m.Of("user_id", "").ID().Required() }

// Describe implements openapi.Describer.
func (oneTag) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("tag_id", "").ID().Required()
	m.Of("invited_guest_id", "").ID().Required()
	m.Of("language", "The language of the tag in the response.")
}

// Describe implements openapi.Describer.
func (answerRequest) Describe(m *openapi.Members) {
	m.Of("code", "From the link in the mail.").Lengths(1, 0).Required()
	m.Of("status", "").OneOf(string(Accepted), string(Declined)).Required()
	m.Of("comment", commentDescription+" If absent, an earlier one stays.").Lengths(0, maxComment)
	m.Of("language", "The language of the event's name in the response.")
}

const commentDescription = "A comment from the guest to the organisers."

// Describe implements openapi.Describer.
func (pageForm) Describe(m *openapi.Members) {
	m.Of("status", "").OneOf(string(Accepted), string(Declined)).Required()
	m.Of("comment", commentDescription+" If absent, an earlier one stays.").Lengths(0, maxComment)
}

// Describe implements openapi.Describer.
func (remindRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("reminder", "A name for the reminder. No guest is sent the same one twice.").Lengths(1, maxReminder).Required()
}

// Describe implements openapi.Describer.
func (listing) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.List(true, maxLimit, listOrders...)
	m.Of("q", "Words that all occur in the address or the name. Case and accents are ignored.").
		Lengths(0, maxSearch)
	m.Of("role", "Only guests with this role.").Lengths(0, maxRole)
	m.Of("status", "Only guests with this answer.")
	m.Of("mail_status", "Only guests with this mail status.")
	m.Of("tag_id", "Only guests with this tag.").ID()
	m.Of("format", "The format of the list; overrides the Accept header. "+
		"excel is CSV that Excel opens with a double click.").
		OneOf(formatJSON, string(table.CSV), string(table.ExcelCSV), string(table.XLSX))
	m.Of("language", "The language of the tags.").Language()
}

// Describe implements openapi.Describer.
func (Guest) Describe(m *openapi.Members) {
	m.Of("answered_at", "Null: not answered.")
	m.Of("comment", commentDescription)
	m.Of("mail_status", "The state of the last invitation or reminder. "+
		"refused: the mail server rejected it for good; failed: given up for another reason.")
}

// Describe implements openapi.Describer.
func (answerResponse) Describe(m *openapi.Members) {
	m.Of("answer_until", "When answers close; null: never.")
}

// Describe implements openapi.Describer.
func (Counts) Describe(m *openapi.Members) { m.Of("by_tag", "Every tag of the event.") }

// Describe implements openapi.Describer.
func (Outcome) Describe(m *openapi.Members) {
	m.Of("row", "From 1, in the list or below the header of a table. Empty rows count.").From(1)
	m.Of("result", "").OneOf(resultCreated, resultAlready, resultUpdated, resultUnchanged, resultInvalid)
	m.Of("changed", "The changed fields of the guest.")
	m.Of("errors", "The error of each invalid member.")
}

// Describe implements openapi.Describer.
func (Report) Describe(m *openapi.Members) {
	m.Of("last_mail_at", lastMail)
	m.Of("columns", "Of a table: the names of the columns that are used, by meaning.")
	m.Of("unused_columns", "Of a table: the names of the unused columns.")
}

// Describe implements openapi.Describer.
func (Reminded) Describe(m *openapi.Members) {
	m.Of("unsubscribed", "The number of guests who have not answered, but ended reminders.")
	m.Of("last_mail_at", lastMail)
}

const lastMail = "Approximately when the last mail goes out, if some have to wait."

// Describe implements openapi.Describer.
func (profile) Describe(m *openapi.Members) {
	m.Of("type", "").OneOf(guestProfile)
	for _, name := range []string{"is_submitted", "submitted_timestamp", "is_withdrawn", "withdrawn_timestamp"} {
		m.Of(name, "Always null.")
	}
	m.Of("response_id", "").Always(noApplication)
}
