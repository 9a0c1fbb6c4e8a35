package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"guestlist/app/text"
)

//go:embed layout.html style.css failure
var files embed.FS

// Words are the texts of a feature's pages in one language, by name.
type Words map[string]string

// Pages are the pages of a feature.
type Pages struct {
	layouts   map[string]*template.Template // by page name
	words     map[string]Words              // by language
	languages []string                      // the first is the default
	matcher   language.Matcher
}

// data is the data of the templates.
type data struct {
	Language     string
	RightToLeft  bool
	Organisation string
	Style        template.CSS
	Words        Words
	View         any
}

var (
	style, policy = readStyle()
	layout        = template.Must(template.ParseFS(files, "layout.html"))
)

// readStyle returns the style sheet and a Content-Security-Policy that allows only it and forms to this server.
func readStyle() (template.CSS, string) {
	css, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // the file is embedded
	}
	sum := sha256.Sum256(css)
	return template.CSS(css), fmt.Sprintf( //nolint:gosec // embedded
		"default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}

// MustParse parses the pages and words in a directory of embedded files. It panics if a file is malformed, or if the
// languages do not have the same words.
func MustParse(files fs.FS, directory string) *Pages {
	within, err := fs.Sub(files, directory)
	if err != nil {
		panic(err)
	}
	p, err := parse(within)
	if err != nil {
		panic(err)
	}
	return p
}

func parse(files fs.FS) (*Pages, error) {
	p := &Pages{layouts: map[string]*template.Template{}, words: map[string]Words{}}
	names, err := fs.Glob(files, "*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		stem := strings.TrimSuffix(name, path.Ext(name))
		switch path.Ext(name) {
		case ".html":
			p.layouts[stem], err = template.Must(layout.Clone()).Option("missingkey=error").ParseFS(files, name)
		case ".json":
			p.words[stem], err = readWords(files, name)
		}
		if err != nil {
			return nil, fmt.Errorf("page file %s: %w", name, err)
		}
	}
	return p, p.prepare()
}

func readWords(files fs.FS, name string) (Words, error) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var words Words
	err = json.Unmarshal(content, &words)
	return words, err
}

// prepare checks that all languages have the words of text.DefaultLanguage, and builds the matcher, with the default
// first.
func (p *Pages) prepare() error {
	all := p.words[text.DefaultLanguage]
	if all == nil {
		return errors.New("there are no words in " + text.DefaultLanguage)
	}
	p.languages = []string{text.DefaultLanguage}
	for _, name := range slices.Sorted(maps.Keys(p.words)) {
		words := p.words[name]
		for word := range all {
			if words[word] == "" || len(words) != len(all) {
				return fmt.Errorf("the words in %s and %s differ, or %q is empty", name, text.DefaultLanguage, word)
			}
		}
		if name != text.DefaultLanguage {
			p.languages = append(p.languages, name)
		}
	}
	tags := make([]language.Tag, len(p.languages))
	for i, name := range p.languages {
		tags[i] = language.Make(name)
	}
	p.matcher = language.NewMatcher(tags)
	return nil
}

// Nearest returns the available language nearest to tag: pt-BR, else pt, else text.DefaultLanguage.
func (p *Pages) Nearest(tag string) string {
	for tag = strings.ToLower(tag); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
		if _, ok := p.words[tag]; ok {
			return tag
		}
	}
	return p.languages[0]
}

// Accepted returns the available language that an Accept-Language header prefers (RFC 9110, 12.5.4).
func (p *Pages) Accepted(header string) string {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return p.languages[0]
	}
	_, index, _ := p.matcher.Match(wanted...)
	return p.languages[index]
}

// Words returns the texts in the language nearest to tag.
func (p *Pages) Words(tag string) Words { return p.words[p.Nearest(tag)] }

// render returns the named page in the language nearest to tag. Its templates get view as .View, the texts as .Words,
// and the organisation's name, which may be empty, for the footer.
func (p *Pages) render(name, tag, organisation string, view any) ([]byte, error) {
	tag = p.Nearest(tag)
	var html bytes.Buffer
	page := data{tag, text.RightToLeft(tag), organisation, style, p.words[tag], view}
	if err := p.layouts[name].ExecuteTemplate(&html, "layout.html", page); err != nil {
		return nil, fmt.Errorf("write the page %s: %w", name, err)
	}
	return html.Bytes(), nil
}
