package invitedguest_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestInvitationInABrowser answers an invitation as a guest does, in a real browser: on a small phone, without scripts,
// once by touch and once by keyboard. With SCREENSHOTS, the pages are kept as pictures in that directory.
func TestInvitationInABrowser(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "Zoe")
	server := httptest.NewServer(a)
	defer server.Close()
	address := server.URL + answerLink.FindStringSubmatch(a.Mails(t)[0].Content.Text)[1]
	phone := newPhone(t)

	do(phone, chromedp.Navigate(address))
	phone.expect("You have not answered yet.")
	phone.picture("invited")

	phone.touch("button.accept")
	phone.expect("You have accepted.")
	phone.picture("accepted")
	if got := a.status(t, guest); got != "accepted" {
		t.Errorf("after a touch: %s", got)
	}

	do(phone, chromedp.Focus("button.decline", chromedp.NodeReady))
	do(phone, chromedp.KeyEvent("\r"))
	phone.expect("You have declined.")
	phone.picture("declined")
	if got := a.status(t, guest); got != "declined" {
		t.Errorf("after a key: %s", got)
	}

	phone.runScripts(true) // by which the library reads a page
	if heading := do(phone, chromedp.Text("h1")); heading != a.event.Name["en"] {
		t.Errorf("the page is about %q", heading)
	}
	if language := do(phone, chromedp.AttributeValue("html", "lang")).Value; language != "en" {
		t.Errorf("the page is in %q", language)
	}
	if width := do(phone, chromedp.Evaluate[int]("document.documentElement.scrollWidth")); width > phoneWidth {
		t.Errorf("the page is %d wide and scrolls sideways", width)
	}

	do(phone, chromedp.Navigate(server.URL+"/invitation/nonsense"))
	if problem := do(phone, chromedp.Text("#problem")); problem == "" {
		t.Error("it is not said that a code is not valid")
	}
	phone.picture("not valid")
}

// phone is a browser on a small screen that runs no scripts.
type phone struct {
	*testing.T
	browser context.Context //nolint:containedctx // it is what the library knows a browser by
}

const phoneWidth, phoneHeight = 320, 640

func newPhone(t *testing.T) phone {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // with it, Chromium does not start as root
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator)
	t.Cleanup(quit)
	_, err := chromedp.Run(browser, chromedp.EmulateViewport(phoneWidth, phoneHeight, chromedp.EmulateMobile))
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no Chromium to open the page in: apt-get install chromium")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := phone{t, browser}
	p.runScripts(false)
	return p
}

func (p phone) runScripts(on bool) {
	p.Helper()
	do(p, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	})
}

// do runs an action, for a minute at most.
func do[T any](p phone, action chromedp.Action[T]) T {
	p.Helper()
	limit, cancel := context.WithTimeout(p.browser, time.Minute)
	defer cancel()
	result, err := chromedp.Run(limit, action)
	if err != nil {
		p.Fatal(err)
	}
	return result
}

// touch presses in the middle of an element. The library's own way to do so needs scripts.
func (p phone) touch(element string) {
	p.Helper()
	corners := do(p, chromedp.Dimensions(element, chromedp.NodeReady)).Content
	do(p, chromedp.MouseClickXY((corners[0]+corners[4])/2, (corners[1]+corners[5])/2))
}

// expect waits for the page that gives the guest's answer in those words.
func (p phone) expect(words string) {
	p.Helper()
	do(p, chromedp.WaitVisible(`//*[@id="answer" and starts-with(normalize-space(.), "`+words+`")]`))
}

// picture keeps the page as it is seen.
func (p phone) picture(name string) {
	p.Helper()
	directory := os.Getenv("SCREENSHOTS")
	if directory == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(directory, name+".png"), do(p, chromedp.CaptureScreenshot()), 0o600); err != nil {
		p.Fatal(err)
	}
}
