package invitedguest

import (
	"guestlist/app/openapi"
	"guestlist/app/table"
	"guestlist/app/users"
)

// What the types of requests and responses do not say of their members, by the constants that Validate uses.

// bulkBody is what the JSON of a bulk holds: the guests are decoded one by one, as they arrive.
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
	m.Of("answers", "At once: a mail for each, or for several that come together. Daily: at eight, if there are any.").
		Required()
}

// describeInvitation describes what an invitation says of the guest.
func describeInvitation(m *openapi.Members) {
	m.Of("email", "").Email().Required()
	m.Of("language", "The language of the mail and of the page.").Language()
	m.Of("role", "Any text. It gives no rights.").Lengths(1, maxRole)
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
	m.Of("role", "That of the bulk, unless it is named.")
	m.Of("invited_guest_id", "With update: the guest to change. Without it, the one with the address.")
	m.Of("status", "With update: an answer on the guest's behalf.")
	users.DescribeNames(m)
}

// Describe implements openapi.Describer.
func (bulkRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID()
	m.Of("dry_run", "Whether only to say what would become of each row.")
	m.Of("update", "Whether to change those who are guests already, by the members or columns that there are.")
	m.Of("role", "Of the guests who name none.").Lengths(0, maxRole)
	m.Of("encoding", "Of CSV that is not UTF-8 or UTF-16.").OneOf(append([]string{""}, table.Encodings()...)...)
	m.Of("map", "Of a table: what its columns are, as Given=firstname;Family=lastname. X= leaves X out.")
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
	m.Of("tag_ids", "All that the guest is to have.").Items(0, maxTags).EachID()
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
	m.Of("language", "Of the tag in the response.")
}

// Describe implements openapi.Describer.
func (answerRequest) Describe(m *openapi.Members) {
	m.Of("code", "From the link in the mail.").Lengths(1, 0).Required()
	m.Of("status", "").OneOf(string(Accepted), string(Declined)).Required()
	m.Of("comment", wordsOfComment+" Without it, an earlier one stays.").Lengths(0, maxComment)
	m.Of("language", "Of the event's name in the response.")
}

const wordsOfComment = "What the guest tells the organisers with the answer."

// Describe implements openapi.Describer.
func (pageForm) Describe(m *openapi.Members) {
	m.Of("status", "").OneOf(string(Accepted), string(Declined)).Required()
	m.Of("comment", wordsOfComment+" Without it, an earlier one stays.").Lengths(0, maxComment)
}

// Describe implements openapi.Describer.
func (remindRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("reminder", "A name by which organisers tell one reminder from the next.").Lengths(1, maxReminder).Required()
}

// Describe implements openapi.Describer.
func (listing) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.List(true, maxLimit, listOrders...)
	m.Of("q", "Words, each of which is in the address, the first or the last name; case and accents do not count.").
		Lengths(0, maxSearch)
	m.Of("role", "Only guests of the role.").Lengths(0, maxRole)
	m.Of("status", "Only guests who have so answered.")
	m.Of("mail_status", "Only guests of whose mails this became.")
	m.Of("tag_id", "Only guests who have the tag.").ID()
	m.Of("format", "What the list is written as, whatever the request accepts. "+
		"excel is CSV that Excel opens with a double click.").
		OneOf(formatJSON, string(table.CSV), string(table.ExcelCSV), string(table.XLSX))
	m.Of("language", "Of the tags.").Language()
}

// Describe implements openapi.Describer.
func (Guest) Describe(m *openapi.Members) {
	m.Of("answered_at", "Null: not yet.")
	m.Of("comment", wordsOfComment)
	m.Of("mail_status", "What became of the last invitation or reminder. "+
		"Refused: the mail server will never take one to this address; failed: given up for another reason.")
}

// Describe implements openapi.Describer.
func (answerResponse) Describe(m *openapi.Members) {
	m.Of("answer_until", "Until when the answer can be changed; null: for ever.")
}

// Describe implements openapi.Describer.
func (Counts) Describe(m *openapi.Members) { m.Of("by_tag", "Every tag of the event.") }

// Describe implements openapi.Describer.
func (Outcome) Describe(m *openapi.Members) {
	m.Of("row", "From 1: in the list, or of a table below the names of the columns, empty rows included.").From(1)
	m.Of("result", "").OneOf(resultCreated, resultAlready, resultUpdated, resultUnchanged, resultInvalid)
	m.Of("changed", "What was changed of the guest.")
	m.Of("errors", "What is wrong with each member of an invalid row.")
}

// Describe implements openapi.Describer.
func (Report) Describe(m *openapi.Members) {
	m.Of("last_mail_at", lastMail)
	m.Of("columns", "Of a table: the names of the columns that are used, by what they are.")
	m.Of("unused_columns", "Of a table: the names of the others.")
}

// Describe implements openapi.Describer.
func (Reminded) Describe(m *openapi.Members) {
	m.Of("unsubscribed", "How many have not answered, and get none since they want no reminders.")
	m.Of("last_mail_at", lastMail)
}

const lastMail = "About when the last mail goes out, if some have to wait."

// Describe implements openapi.Describer.
func (profile) Describe(m *openapi.Members) {
	m.Of("type", "").OneOf(guestProfile)
	for _, name := range []string{"is_submitted", "submitted_timestamp", "is_withdrawn", "withdrawn_timestamp"} {
		m.Of(name, "Always null.")
	}
	m.Of("response_id", "").Always(noApplication)
}
