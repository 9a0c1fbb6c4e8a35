package invitedguest_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guestlist/app/apptest/browser"
)

// TestInvitationInABrowser answers an invitation in a real browser, as a guest does: on a small phone, without scripts,
// first by touch and then by keyboard. If SCREENSHOTS is set, it saves pictures of the pages in that directory.
func TestInvitationInABrowser(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "Zoe")
	server := httptest.NewServer(a)
	defer server.Close()
	address := server.URL + answerLink.FindStringSubmatch(a.Mails(t)[0].Content.Text)[1]
	phone := browser.New(t)

	browser.Do(phone, chromedp.Navigate(address))
	phone.Expect("answer", "You have not answered yet.")
	phone.Picture("invited")

	phone.Touch("button.accept")
	phone.Expect("answer", "You have accepted.")
	phone.Picture("accepted")
	if got := a.status(t, guest); got != "accepted" {
		t.Errorf("after the touch: got %v, want accepted", got)
	}

	browser.Do(phone, chromedp.Focus("summary", chromedp.NodeReady))
	browser.Do(phone, chromedp.KeyEvent("\r\tSorry,\rI am away\t\r")) // unfold the form, write, and press the first button
	phone.Expect("answer", "You have declined.")
	phone.Picture("declined")
	if got, want := a.read(t, guest), "Sorry,\nI am away"; got["status"] != "declined" || got["comment"] != want {
		t.Errorf("after keys: got %v, want declined with the comment %q", got, want)
	}
	browser.Do(phone, chromedp.Focus("summary", chromedp.NodeReady))
	// press the second button, which keeps the answer
	browser.Do(phone, chromedp.KeyEvent("\r\t!\t\t\r"))
	// the page said declined before, too
	browser.Do(phone, chromedp.WaitVisible(`//*[@id="answer"]//blockquote[contains(., "!")]`))
	if got := a.read(t, guest); got["status"] != "declined" || !strings.Contains(got["comment"].(string), "!") {
		t.Errorf("after more keys: got %v, want declined with a comment that has !", got)
	}

	phone.RunScripts(true) // the library needs them to read a page
	if heading := browser.Do(phone, chromedp.Text("h1")); heading != a.event.Name["en"] {
		t.Errorf("the heading is %q, want %q", heading, a.event.Name["en"])
	}
	if language := browser.Do(phone, chromedp.AttributeValue("html", "lang")).Value; language != "en" {
		t.Errorf("the page is in %q, want en", language)
	}
	if width := browser.Do(phone, chromedp.Evaluate[int]("document.documentElement.scrollWidth")); width > browser.Width {
		t.Errorf("the page is %d wide and scrolls sideways", width)
	}

	browser.Do(phone, chromedp.Navigate(server.URL+"/invitation/nonsense"))
	if problem := browser.Do(phone, chromedp.Text("#problem")); problem == "" {
		t.Error("the page does not say that the code is not valid")
	}
	phone.Picture("not valid")
}
