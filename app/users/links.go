package users

import "net/url"

// links builds the URLs in mails.
type links struct {
	public string // base URL of this program, whose pages need no client
	client string // base URL of the web client; may be empty
}

// verify returns the URL that confirms an address with the code.
func (l links) verify(code string) string {
	if l.client == "" {
		return l.verifyPage(code)
	}
	return l.client + "/verifyEmail?token=" + url.QueryEscape(code)
}

// verifyPage returns the URL of this program's page for verify. Only that page has a "this was not me" button.
func (l links) verifyPage(code string) string {
	return l.public + "/verify-email/" + url.PathEscape(code)
}

// reset returns the URL that sets a password with the code.
func (l links) reset(code string) string {
	if l.client == "" {
		return l.public + "/reset-password/" + url.PathEscape(code)
	}
	return l.client + "/resetPassword?resetToken=" + url.QueryEscape(code)
}

// requestReset returns the URL of the page that mails a reset link to the address.
func (l links) requestReset(email string) string {
	return l.public + "/reset-password?email=" + url.QueryEscape(email)
}

// undo returns the URL of the page that undoes a change of address with the code.
func (l links) undo(code string) string { return l.public + "/undo-email/" + url.PathEscape(code) }
