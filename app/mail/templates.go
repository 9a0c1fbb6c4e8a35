package mail

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"strings"
	"text/template"
)

// fallback is the language in which every kind of mail has templates.
const fallback = "en"

// Templates are the texts of a feature's mails by language and kind.
type Templates struct {
	byName map[string]*texts // fr/password_reset
}

// texts are what one mail is made from.
type texts struct {
	subject, text *template.Template
	html          *htmltemplate.Template // nil: none
}

// ParseTemplates reads <language>/<kind>.txt and, where there is one, <language>/<kind>.html. The text's first line is
// the subject, and is followed by an empty one. The languages are tags such as fr or pt-BR; every kind must be there in
// en. In the texts stands {{.Field}} for what Content is given; HTML is escaped.
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

// MustParseTemplates is ParseTemplates for files that are embedded in the program: it panics where it fails.
func MustParseTemplates(files fs.FS) *Templates {
	t, err := ParseTemplates(files)
	if err != nil {
		panic(err)
	}
	return t
}

func (t *Templates) parse(files fs.FS, name string) error {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	extension := path.Ext(name)
	key := strings.ToLower(strings.TrimSuffix(name, extension))
	if t.byName[key] == nil {
		t.byName[key] = &texts{}
	}
	target := t.byName[key]
	switch extension {
	case ".txt":
		return target.parseText(strings.ReplaceAll(string(source), "\r\n", "\n"))
	case ".html":
		target.html, err = htmltemplate.New(name).Option("missingkey=error").Parse(string(source))
		return err
	}
	return errors.New("is neither .txt nor .html")
}

func (t *texts) parseText(source string) error {
	subject, text, ok := strings.Cut(source, "\n\n")
	if !ok || subject == "" || strings.Contains(subject, "\n") || strings.TrimSpace(text) == "" {
		return errors.New("does not begin with one line, the subject, and an empty one before the text")
	}
	var err error
	if t.subject, err = template.New("subject").Option("missingkey=error").Parse(subject); err != nil {
		return err
	}
	t.text, err = template.New("text").Option("missingkey=error").Parse(text)
	return err
}

func (t *Templates) check() error {
	for name, found := range t.byName {
		_, kind, _ := strings.Cut(name, "/")
		switch {
		case found.text == nil:
			return fmt.Errorf("mail template %s.html: there is no text for it, %s.txt", name, name)
		case t.byName[fallback+"/"+kind] == nil:
			return fmt.Errorf("mail template %s.txt: every kind is needed in %s, and there is no %s/%s.txt", name, fallback, fallback, kind)
		}
	}
	return nil
}

// Content returns the mail of a kind in the language that comes nearest, with data in the templates: pt-BR, else pt,
// else en. To and Name are the caller's to set.
func (t *Templates) Content(kind, language string, data any) (Content, error) {
	found := t.find(kind, language)
	if found == nil {
		return Content{}, fmt.Errorf("there is no mail template %s/%s.txt", fallback, kind)
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
	return t.byName[fallback+"/"+kind]
}

func (t *texts) render(data any) (Content, error) {
	var subject, text, html bytes.Buffer
	err := errors.Join(t.subject.Execute(&subject, data), t.text.Execute(&text, data))
	if t.html != nil {
		err = errors.Join(err, t.html.Execute(&html, data))
	}
	return Content{Subject: subject.String(), Text: text.String(), HTML: html.String()}, err
}
