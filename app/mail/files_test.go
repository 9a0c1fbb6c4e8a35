package mail_test

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"guestlist/app/mail"
)

// TestFilesOfAMail checks that the files of a mail come after its texts, with their names and media types.
func TestFilesOfAMail(t *testing.T) {
	t.Parallel()
	e := envelope("ann@example.org")
	e.Content.HTML = "<p>Hello</p>\n"
	data := strings.Repeat("BEGIN:VCALENDAR\r\n", 20)
	e.Content.Files = []mail.File{{Name: "gala.ics", MediaType: "text/calendar; charset=utf-8; method=PUBLISH",
		Data: []byte(data)}}
	m := read(t, written(t, e))
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if want := "multipart/mixed"; err != nil || kind != want {
		t.Fatalf("the mail is %q, %v; want %q, no error", kind, err, want)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	part, err := parts.NextRawPart()
	if want := "multipart/alternative"; err != nil || !strings.HasPrefix(part.Header.Get("Content-Type"), want) {
		t.Fatalf("the first part is %v, %v; want one of the type %q", part, err, want)
	}
	part, err = parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err = mime.ParseMediaType(part.Header.Get("Content-Type"))
	got := [...]string{kind, parameters["method"], parameters["charset"], part.FileName()}
	if want := [...]string{"text/calendar", "PUBLISH", "utf-8", "gala.ics"}; err != nil || got != want {
		t.Errorf("the file is %q, %v; want %q, no error", got, err, want)
	}
	if got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part)); err != nil || string(got) != data {
		t.Errorf("the file holds %q, %v; want %q, no error", got, err, data)
	}
}
