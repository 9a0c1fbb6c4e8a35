package invitedguest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
)

// counted counts how many bytes are read of a body, and hides its length.
type counted struct {
	io.Reader
	read int64
}

// Read implements io.Reader.
func (c *counted) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.read += int64(n)
	return n, err
}

// bulkCounted sends a body without its length and returns the response and how many bytes were read.
func (a testApp) bulkCounted(t testing.TB, query, mediaType, body string) (apptest.Response, int64) {
	t.Helper()
	request := apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/invitedGuest/bulk?" + query, Token: a.admin.Token, Body: "",
		Header: map[string]string{"Content-Type": mediaType},
	}.HTTP(t)
	in := &counted{Reader: strings.NewReader(body)}
	request.Body, request.ContentLength = io.NopCloser(in), -1
	return a.SendHTTP(request), in.read
}

const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
	kib      = 1 << 10
	mib      = 1 << 20
)

// TestBulkLimits sends bodies that cost more than their size, and bodies that are too large. It checks that they are
// refused once enough was read to see that, at the latest at the limit of the body.
func TestBulkLimits(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	query := fmt.Sprint("role=guest&event_id=", a.event.ID)
	list := func(element string, times int) string {
		return `{"guests":[` + strings.Repeat(element+",", times-1) + element + `]}`
	}
	for name, test := range map[string]struct {
		mediaType, body string
		status          int
		wrong           string // the error of the guests or, with the status 200, of the last row
		read            int64  // at most
	}{
		"many zeros":         {typeJSON, list("0", 2_600_000), 400, "must list 1 to 10000 people", 32 * kib},
		"many empty objects": {typeJSON, list("{}", 1_700_000), 400, "must list 1 to 10000 people", 64 * kib},
		"many lists":         {typeJSON, list("[]", 1_700_000), 400, "must list 1 to 10000 people", 64 * kib},
		"one too many":       {typeJSON, list(`{"email":"x"}`, 10_001), 400, "must list 1 to 10000 people", 256 * kib},
		"none":               {typeJSON, `{"guests":[]}`, 400, "must list 1 to 10000 people", kib},
		"a null for a list":  {typeJSON, `{"guests":null}`, 400, "must list 1 to 10000 people", kib},
		"an object for a list": {typeJSON, `{"guests":{"a":` + list("0", 2_000_000) + `}}`, 400,
			"must be a list", 5 * mib},
		"a guest of 4 MiB": {typeJSON, `{"guests":[{"email":"` + strings.Repeat("x", 4*mib) + `"}]}`, 400,
			"must have at most 65536 bytes each", 5 * mib},
		"tags of 4 MiB": {typeJSON, `{"guests":[{"tag_ids":[1` + strings.Repeat(",1", 2*mib) + `]}]}`, 400,
			"must have at most 65536 bytes each", 5 * mib},
		"many members of one guest": {typeJSON, `{"guests":[{` + members(400_000) + `}]}`, 400,
			"must have at most 65536 bytes each", 5 * mib},
		"many members beside guests":  {typeJSON, `{` + members(400_000) + `,"guests":[{}]}`, 413, "", 6 * mib},
		"a long member beside guests": {typeJSON, `{"x":` + list("0", 2_000_000) + `,"guests":[{}]}`, 413, "", 6 * mib},
		"more than 5 MiB":             {typeJSON, `{"guests":[{}` + strings.Repeat(" ", 8*mib) + `]}`, 413, "", 6*mib + 1},
		"many columns":                {typeCSV, "email" + columns(1_000_000), 413, "", 6*mib + 1},
		"many empty columns": {typeCSV, "email" + strings.Repeat(",", 4*mib), 400,
			"has a row that has more than 1000 cells or 65536 bytes", 6 * mib},
		"one column too many": {typeCSV, "email" + columns(1000) + "\nx\n", 400,
			"has a row that has more than 1000 cells or 65536 bytes", 6 * mib},
		"many cells": {typeCSV, "email\n" + strings.Repeat(",", 4*mib), 200,
			"has more than 1000 cells or 65536 bytes", 6 * mib},
		"many cells in quotes": {typeCSV, "email\n" + strings.Repeat(`"",`, mib), 200,
			"has more than 1000 cells or 65536 bytes", 6 * mib},
		"many cells, semicolons": {typeCSV, "email;x\n" + strings.Repeat(";", 4*mib), 200,
			"has more than 1000 cells or 65536 bytes", 6 * mib},
		"a long cell": {typeCSV, "email,x\na," + strings.Repeat("x", 4*mib), 200,
			"has more than 1000 cells or 65536 bytes", 6 * mib},
		"a cell of many lines": {typeCSV, "email,x\na,\"" + strings.Repeat("x\n", 2*mib), 400,
			"must list 1 to 10000 people", 6 * mib},
		"a quote that is not closed": {typeCSV, "email,x\na,\"" + strings.Repeat("\"\"", 2*mib), 200,
			"has more than 1000 cells or 65536 bytes", 6 * mib},
		"a long name of a column": {typeCSV, "email," + strings.Repeat("x", 4*mib), 400,
			"has a row that has more than 1000 cells or 65536 bytes", 6 * mib},
		"many rows": {typeCSV, "email\n" + strings.Repeat("x\n", 2_600_000), 400, "must list 1 to 10000 people",
			128 * kib},
		"many empty rows": {typeCSV, "email\n" + strings.Repeat("\n", 5*mib-6), 400,
			"must list 1 to 10000 people", 5 * mib},
		"more than 5 MiB of rows": {typeCSV, "email\n" + strings.Repeat("\n", 8*mib), 413, "", 6*mib + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, read := a.bulkCounted(t, query, test.mediaType, test.body)
			if read > test.read {
				t.Errorf("read %d bytes, want at most %d", read, test.read)
			}
			if test.status == http.StatusRequestEntityTooLarge {
				got.Error(t, test.status, "BODY_TOO_LARGE")
				return
			}
			if test.status == http.StatusOK { // only its row is invalid
				var report bulkReport
				got.Decode(t, test.status, &report)
				if last := report.Results[len(report.Results)-1]; last.Errors["row"] != test.wrong {
					t.Errorf("got %+v, want %q", last, test.wrong)
				}
				return
			}
			if wrong := got.Error(t, test.status, "VALIDATION_FAILED").Errors["guests"]; wrong != test.wrong {
				t.Errorf("guests %q, want %q", wrong, test.wrong)
			}
		})
	}
}

// members returns count+1 members of an object.
func members(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, `"%d":0,`, i)
	}
	return text.String() + `"x":0`
}

// columns returns the names of count more columns.
func columns(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprint(&text, ",", i)
	}
	return text.String()
}

// TestBulkRepeatsNoLongCells checks that a report does not repeat values that are longer than allowed.
func TestBulkRepeatsNoLongCells(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	query := fmt.Sprint("role=guest&event_id=", a.event.ID)
	long := strings.Repeat("<", 3000)
	for mediaType, body := range map[string]string{
		typeJSON: `{"guests":[{"email":"` + long + `"},{"email":"ann@example.org","firstname":"` + long + `","tag_ids":[1` +
			strings.Repeat(",1", 5000) + `]},{"email":"bob@example.org","x":"` + long + `"}]}`,
		typeCSV: "email,firstname,tag_ids,x\n" + long + "\nann@example.org," + long + "," + strings.Repeat("1;", 5000) +
			"\nbob2@example.org,,," + long + "\n" +
			"cid@example.org,,,\xff\n\xff\n",
	} {
		var got bulkReport
		response, _ := a.bulkCounted(t, query, mediaType, body)
		response.Decode(t, http.StatusOK, &got)
		const want = "must have at most 2048 bytes"
		if first := got.Results[0]; first.Errors["email"] != want || first.Email != "" {
			t.Errorf("%s: got %+v, want no address and the error %q of email", mediaType, first, want)
		}
		if second := got.Results[1]; second.Errors["firstname"] != want || second.Errors["tag_ids"] == "" {
			t.Errorf("%s: got %+v, want the error %q of firstname and one of tag_ids", mediaType, second, want)
		}
		if got.Results[2].Result != "created" { // an unknown column may hold anything, of any length
			t.Errorf("%s: got %+v, want created", mediaType, got.Results[2])
		}
		const notUTF8 = "is not UTF-8"
		if mediaType == typeCSV &&
			(got.Results[3].Result != "created" || !strings.HasPrefix(got.Results[4].Errors["email"], notUTF8)) {
			t.Errorf("%s: got %+v, want created, and email that %s", mediaType, got.Results[3:], notUTF8)
		}
	}
}

// TestBulkStream sends objects that would be easy for a decoder that sees the whole body first.
func TestBulkStream(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	other := a.CreateEvent(t, "other")
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `{"email":"guest%d@example.org"},`, i)
	}
	late := fmt.Sprintf(`{"guests":[%s{"email":"speaker@example.org","role":"speaker"}],"role":"guest","event_id":%d}`,
		many.String(), a.event.ID)
	var got bulkReport
	response, _ := a.bulkCounted(t, "", typeJSON, late)
	if response.Decode(t, http.StatusOK, &got); got.Created != 1001 {
		t.Errorf("%d created, want 1001", got.Created)
	}
	if roles := a.list(t, "&sort=email&q=guest999"); len(roles) != 1 || roles[0].Role != "guest" {
		t.Errorf("got %+v, want one of the role guest", roles)
	}
	id := fmt.Sprint("event_id=", a.event.ID)
	for body, want := range map[string]struct {
		status int
		kind   string
	}{
		fmt.Sprintf(`{"event_id":%d,"role":"guest","guests":[{"email":"x@example.org"}]}`, other.ID): {400,
			"VALIDATION_FAILED"},
		fmt.Sprintf(`{"role":"guest","guests":[%s{}],"event_id":%d}`, many.String(), other.ID): {400,
			"VALIDATION_FAILED"},
		fmt.Sprintf(`{"event_id":%d,"guests":[{}],"event_id":%d}`, a.event.ID, other.ID): {400, "DUPLICATE_KEY"},
		`{"event_id":99,"guests":[{}]}`:                  {400, "VALIDATION_FAILED"},
		`{"event_id":null,"guests":[]}`:                  {400, "VALIDATION_FAILED"},
		`{"event_id":"1","guests":[{}]}`:                 {400, "VALIDATION_FAILED"},
		`{"guests":[{}],"Guests":[]}`:                    {400, "DUPLICATE_KEY"},
		`{"guests":[{}],"guests":[]}`:                    {400, "DUPLICATE_KEY"},
		`{"guests":[{}],"ROLE":""}`:                      {400, "DUPLICATE_KEY"},
		`{"guests":[{"email":"a","Email":"b"}]}`:         {400, "DUPLICATE_KEY"},
		`{"guests":[{"email":"a","email":"b"}]}`:         {400, "DUPLICATE_KEY"},
		`{"guests":[["\u0000"]]}`:                        {400, "INVALID_TEXT"},
		"{\"guests\":[\"\xff\"]}":                        {400, "INVALID_TEXT"},
		"{\"guests\":[],\"x\":\"\xc3":                    {400, "INVALID_TEXT"},
		`{"guests":[{}],"x":"\u0000"}`:                   {400, "INVALID_TEXT"},
		`{"guests":[{}]}{}`:                              {400, "INVALID_JSON"},
		`{"guests":[{}]`:                                 {400, "INVALID_JSON"},
		`{"guests":[{},]}`:                               {400, "INVALID_JSON"},
		`{"guests"`:                                      {400, "INVALID_JSON"},
		`{"guests":x}`:                                   {400, "INVALID_JSON"},
		`{"role":x}`:                                     {400, "INVALID_JSON"},
		`[]`:                                             {400, "INVALID_JSON"},
		``:                                               {400, "INVALID_JSON"},
		`{"guests":` + strings.Repeat("[", 20_000) + `}`: {400, "INVALID_JSON"},
	} {
		if response, _ := a.bulkCounted(t, id, typeJSON, body); true {
			if got := response.Error(t, want.status, want.kind); t.Failed() {
				t.Fatalf("%.60q: %+v", body, got)
			}
		}
	}
}
