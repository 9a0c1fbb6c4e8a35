// Package browser opens pages in a real browser, as someone who follows a link in a mail does. Only tests import it.
package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"guestlist/app/apptest/installed"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Phone is a browser on a small screen that runs no scripts.
type Phone struct {
	*testing.T
	browser context.Context //nolint:containedctx // the library identifies a browser by its context
}

// Width and height are those of the screen.
const Width, height = 320, 640

// New starts a Phone, which is closed when the test ends. Without a browser, it calls installed.Missing.
func New(t *testing.T) Phone {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // as root, Chromium does not start in its sandbox
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator)
	t.Cleanup(quit)
	_, err := chromedp.Run(browser, chromedp.EmulateViewport(Width, height, chromedp.EmulateMobile))
	if errors.Is(err, exec.ErrNotFound) {
		installed.Missing(t, "Chromium", "chromium")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := Phone{t, browser}
	p.RunScripts(false)
	return p
}

// RunScripts turns the scripts of pages on or off. The library needs them to read pages.
func (p Phone) RunScripts(on bool) {
	p.Helper()
	Do(p, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !on})
	})
}

// Dark sets whether the browser prefers dark pages or light ones.
func (p Phone) Dark(on bool) {
	p.Helper()
	scheme := emulation.MediaFeature{Name: "prefers-color-scheme", Value: "light"}
	if on {
		scheme.Value = "dark"
	}
	Do(p, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, target, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&scheme}})
	})
}

// Do runs an action for at most a minute.
func Do[T any](p Phone, action chromedp.Action[T]) T {
	p.Helper()
	limit, cancel := context.WithTimeout(p.browser, time.Minute)
	defer cancel()
	result, err := chromedp.Run(limit, action)
	if err != nil {
		p.Fatal(err)
	}
	return result
}

// Touch clicks the middle of an element. The library's own click needs scripts.
func (p Phone) Touch(element string) {
	p.Helper()
	corners := Do(p, chromedp.Dimensions(element, chromedp.NodeReady)).Content
	Do(p, chromedp.MouseClickXY((corners[0]+corners[4])/2, (corners[1]+corners[5])/2))
}

// Expect waits for a page on which the text of the element with the id begins with the words.
func (p Phone) Expect(id, words string) {
	p.Helper()
	Do(p, chromedp.WaitVisible(`//*[@id="`+id+`" and starts-with(normalize-space(.), "`+words+`")]`))
}

// Picture saves a screenshot of the page in the directory named by the environment variable SCREENSHOTS, if it is set.
func (p Phone) Picture(name string) {
	p.Helper()
	directory := os.Getenv("SCREENSHOTS")
	if directory == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(directory, name+".png"), Do(p, chromedp.CaptureScreenshot()), 0o600); err != nil {
		p.Fatal(err)
	}
}

// BeforePages runs a script on every page before the page's own.
func (p Phone) BeforePages(script string) {
	p.Helper()
	Do(p, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return cdp.Empty{}, err
	})
}
