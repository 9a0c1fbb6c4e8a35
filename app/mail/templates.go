package mail

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"text/template"

	apptext "guestlist/app/text"
)

// Templates are a feature's mail templates by language and kind.
type Templates struct {
	byName map[string]*texts // fr/password_reset
}

// texts are the templates of one mail.
type texts struct {
	language      string
	subject, text *template.Template
	html          *htmltemplate.Template

	button, rest string // the source of the button and of what follows it; empty: no button
}

//go:embed layout.html
var layoutSource string

// layout is the HTML page around the body of every mail.
var layout = htmltemplate.Must(htmltemplate.New("layout").Option("missingkey=error").
	Funcs(htmltemplate.FuncMap{"paragraphs": paragraphs, "address": linkedAddress}).Parse(layoutSource))

// page is the data of the layout.
type page struct {
	Language    string
	RightToLeft bool
	Subject     string
	Data        any
}

// ParseTemplates parses <language>/<kind>.txt, the source of a mail's text and HTML parts. Languages are tags such as
// fr or pt-BR; every kind must exist in text.DefaultLanguage. The first line is the subject; an empty line follows it.
// {{.Field}} is a field of the data passed to Content. Empty lines separate paragraphs. A line of its own has a special
// meaning if it is one of these:
//
//	[[Words]]({{.Link}})     a button, at most one per mail
//	[Words]({{.Link}})       a link
//	`{{.Code}}`              text to copy
//	- {{.Name}}              a list item
//	{{.Field}}               a text that may have paragraphs or be empty
//	{{if .Field}}, {{end}}   and other control actions: no line at all
//
// Values of fields are plain text: they are never markup, and HTML in them is escaped.
func ParseTemplates(files fs.FS) (*Templates, error) {
	t := &Templates{byName: map[string]*texts{}}
	names, err := fs.Glob(files, "*/*")
	if err != nil {
		return nil, fmt.Errorf("read the mail templates: %w", err)
	}
	for _, name := range names {
		if err := t.parse(files, name); err != nil {
			return nil, fmt.Errorf("mail template %s: %w", name, err)
		}
	}
	return t, t.check()
}

// MustParseTemplates is ParseTemplates for embedded files; it panics on errors.
func MustParseTemplates(files fs.FS) *Templates {
	t, err := ParseTemplates(files)
	if err != nil {
		panic(err)
	}
	return t
}

func (t *Templates) parse(files fs.FS, name string) error {
	if path.Ext(name) != ".txt" {
		return errors.New("is not a .txt file")
	}
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	parsed, err := parseTexts(strings.ReplaceAll(string(source), "\r\n", "\n"))
	if err != nil {
		return err
	}
	key := strings.ToLower(strings.TrimSuffix(name, ".txt"))
	parsed.language = path.Dir(key)
	t.byName[key] = parsed
	return nil
}

func parseTexts(source string) (*texts, error) {
	subject, body, ok := strings.Cut(source, "\n\n")
	if !ok || subject == "" || strings.Contains(subject, "\n") || strings.TrimSpace(body) == "" {
		return nil, errors.New("must start with a subject line, followed by an empty line and the text")
	}
	t, err := parseParts(subject, body)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(body) {
		if t.button != "" {
			t.rest += line
		} else if bare := strings.TrimSpace(line); buttonLine.MatchString(bare) {
			t.button = bare
		}
	}
	return t, nil
}

// parseParts parses the source of a subject and of the text after it.
func parseParts(subject, body string) (*texts, error) {
	t := &texts{}
	plain := template.FuncMap{"address": plainAddress}
	var err error
	if t.subject, err = template.New("subject").Option("missingkey=error").Parse(subject); err != nil {
		return nil, err
	}
	if t.text, err = template.New("text").Option("missingkey=error").Funcs(plain).Parse(textSource(body)); err != nil {
		return nil, err
	}
	if t.html, err = layout.Clone(); err == nil {
		_, err = t.html.New("body").Parse(htmlSource(body))
	}
	return t, err
}

func (t *Templates) check() error {
	for name := range t.byName {
		kind := path.Base(name)
		if t.byName[apptext.DefaultLanguage+"/"+kind] == nil {
			return fmt.Errorf("mail template %s.txt: every kind must exist in %[2]s, but there is no %[2]s/%[3]s.txt",
				name, apptext.DefaultLanguage, kind)
		}
	}
	return nil
}

// Content executes the templates of a kind with data, in the nearest language: pt-BR, else pt, else
// text.DefaultLanguage. The caller sets To and Name.
func (t *Templates) Content(kind, language string, data any) (Content, error) {
	found := t.find(kind, language)
	if found == nil {
		return Content{}, fmt.Errorf("there is no mail template %s/%s.txt", apptext.DefaultLanguage, kind)
	}
	content, err := found.render(data)
	if err != nil {
		return Content{}, fmt.Errorf("mail template %s (%s): %w", kind, language, err)
	}
	return content, nil
}

func (t *Templates) find(kind, language string) *texts {
	language = strings.ToLower(strings.ReplaceAll(language, "_", "-"))
	for language != "" {
		if found := t.byName[language+"/"+kind]; found != nil {
			return found
		}
		language = language[:max(0, strings.LastIndexByte(language, '-'))]
	}
	return t.byName[apptext.DefaultLanguage+"/"+kind]
}

func (t *texts) render(data any) (Content, error) {
	var subject, text, html bytes.Buffer
	if err := errors.Join(t.subject.Execute(&subject, data), t.text.Execute(&text, data)); err != nil {
		return Content{}, err
	}
	err := t.html.Execute(&html, page{t.language, apptext.RightToLeft(t.language), subject.String(), data})
	plain := manyLines.ReplaceAllString(strings.ReplaceAll(text.String(), "\r\n", "\n"), "\n\n")
	return Content{Subject: subject.String(), Text: strings.TrimSpace(plain) + "\n", HTML: html.String()}, err
}

// manyLines matches the empty lines that empty fields leave.
var manyLines = regexp.MustCompile(`\n[ \t]*\n\s*\n`)
