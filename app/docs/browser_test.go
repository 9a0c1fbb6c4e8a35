package docs_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/apptest/browser"
)

// requests is a handler that records the requests of a browser.
type requests struct {
	http.Handler

	mutex sync.Mutex
	seen  []string
}

// ServeHTTP implements http.Handler.
func (r *requests) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mutex.Lock()
	r.seen = append(r.seen, request.Method+" "+request.URL.Path)
	r.mutex.Unlock()
	r.Handler.ServeHTTP(w, request)
}

func (r *requests) has(call string) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Contains(r.seen, call)
}

// watch is a script that makes a page record violations of its policy, and errors.
const watch = `window.forbidden = [];
document.addEventListener("securitypolicyviolation",
	e => forbidden.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
window.addEventListener("error", e => forbidden.push(String(e.message)), true);`

// TestDocumentInABrowser opens a call on the page, enters a token, and makes the call there, in a real browser. It
// checks that the page sends no request to another host, and does nothing that its policy forbids.
func TestDocumentInABrowser(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.APIDocs = true })
	ann := a.Register(t, "ann@example.org")
	log := &requests{Handler: a}
	server := httptest.NewServer(log)
	defer server.Close()
	phone := browser.New(t)
	phone.RunScripts(true)
	phone.BeforePages(watch)

	browser.Do(phone, chromedp.Navigate(server.URL+"/docs"))
	const read = "#operations-users-usersRead"
	browser.Do(phone, chromedp.WaitVisible(read))
	phone.Picture("docs")
	if title := browser.Do(phone, chromedp.Text("h1, h2.title, .info .title")); !strings.Contains(title, "Guestlist") {
		t.Errorf("got the title %q, want Guestlist in it", title)
	}

	click := func(element string) {
		t.Helper()
		browser.Do(phone, chromedp.WaitVisible(element))
		browser.Do(phone, chromedp.Evaluate[bool](`document.querySelector(`+"`"+element+"`"+`).click() ?? true`))
	}
	click(".auth-wrapper .authorize")
	browser.Do(phone, chromedp.WaitVisible("#auth-bearer-value"))
	browser.Do(phone, chromedp.SendKeys("#auth-bearer-value", ann.Token))
	click(".modal-ux .authorize")
	click(".modal-ux .btn-done")
	click(read + " .opblock-summary-control")
	click(read + " .try-out__btn")
	click(read + " .execute")
	browser.Do(phone, chromedp.WaitVisible(read+" .live-responses-table .response"))
	response := browser.Do(phone, chromedp.Text(read+" .live-responses-table"))
	phone.Picture("tried")
	for _, want := range []string{"200", `"ann@example.org"`} {
		if !strings.Contains(response, want) {
			t.Errorf("the response lacks %q: %s", want, response)
		}
	}

	loaded := browser.Do(phone, chromedp.Evaluate[[]string](`performance.getEntriesByType("resource").map(e => e.name)`))
	for _, address := range loaded {
		if !strings.HasPrefix(address, server.URL+"/") && !strings.HasPrefix(address, "data:") {
			t.Errorf("the page loads %s from another host", address)
		}
	}
	if len(loaded) < 5 {
		t.Errorf("the page has loaded %v, want at least 5 files", loaded)
	}
	for _, request := range []string{"GET /api/v1/user", "GET /openapi.json"} {
		if !log.has(request) {
			t.Errorf("the page has not sent %s", request)
		}
	}
	if forbidden := browser.Do(phone, chromedp.Evaluate[[]string]("forbidden")); len(forbidden) > 0 {
		t.Errorf("the page violates its policy, or has errors: %v", forbidden)
	}
}
