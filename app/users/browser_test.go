package users_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guestlist/app/apptest"
	"guestlist/app/apptest/browser"
)

// TestLinksInABrowser follows the links in mails as people do, in a real browser: on a small phone, without scripts.
// With SCREENSHOTS, the pages are saved as pictures in that directory.
func TestLinksInABrowser(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	server := httptest.NewServer(a)
	defer server.Close()
	phone := browser.New(t)
	open := func(page string) { browser.Do(phone, chromedp.Navigate(server.URL+page)) }

	ann := a.Register(t, "ann@example.org")
	open("/api/v1/verify-email?token=" + apptest.Code(t, a.Mails(t)[0])) // as in older mails
	phone.Expect("address", "ann@example.org")
	phone.Picture("verify")
	if a.user(t, ann.ID).VerifiedAt != nil {
		t.Error("opening the link verified the address")
	}
	phone.Touch("button.accept")
	phone.Expect("done", "The address is confirmed.")
	phone.Picture("verified")
	if a.user(t, ann.ID).VerifiedAt == nil {
		t.Error("the button did not verify the address")
	}

	bob := a.Register(t, "bob@example.org")
	open(apptest.Page(t, a.Mails(t)[0]))
	phone.Expect("address", "bob@example.org")
	phone.Touch("button.decline")
	phone.Expect("done", "The account was removed.")
	if !a.user(t, bob.ID).DeletedAt.Valid {
		t.Error("the account was not deleted")
	}

	open("/verify-email/nonsense")
	phone.Expect("problem", "This link is not valid any more")
	phone.Picture("not valid")
	phone.Touch("#next")
	browser.Do(phone, chromedp.Focus("#email", chromedp.NodeReady))
	browser.Do(phone, chromedp.KeyEvent("ann@example.org\r"))
	phone.Expect("done", "If an account with that address")

	a.follow(t, phone, open, ann)
	phone.RunScripts(true) // the library needs them to read a page
	for _, page := range []string{"/verify-email", "/reset-password", "/undo-email/nonsense"} {
		open(page)
		if width := browser.Do(phone, chromedp.Evaluate[int]("document.documentElement.scrollWidth")); width > browser.Width {
			t.Errorf("%s is %d wide and scrolls sideways", page, width)
		}
	}
}

// follow changes ann's address, undoes the change, and sets a new password.
func (a testApp) follow(t *testing.T, phone browser.Phone, open func(string), ann apptest.User) {
	t.Helper()
	a.Mails(t)
	confirm, undo := a.ask(t, ann.Token, strings.Repeat("long", 12)+"@example.org")
	open(confirm)
	phone.Expect("address", "longlong")
	phone.Picture("change")
	phone.Touch("button.accept")
	phone.Expect("done", "The address is confirmed.")

	open(undo)
	phone.Expect("address", "ann@example.org")
	phone.Picture("undo")
	phone.Touch("button.accept")
	phone.Expect("done", "The account has this address")
	phone.Picture("undone")
	if got, want := a.user(t, ann.ID).Email, "ann@example.org"; got != want {
		t.Errorf("undone: the address is %s, want %s", got, want)
	}
	phone.Touch("#next")
	phone.Touch("button.accept") // the form already has the address
	phone.Expect("done", "If there is an account")

	open(apptest.Page(t, a.Mails(t)[0]))
	phone.Expect("address", "ann@example.org")
	browser.Do(phone, chromedp.Focus("#password", chromedp.NodeReady))
	browser.Do(phone, chromedp.KeyEvent("short"))
	phone.Touch("button.accept")
	phone.Expect("wrong", "The password must have at least 6 characters.")
	phone.Picture("too short")
	browser.Do(phone, chromedp.Focus("#password", chromedp.NodeReady))
	browser.Do(phone, chromedp.KeyEvent("a better one\r"))
	phone.Expect("done", "The new password is set.")
	phone.Picture("reset")
	if status := a.signIn(t, "a better one").Status; status != http.StatusOK {
		t.Errorf("the new password: got %d, want 200", status)
	}
}
