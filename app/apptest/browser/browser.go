// Package browser opens pages in a real browser, as people do who follow a link in a mail. Only tests import it.
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
	browser context.Context //nolint:containedctx // it is what the library knows a browser by
}

// Width and height are those of the screen.
const Width, height = 320, 640

// New starts a Phone, which ends with the test. Where there is no browser, it skips the test.
func New(t *testing.T) Phone {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // with it, Chromium does not start as root
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

// RunScripts lets the pages run scripts, by which the library reads them, or not.
func (p Phone) RunScripts(on bool) {
	p.Helper()
	Do(p, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !on})
	})
}

// Dark lets the person prefer dark pages, or light ones.
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

// Do runs an action, for a minute at most.
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

// Touch presses in the middle of an element. The library's own way to do so needs scripts.
func (p Phone) Touch(element string) {
	p.Helper()
	corners := Do(p, chromedp.Dimensions(element, chromedp.NodeReady)).Content
	Do(p, chromedp.MouseClickXY((corners[0]+corners[4])/2, (corners[1]+corners[5])/2))
}

// Expect waits for a page whose element with the id begins with the words.
func (p Phone) Expect(id, words string) {
	p.Helper()
	Do(p, chromedp.WaitVisible(`//*[@id="`+id+`" and starts-with(normalize-space(.), "`+words+`")]`))
}

// Picture keeps the page as it is seen.
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
