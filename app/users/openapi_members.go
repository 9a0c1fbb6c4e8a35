package users

import "guestlist/app/openapi"

// The Describe methods declare what Go types cannot, with the limits that Validate uses.

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

// describe describes a new password. Its maximum is in bytes, which is also a maximum in characters.
func (r PasswordRules) describe(m *openapi.Member) {
	m.Lengths(r.MinLength, maxPassword)
}

// DescribeNames describes a person's fields in requests, with the limits of Person.Validate.
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
func (c updateRequest) Describe(m *openapi.Members) {
	m.Of("email", "").Email()
	c.rules.describe(m.Of("password", "The new password."))
	m.Of("current_password", "Required with a new password.")
	DescribeNames(m)
}

// Describe implements openapi.Describer.
func (logout) Describe(m *openapi.Members) {
	m.Of("everywhere", "Whether to end all tokens of the user, not only the one in the request.")
}

// Describe implements openapi.Describer.
func (form) Describe(m *openapi.Members) {
	m.Of("action", "The pressed button: "+confirmAction+", or "+disownAction+" for \"this was not me\".")
	m.Of("password", "On the page that sets a password.")
	m.Of("email", "On the pages that mail a link.")
}

// Describe implements openapi.Describer.
func (l listing) Describe(m *openapi.Members) {
	m.List(false, maxLimit, listOrders...)
	m.Of("q", "Only users with all of these words in the address, the first or the last name, ignoring case and "+
		"accents.").Lengths(0, maxSearch)
	m.Of("verified", "Only users whose address is verified, or only those whose address is not.").OneOf("true", "false")
	m.Of("blocked", "Only users who are blocked, or only those who are not.").OneOf("true", "false")
}

// Describe implements openapi.Describer.
func (sessionResponse) Describe(m *openapi.Members) {
	m.Of("token", "For the Authorization header. Absent if the address must be verified first.")
	m.Of("pending_email", "The address to change to once it is confirmed.")
	m.Of("is_admin", "Whether the user is a system administrator; false while the role is not in effect.")
	m.Of("roles", "The roles in events that are in effect.")
}

// Describe implements openapi.Describer.
func (profile) Describe(m *openapi.Members) {
	m.Of("pending_email", "The address to change to once it is confirmed.")
}

// Describe implements openapi.Describer.
func (userPage) Describe(m *openapi.Members) {
	m.Of("next_cursor", "The cursor of the next page; null on the last one.")
}

// Describe implements openapi.Describer.
func (listedUser) Describe(m *openapi.Members) {
	m.Of("is_admin", "As granted. The role is in effect while the address is verified and the user is not blocked.")
}

// Enum returns every purpose, for the API's document.
func (purpose) Enum() []string {
	return []string{string(resetPassword), string(verifyEmail), string(changeEmail), string(undoEmail)}
}
