package mail

import (
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Wording is the subject and the text of a mail as people write them, with placeholders such as {{event}}. The text has
// the marks that ParseTemplates describes, except conditions.
type Wording struct{ Subject, Text string }

// Placeholder is what a Wording may have between {{ and }}, and the field whose value takes its place: a string. An
// empty value takes the blank in front of the placeholder along: "Hello {{name}}," becomes "Hello,".
type Placeholder struct {
	Name     string
	Field    string // of the data that the template of the kind is given
	Is       Shape
	Optional bool // whether the value may be empty
}

// Shape is what the value of a placeholder is.
type Shape int

// The shapes of values.
const (
	Line       Shape = iota // can be in the subject too
	Paragraphs              // alone on a line of the text
	Address                 // in a sentence, alone on a line, or after the words of a button or a link
)

// Fields of data that mean something to a Wording.
const (
	AnswerField = "Link" // where the button leads; a placeholder for it that is alone on a line is the template's button
	NoteField   = "Note" // what the organisers add to one mail
)

// maxUses is how often a wording may have a placeholder: values can be long.
const maxUses = 10

// The marks of lines, as people write them. The second group is the name of the placeholder.
var (
	ownButton = regexp.MustCompile(`^\[\[(.+)\]\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
	ownLink   = regexp.MustCompile(`^\[([^\[\]]+)\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
)

// Check returns what is wrong with each part of a wording that may have the placeholders, in words that follow a
// field's name, or nothing.
func (w Wording) Check(allowed []Placeholder) (subject, text string) {
	inSubject, inText := reading{allowed: allowed, subject: true, empty: true}, reading{allowed: allowed}
	inSubject.line(w.Subject)
	inText.lines(w.Text)
	if inSubject.empty {
		inSubject.failf("needs words, or a placeholder that always has a value")
	}
	return inSubject.problem, inText.problem
}

// Reworded returns the mail of a kind as Content does, with the words of w in the place of the subject and of what
// comes before the button. The button is left out if w has the link, and what comes after it stays. The note, a field
// of data, follows the text if a placeholder for it is allowed and not there.
func (t *Templates) Reworded(
	kind, language string, w Wording, allowed []Placeholder, data any,
) (content Content, err error) {
	found := t.find(kind, language)
	if found == nil {
		return Content{}, fmt.Errorf("there is no mail template %s (%s) to reword", kind, language)
	}
	own, err := found.reword(w, allowed)
	if err == nil {
		content, err = own.render(data)
	}
	if err != nil {
		return Content{}, fmt.Errorf("the wording of a mail (%s, %s): %w", kind, language, err)
	}
	return content, nil
}

// reword returns the texts with the words of w.
func (t *texts) reword(w Wording, allowed []Placeholder) (*texts, error) {
	inSubject, inText := reading{allowed: allowed, subject: true}, reading{allowed: allowed, button: t.button}
	subject, body := inSubject.line(w.Subject), inText.lines(w.Text)
	for _, problem := range []string{inSubject.problem, inText.problem} {
		if problem != "" {
			return nil, fmt.Errorf("it %s", problem)
		}
	}
	for _, p := range allowed {
		if p.Is == Paragraphs && p.Field == NoteField && inText.uses[p.Name] == 0 {
			body += "\n\n" + field(p.Field)
		}
	}
	if !inText.linked {
		body += "\n\n" + t.button
	}
	parsed, err := parseParts(subject, body+"\n\n"+t.rest)
	if err == nil {
		parsed.language = t.language
	}
	return parsed, err
}

// reading reads what people have written and makes the source of a template of it. It is over at the first problem.
type reading struct {
	allowed []Placeholder
	subject bool
	button  string // the line in the template's source that a link alone becomes; empty: it stays a link

	problem string
	empty   bool           // whether there is nothing yet that always has a value
	linked  bool           // whether there is an AnswerField
	uses    map[string]int // of placeholders, by name
}

// lines returns the source of a text.
func (r *reading) lines(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, r.block(strings.TrimSpace(line)))
	}
	return strings.Join(out, "\n")
}

// block returns the source of a line, which may have a mark.
func (r *reading) block(line string) string {
	if found := ownButton.FindStringSubmatch(line); found != nil {
		return "[[" + r.words(found[1], false) + "]](" + r.target(found[2]) + ")"
	}
	if found := ownLink.FindStringSubmatch(line); found != nil {
		return "[" + r.words(found[1], false) + "](" + r.target(found[2]) + ")"
	}
	if name, ok := strings.CutPrefix(line, "{{"); ok {
		name, ok = strings.CutSuffix(name, "}}")
		if p := r.find(strings.Trim(name, " \t")); ok && p != nil {
			return r.alone(p)
		}
	}
	if words, ok := strings.CutPrefix(line, "- "); ok {
		return "- " + r.words(words, true)
	}
	return r.words(line, true)
}

// alone returns the source of a line that is a placeholder.
func (r *reading) alone(p *Placeholder) string {
	r.use(p)
	switch {
	case p.Is != Address:
		return field(p.Field)
	case p.Field == AnswerField && r.button != "":
		return r.button
	}
	return "{{address ." + p.Field + "}}"
}

// target returns the source of the address that a button or a link leads to.
func (r *reading) target(name string) string {
	p := r.find(name)
	if p == nil || p.Is != Address {
		r.failf("leads to {{%s}}, which is no address: %s", short(name), r.names(Address))
		return ""
	}
	r.use(p)
	return field(p.Field)
}

// line returns the source of a line without marks.
func (r *reading) line(text string) string { return r.words(text, true) }

// words returns the source of words with placeholders. Where links cannot be, an address is a text as any other.
func (r *reading) words(text string, links bool) string {
	var out strings.Builder
	for text != "" && r.problem == "" {
		literal, rest, found := strings.Cut(text, "{{")
		r.empty = r.empty && strings.TrimSpace(literal) == ""
		if strings.Contains(literal, "}}") {
			r.failf("has }} where no {{ is open")
		}
		if !found {
			out.WriteString(literal)
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			r.failf("has {{ without }}: {{%s", short(rest))
			break
		}
		text = after
		blank := strings.HasSuffix(literal, " ") && !strings.HasSuffix(literal, "{ ") // no brace meets the action's
		if blank {
			literal = strings.TrimSuffix(literal, " ")
		}
		out.WriteString(literal + r.inline(strings.Trim(name, " \t"), blank, links))
	}
	return out.String()
}

// inline returns the source of a placeholder among words, with the blank that is in front of it.
func (r *reading) inline(name string, blank, links bool) string {
	p := r.find(name)
	switch {
	case p == nil:
		r.failf("has {{%s}}, which is no placeholder: there are %s", short(name), r.names(Line, Paragraphs, Address))
	case r.subject && p.Is != Line:
		r.failf("has {{%s}}, which cannot be in a subject: there are %s", p.Name, r.names(Line))
	case p.Is == Paragraphs:
		r.failf("has {{%s}} among other words: it needs a line of its own", p.Name)
	}
	if r.problem != "" {
		return ""
	}
	r.use(p)
	value := "."
	if p.Is == Address && links {
		value = "address ."
	}
	if blank {
		return "{{with ." + p.Field + "}} {{" + value + "}}{{end}}"
	}
	return "{{" + value + p.Field + "}}"
}

func (r *reading) find(name string) *Placeholder {
	i := slices.IndexFunc(r.allowed, func(p Placeholder) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &r.allowed[i]
}

func (r *reading) use(p *Placeholder) {
	if r.uses == nil {
		r.uses = map[string]int{}
	}
	r.uses[p.Name]++
	r.empty = r.empty && p.Optional
	r.linked = r.linked || p.Field == AnswerField
	if r.uses[p.Name] > maxUses {
		r.failf("has {{%s}} more than %d times", p.Name, maxUses)
	}
}

// failf notes a problem, unless there is one already.
func (r *reading) failf(format string, values ...any) {
	if r.problem == "" {
		r.problem = fmt.Sprintf(format, values...)
	}
}

// names returns the placeholders of the shapes that there are, for people to choose from.
func (r *reading) names(shapes ...Shape) string {
	var names []string
	for _, p := range r.allowed {
		if slices.Contains(shapes, p.Is) {
			names = append(names, "{{"+p.Name+"}}")
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// short returns the beginning of what may be long.
func short(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// field returns the action that writes a field.
func field(name string) string { return "{{." + name + "}}" }

// plainAddress is the function address in the templates of text parts.
func plainAddress(link string) string { return link }

// linkedAddress is the function address in the templates of HTML parts: a link that shows where it leads.
func linkedAddress(link string) htmltemplate.HTML {
	escaped := htmltemplate.HTMLEscapeString(link)
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		escaped = `<a href="` + escaped + `">` + escaped + `</a>`
	}
	return htmltemplate.HTML(escaped) //nolint:gosec // escaped above
}
