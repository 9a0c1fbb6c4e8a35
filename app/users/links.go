package users

import "net/url"

// links are the addresses that mails lead to.
type links struct {
	public string // of this program, whose pages need no client
	client string // of the web client; empty: there is none
}

// verify returns where an address is confirmed with the code.
func (l links) verify(code string) string {
	if l.client == "" {
		return l.verifyPage(code)
	}
	return l.client + "/verifyEmail?token=" + url.QueryEscape(code)
}

// verifyPage returns the page that verify leads to without a client. Only it has a button for whom the mail does not
// concern.
func (l links) verifyPage(code string) string {
	return l.public + "/verify-email/" + url.PathEscape(code)
}

// reset returns where a password is set with the code.
func (l links) reset(code string) string {
	if l.client == "" {
		return l.public + "/reset-password/" + url.PathEscape(code)
	}
	return l.client + "/resetPassword?resetToken=" + url.QueryEscape(code)
}

// requestReset returns the page that mails what reset returns to the address.
func (l links) requestReset(email string) string {
	return l.public + "/reset-password?email=" + url.QueryEscape(email)
}

// undo returns the page that undoes a change of address with the code.
func (l links) undo(code string) string { return l.public + "/undo-email/" + url.PathEscape(code) }
