package app_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
)

// TestTableOfCalls compares the table of calls in README.md with the API's document. With -update, it writes the table.
func TestTableOfCalls(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const header = "| call | does | returns |\n|---|---|---|\n"
	before, after, found := strings.Cut(string(page), header)
	if !found {
		t.Fatalf("got a page without the table, want %q in it", header)
	}
	got, rest, _ := strings.Cut(after, "\n\n")
	want := strings.TrimSuffix(tableOfCalls(t), "\n")
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the table of calls in app/README.md is out of date: go test ./app -run TestTableOfCalls -update\n"+
			"got\n%s\nwant\n%s", got, want)
	}
	if err := os.WriteFile("README.md", []byte(before+header+want+"\n\n"+rest), 0o600); err != nil {
		t.Error(err)
	}
}

var update = flag.Bool("update", false, "write what tests compare with files to them")

// tableOfCalls returns a row for each call in the API's document, in the order of comparePaths.
func tableOfCalls(t *testing.T) string {
	t.Helper()
	a := apptest.New(t, func(c *app.Config) { c.APIDocs = true })
	var document struct {
		Paths map[string]map[string]call `json:"paths"`
	}
	response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/openapi.json"})
	if err := json.Unmarshal([]byte(response.Body), &document); err != nil || len(document.Paths) == 0 {
		t.Fatalf("got the document %.200s, %v; want one with paths", response.Body, err)
	}
	var table strings.Builder
	for _, address := range slices.SortedFunc(maps.Keys(document.Paths), comparePaths) {
		for _, method := range []string{"get", "post", "put", "delete"} {
			if c, ok := document.Paths[address][method]; ok {
				fmt.Fprintf(&table, "| `%s %s` | %s | %s |\n", strings.ToUpper(method), address, c.Summary, c.returns())
			}
		}
	}
	return table.String()
}

// call is a call in the API's document.
type call struct {
	Summary   string `json:"summary"`
	Responses map[string]struct {
		Ref string `json:"$ref"`
	} `json:"responses"`
}

// returns returns the status for success and the errors that not every call has: "201; 409 `EVENT_KEY_IN_USE`".
func (c call) returns() string {
	var success, errors []string
	for _, status := range slices.Sorted(maps.Keys(c.Responses)) {
		if status < "400" {
			success = append(success, status)
			continue
		}
		var types []string
		ref := c.Responses[status].Ref
		for kind := range strings.SplitSeq(ref[strings.LastIndexByte(ref, '/')+1:], ".") {
			if strings.ToUpper(kind) == kind && kind != "" && !slices.Contains(inAnyCall, kind) { // errors of pages lack types
				types = append(types, "`"+kind+"`")
			}
		}
		if len(types) > 0 {
			errors = append(errors, status+" "+strings.Join(types, ", "))
		}
	}
	return strings.Join(append([]string{strings.Join(success, ", ")}, errors...), "; ")
}

// inAnyCall are the errors that the page explains once, for all calls.
var inAnyCall = []string{
	"VALIDATION_FAILED", "INVALID_JSON", "INVALID_FORM", "INVALID_TEXT", "DUPLICATE_KEY", "EMAIL_NOT_VERIFIED",
	"TOO_MANY_REQUESTS", "REQUEST_TIMEOUT", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "INTERNAL_ERROR",
	"SERVICE_UNAVAILABLE", "BUSY", "SCHEMA_OUTDATED", "SHUTTING_DOWN", "UNAUTHORIZED", "NOT_FOUND",
}

// comparePaths orders paths alphabetically, those of the API before those of pages.
func comparePaths(a, b string) int {
	api := func(path string) int {
		if strings.HasPrefix(path, "/api/") {
			return 0
		}
		return 1
	}
	return cmp.Or(api(a)-api(b), strings.Compare(a, b))
}
