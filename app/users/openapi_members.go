package users

import "guestlist/app/openapi"

// What the types of requests and responses do not say of their members, by the constants that Validate uses.

// Describe implements openapi.Describer.
func (r registration) Describe(m *openapi.Members) {
	m.Of("email", "").Email().Required()
	r.rules.describe(m.Of("password", "").Required())
	DescribeNames(m)
	agreed := m.Of("policy_agreed", "Whether the user agrees to the privacy policy.")
	if r.hasPolicy {
		agreed.Always(true).Required()
	}
}

// describe describes a new password. Its greatest length is in bytes: no text of more characters has as few.
func (r PasswordRules) describe(m *openapi.Member) {
	m.Lengths(r.MinLength, maxPassword)
}

// DescribeNames describes what requests say of a person, by the limits of Person.Validate.
func DescribeNames(m *openapi.Members) {
	m.Of("firstname", "").Lengths(0, maxName)
	m.Of("lastname", "").Lengths(0, maxName)
	m.Of("user_title", "").Lengths(0, maxTitle)
	m.Of("language", "The language of mails and pages.").Language()
}

// Describe implements openapi.Describer.
func (agreement) Describe(m *openapi.Members) { m.Of("policy_agreed", "").Always(true).Required() }

// Describe implements openapi.Describer.
func (credentials) Describe(m *openapi.Members) {
	m.Of("email", "").Lengths(1, 0).Required()
	m.Of("password", "").Lengths(1, 0).Required()
}

// Describe implements openapi.Describer.
func (resetRequest) Describe(m *openapi.Members) { m.Of("email", "").Email().Required() }

// Describe implements openapi.Describer.
func (r resetConfirmation) Describe(m *openapi.Members) {
	m.Of("code", "From the mail.").Lengths(1, 0).Required()
	r.rules.describe(m.Of("password", "").Required())
}

// Describe implements openapi.Describer.
func (c change) Describe(m *openapi.Members) {
	m.Of("email", "").Email()
	c.rules.describe(m.Of("password", "The new password."))
	m.Of("current_password", "Is needed for a new one.")
	DescribeNames(m)
}

// Describe implements openapi.Describer.
func (logout) Describe(m *openapi.Members) {
	m.Of("everywhere", "Whether to end all tokens of the user, and not only the one that is shown.")
}

// Describe implements openapi.Describer.
func (form) Describe(m *openapi.Members) {
	m.Of("action", "The button that was pressed: "+confirmAction+", or "+disownAction+" for \"this was not me\".")
	m.Of("password", "On the page that sets one.")
	m.Of("email", "On the pages that have a link mailed.")
}

// Describe implements openapi.Describer.
func (l listing) Describe(m *openapi.Members) {
	m.List(false, maxLimit, listOrders...)
	m.Of("q", "Words, each of which is in the address, the first or the last name; case and accents do not count.").
		Lengths(0, maxSearch)
	m.Of("verified", "Only those whose address is verified, or is not.").OneOf("true", "false")
	m.Of("blocked", "Only those who are blocked, or are not.").OneOf("true", "false")
}

// Describe implements openapi.Describer.
func (sessionResponse) Describe(m *openapi.Members) {
	m.Of("token", "Goes in the Authorization header. There is none before the address is verified where that is required.")
	m.Of("pending_email", "The address to change to, once it is confirmed.")
	m.Of("is_admin", "Whether the user is an administrator of the system in effect.")
	m.Of("roles", "The roles in events that count.")
}

// Describe implements openapi.Describer.
func (profile) Describe(m *openapi.Members) {
	m.Of("pending_email", "The address to change to, once it is confirmed.")
}

// Describe implements openapi.Describer.
func (page) Describe(m *openapi.Members) {
	m.Of("next_cursor", "The cursor of the next page; null on the last one.")
}

// Describe implements openapi.Describer.
func (listed) Describe(m *openapi.Members) {
	m.Of("is_admin", "As it was granted: it counts while the address is verified and the user not blocked.")
}

// Enum returns every purpose, for the API's document.
func (purpose) Enum() []string {
	return []string{string(resetPassword), string(verifyEmail), string(changeEmail), string(undoEmail)}
}
