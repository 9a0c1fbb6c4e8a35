package mail

import (
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxUses is how often a wording may have the same placeholder: values can be long.
const maxUses = 10

// The marks of lines, as people write them. The second group is the name of the placeholder.
var (
	ownButton = regexp.MustCompile(`^\[\[(.+)\]\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
	ownLink   = regexp.MustCompile(`^\[([^\[\]]+)\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
)

// reading turns what people have written into the source of a template. It ends at the first problem.
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
	if found := ownButton.FindStringSubmatch(line); found != nil && !strings.Contains(found[1], "]](") {
		return r.leading("[["+r.words(found[1], false)+"]]", found[2])
	}
	if found := ownLink.FindStringSubmatch(line); found != nil {
		return r.leading("["+r.words(found[1], false)+"]", found[2])
	}
	if p := r.only(line); p != nil {
		return r.alone(p)
	}
	if words, ok := strings.CutPrefix(line, "- "); ok {
		item := "- " + r.words(words, true)
		if p := r.only(words); p != nil {
			return p.unlessEmpty(item)
		}
		return item
	}
	return r.words(line, true)
}

// only returns the placeholder that the words consist of; nil: they do not.
func (r *reading) only(words string) *Placeholder {
	name, begun := strings.CutPrefix(words, "{{")
	name, ended := strings.CutSuffix(name, "}}")
	if !begun || !ended {
		return nil
	}
	return r.find(strings.Trim(name, " \t"))
}

// unlessEmpty returns the source of a line that is left out if the placeholder has no value.
func (p *Placeholder) unlessEmpty(line string) string {
	if !p.Optional {
		return line
	}
	return "{{if ." + p.Field + "}}\n" + line + "\n{{end}}"
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

// leading returns the source of a button or a link that leads to the value of the placeholder with the name.
func (r *reading) leading(words, name string) string {
	p := r.find(name)
	if p == nil || p.Is != Address {
		r.failf("leads to {{%s}}, which is no address; choose from %s", short(name), r.names(Address))
		return ""
	}
	r.use(p)
	return p.unlessEmpty(words + "(" + field(p.Field) + ")")
}

// line returns the source of a line without marks.
func (r *reading) line(text string) string { return r.words(text, true) }

// words returns the source of words with placeholders. Where links cannot be, addresses are text.
func (r *reading) words(text string, links bool) string {
	var out strings.Builder
	begins := true // whether nothing but values that may be empty comes before
	for text != "" && r.problem == "" {
		literal, rest, found := strings.Cut(text, "{{")
		r.empty = r.empty && strings.IndexFunc(literal, visible) < 0
		if strings.Contains(literal, "}}") {
			r.failf("has }} without {{ before it on the line")
		}
		if !found {
			out.WriteString(literal)
			break
		}
		name, next, closed := strings.Cut(rest, "}}")
		if !closed {
			r.failf("has {{ without }} on the same line: {{%s", short(rest))
			break
		}
		before, after := "", ""
		if begins = begins && literal == ""; begins {
			after, next = cutBlank(next)
		} else if !strings.HasSuffix(literal, "{ ") { // else a brace would meet the action's
			literal, before = cutLastBlank(literal)
		}
		text = next
		p := r.inline(strings.Trim(name, " \t"))
		if p == nil {
			break
		}
		out.WriteString(literal + p.source(before, after, links))
		begins = begins && p.Optional
	}
	return out.String()
}

// cutBlank returns the blank that a text begins with, if it does, and the rest.
func cutBlank(text string) (blank, rest string) {
	if rest, ok := strings.CutPrefix(text, " "); ok {
		return " ", rest
	}
	return "", text
}

// cutLastBlank returns a text without the blank that it ends with, if it does, and the blank.
func cutLastBlank(text string) (rest, blank string) {
	if rest, ok := strings.CutSuffix(text, " "); ok {
		return rest, " "
	}
	return text, ""
}

// inline returns the placeholder with the name, which is among words; nil: it cannot be.
func (r *reading) inline(name string) *Placeholder {
	p := r.find(name)
	switch {
	case p == nil:
		r.failf("has {{%s}}, which is no placeholder of this mail; choose from %s",
			short(name), r.names(Line, Paragraphs, Address))
	case r.subject && p.Is != Line:
		r.failf("has {{%s}}, which cannot be in a subject; choose from %s", p.Name, r.names(Line))
	case p.Is == Paragraphs:
		r.failf("has {{%s}} among other words: it needs a line of its own", p.Name)
	default:
		r.use(p)
	}
	if r.problem != "" {
		return nil
	}
	return p
}

// source returns the source of a placeholder among words, with the blanks that are there only if it has a value.
func (p *Placeholder) source(before, after string, links bool) string {
	value := "."
	if p.Is == Address && links {
		value = "address ."
	}
	if before+after == "" {
		return "{{" + value + p.Field + "}}"
	}
	return "{{with ." + p.Field + "}}" + before + "{{" + value + "}}" + after + "{{end}}"
}

// visible reports whether a reader sees a character: not a blank, and not one such as U+200B.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

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
