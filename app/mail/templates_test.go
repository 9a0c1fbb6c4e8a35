package mail_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"guestlist/app/mail"
)

// files returns a file system with the texts under their names.
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
			t.Errorf("%q: got the subject %q, %v; want %q, no error", language, content.Subject, err, want+", Ann")
		}
	}
}

// A name and a text that try to add markup and links.
const (
	hostileName = "<b>Ann</b> & [[co]](https://evil.example)"
	hostileText = "One <a href='https://evil.example'>line\nand another\r\n \r\n`{{.Link}}`\n\n\n[x](https://evil.example)"
)

func TestTemplatesContent(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(files(map[string]string{
		"en/greeting.txt": "Hello, {{.Name}}\n\nDear {{.Name}},\nfrom \"us\" & them\n\n{{.Text}}\n\n{{with .More}}\n[More " +
			"<here>]({{.}})\n{{end}}\n\n" +
			"[[Come]]({{.Link}})\n\n{{if .Code}}\nEnter:\n\n`{{.Code}}`\n{{else}}\nNo code.\n{{end}}\n",
		"ar/greeting.txt": "مرحبًا\n\nنص\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	type data struct{ Name, Text, More, Link, Code string }
	for name, test := range map[string]struct {
		data data
		text string
		html []string

		paragraphs int // of Text
	}{
		"everything": {
			data{hostileName, hostileText, "https://example.org/?a=b&c", "https://example.org/come", "<CODE>"},
			"Dear " + hostileName + ",\nfrom \"us\" & them\n\nOne <a href='https://evil.example'>line\nand another\n " +
				"\n`{{.Link}}`\n\n[x](https://evil.example)\n\n" +
				"More <here>\nhttps://example.org/?a=b&c\n\nCome\nhttps://example.org/come\n\nEnter:\n\n<CODE>\n",
			[]string{
				`<html lang="en">`, `<h1 dir="auto" `, `>Hello, &lt;b&gt;Ann&lt;/b&gt; &amp; [[co]](https://evil.example)</h1>`,
				"&amp; [[co]](https://evil.example),<br>\nfrom &#34;us&#34; &amp; them</p>",
				`<p dir="auto" style="margin:0 0 16px">One &lt;a href=&#39;https://evil.example&#39;&gt;line<br>` +
					"\nand another</p>\n",
				">`{{.Link}}`</p>", ">[x](https://evil.example)</p>",
				`<a href="https://example.org/?a=b&amp;c">More &lt;here&gt;</a></p>`,
				`<td bgcolor="#14532d" `, `<a href="https://example.org/come" `, ">Come</a></td>", ">&lt;CODE&gt;</code>",
			},
			3,
		},
		"next to nothing": {
			data{Name: "Ann", Link: "javascript:alert(1)"},
			"Dear Ann,\nfrom \"us\" & them\n\nCome\njavascript:alert(1)\n\nNo code.\n",
			[]string{`<a href="#ZgotmplZ" `, ">No code.</p>"},
			0,
		},
	} {
		got, err := templates.Content("greeting", "en", test.data)
		if err != nil || got.Subject != "Hello, "+test.data.Name || got.Text != test.text {
			t.Errorf("%s: got %q, %q, %v, want %q", name, got.Subject, got.Text, err, test.text)
		}
		for _, want := range test.html {
			if !strings.Contains(got.HTML, want) {
				t.Errorf("%s: got %s, want %s", name, got.HTML, want)
			}
		}
		if paragraphs := strings.Count(got.HTML, `<p dir="auto" `); paragraphs != test.paragraphs {
			t.Errorf("%s: got %d paragraphs of the text, want %d, in %s", name, paragraphs, test.paragraphs, got.HTML)
		}
		want := strings.Count(test.text, "\nhttps:") + strings.Count(test.text, "\njava")
		if links := strings.Count(got.HTML, "<a "); links != want {
			t.Errorf("%s: got %d links, want %d, in %s", name, links, want, got.HTML)
		}
	}
	if got, err := templates.Content("greeting", "ar-EG", data{}); err != nil ||
		!strings.Contains(got.HTML, `<div lang="ar" dir="rtl" `) {
		t.Errorf("got %s, %v, want a page from right to left", got.HTML, err)
	}
}

// TestTemplatesWithoutTheirData checks that an unknown template, or one without its data, returns an error rather than
// half a mail.
func TestTemplatesWithoutTheirData(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(os.DirFS("testdata/templates"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		kind, language string
		data           any
	}{
		"unknown":        {"unknown", "en", map[string]string{"Name": "Ann"}},
		"in both":        {"greeting", "en", map[string]string{"Surname": "Ann"}},
		"in the subject": {"greeting", "pt", map[string]string{"Surname": "Ann"}}, // the text has no name
		"no data":        {"greeting", "en", nil},
		"not a text":     {"number", "en", map[string]int{"Number": 17}}, // the text part would do without one
	} {
		if content, err := templates.Content(test.kind, test.language, test.data); err == nil {
			t.Errorf("%s: got %+v, want an error", name, content)
		}
	}
}

// unlistable is a file system whose directories cannot be read.
type unlistable struct{ fstest.MapFS }

// Glob implements fs.GlobFS.
func (unlistable) Glob(string) ([]string, error) { return nil, fs.ErrPermission }

func TestParseTemplatesRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		texts map[string]string
		want  string
	}{
		"no fallback": {map[string]string{"fr/a.txt": "s\n\nt"}, "there is no en/a.txt"},
		"directory":   {map[string]string{"en/a.txt/b": "s\n\nt"}, "en/a.txt: read en/a.txt"},
		"subject":     {map[string]string{"en/a.txt": "{{.A\n\nt"}, "en/a.txt: template: subject:1"},
		"two lines":   {map[string]string{"en/a.txt": "s\n\n{{.A\n}}"}, "en/a.txt: template: body:"},
		"no text":     {map[string]string{"en/a.txt": "subject\n\n"}, "en/a.txt: must start with a subject line"},
		"no subject":  {map[string]string{"en/a.txt": "\n\ntext"}, "en/a.txt: must start with a subject line"},
		"long head":   {map[string]string{"en/a.txt": "subject\nmore\n\ntext"}, "en/a.txt: must start with a subject line"},
		"mistake":     {map[string]string{"en/a.txt": "s\n\n{{.A"}, "en/a.txt: template: text:1"},
		"button":      {map[string]string{"en/a.txt": "s\n\n[[t]]({{if}})"}, "en/a.txt: template: text:"},
		"HTML":        {map[string]string{"en/a.txt": "s\n\nt", "en/a.html": "x"}, "en/a.html: is not a .txt file"},
	} {
		if _, err := mail.ParseTemplates(files(test.texts)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, test.want)
		}
	}
	if got, err := mail.ParseTemplates(unlistable{}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("an unreadable directory: got %+v, %v, want %v", got, err, fs.ErrPermission)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustParseTemplates does not panic")
		}
	}()
	mail.MustParseTemplates(files(map[string]string{"fr/a.txt": "s\n\nt"}))
}
