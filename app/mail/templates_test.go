package mail_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"guestlist/app/mail"
)

// files makes a file system of texts by name.
func files(texts map[string]string) fstest.MapFS {
	result := fstest.MapFS{}
	for name, text := range texts {
		result[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return result
}

func TestTemplatesLanguages(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(os.DirFS("testdata/templates"))
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{
		"pt": "Olá", "PT": "Olá", "pt-BR": "Oi", "pt-br": "Oi", "pt_BR": "Oi", "pt-PT": "Olá", "pt-BR-x-rio": "Oi",
		"fr": "Hello", "": "Hello", "-": "Hello", "p": "Hello", "../pt": "Hello", "en-GB": "Hello",
	} {
		content, err := templates.Content("greeting", language, map[string]string{"Name": "Ann"})
		if err != nil || content.Subject != want+", Ann" {
			t.Errorf("%q: %+v, %v", language, content, err)
		}
	}
}

func TestTemplatesContent(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(os.DirFS("testdata/templates"))
	if err != nil {
		t.Fatal(err)
	}
	data := struct{ Name string }{"<b>Ann</b> & co"}
	got, err := templates.Content("greeting", "en", data)
	want := mail.Content{
		Subject: "Hello, <b>Ann</b> & co",
		Text:    "Dear <b>Ann</b> & co,\n\nwelcome.\n",
		HTML:    "<p>Dear &lt;b&gt;Ann&lt;/b&gt; &amp; co,</p>\n",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := templates.Content("greeting", "pt", data); err != nil || got.HTML != "" {
		t.Errorf("HTML of another language: %+v, %v", got, err)
	}
	for kind, data := range map[string]any{"unknown": data, "greeting": map[string]string{"Surname": "Ann"}} {
		if content, err := templates.Content(kind, "en", data); err == nil {
			t.Errorf("%s: %+v", kind, content)
		}
	}
}

func TestParseTemplatesRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		texts map[string]string
		want  string
	}{
		"no fallback": {map[string]string{"fr/a.txt": "s\n\nt"}, "there is no en/a.txt"},
		"only HTML":   {map[string]string{"en/a.html": "h"}, "no text for it, en/a.txt"},
		"no text":     {map[string]string{"en/a.txt": "subject\n\n"}, "en/a.txt: does not begin"},
		"no subject":  {map[string]string{"en/a.txt": "\n\ntext"}, "en/a.txt: does not begin"},
		"long head":   {map[string]string{"en/a.txt": "subject\nmore\n\ntext"}, "en/a.txt: does not begin"},
		"mistake":     {map[string]string{"en/a.txt": "s\n\n{{.A"}, "en/a.txt: template: text:1"},
		"HTML":        {map[string]string{"en/a.txt": "s\n\nt", "en/a.html": "{{if}}"}, "en/a.html: template: "},
		"another":     {map[string]string{"en/a.txt": "s\n\nt", "en/a.md": "x"}, "en/a.md: is neither"},
	} {
		if _, err := mail.ParseTemplates(files(test.texts)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustParseTemplates does not panic")
		}
	}()
	mail.MustParseTemplates(files(map[string]string{"fr/a.txt": "s\n\nt"}))
}
