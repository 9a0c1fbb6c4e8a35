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

// TestFilesOfAMail come after its texts, with their names and media types.
func TestFilesOfAMail(t *testing.T) {
	t.Parallel()
	e := envelope("ann@example.org")
	e.Content.HTML = "<p>Hello</p>\n"
	data := strings.Repeat("BEGIN:VCALENDAR\r\n", 20)
	e.Content.Files = []mail.File{{Name: "gala.ics", MediaType: "text/calendar; charset=utf-8; method=PUBLISH",
		Data: []byte(data)}}
	m := read(t, written(t, e))
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	if part, err := parts.NextRawPart(); err != nil ||
		!strings.HasPrefix(part.Header.Get("Content-Type"), "multipart/alternative") {
		t.Fatalf("the first part is %v, %v", part, err)
	}
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err = mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil || kind != "text/calendar" || parameters["method"] != "PUBLISH" || parameters["charset"] != "utf-8" ||
		part.FileName() != "gala.ics" {
		t.Errorf("the file is %v, %v", part.Header, err)
	}
	if got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part)); err != nil || string(got) != data {
		t.Errorf("the file holds %q, %v", got, err)
	}
}
