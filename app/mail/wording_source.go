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

// maxPlaceholderUses is how often a wording may use the same placeholder: values can be long.
const maxPlaceholderUses = 10

// Lines with markup in wordings. The second group is the name of the placeholder.
var (
	ownButton = regexp.MustCompile(`^\[\[(.+)\]\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
	ownLink   = regexp.MustCompile(`^\[([^\[\]]+)\]\(\{\{[ \t]*(\w+)[ \t]*\}\}\)$`)
)

// wordingCompiler translates a wording into the source of a template. It stops at the first problem.
type wordingCompiler struct {
	allowed []Placeholder
	subject bool
	button  string // source of the button that replaces a line with only the AnswerField; empty: keep the link

	problem string
	empty   bool           // whether the text so far may be empty
	linked  bool           // whether an AnswerField was used
	uses    map[string]int // by placeholder name
}

// lines returns the source for a text.
func (c *wordingCompiler) lines(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, c.block(strings.TrimSpace(line)))
	}
	return strings.Join(out, "\n")
}

// block returns the source for a line, which may have markup.
func (c *wordingCompiler) block(line string) string {
	if found := ownButton.FindStringSubmatch(line); found != nil && !strings.Contains(found[1], "]](") {
		return c.linkTo("[["+c.words(found[1], false)+"]]", found[2])
	}
	if found := ownLink.FindStringSubmatch(line); found != nil {
		return c.linkTo("["+c.words(found[1], false)+"]", found[2])
	}
	if p := c.solePlaceholder(line); p != nil {
		return c.placeholderLine(p)
	}
	if words, ok := strings.CutPrefix(line, "- "); ok {
		item := "- " + c.words(words, true)
		if p := c.solePlaceholder(words); p != nil {
			return p.unlessEmpty(item)
		}
		return item
	}
	return c.words(line, true)
}

// solePlaceholder returns the placeholder if the words consist of just one, else nil.
func (c *wordingCompiler) solePlaceholder(words string) *Placeholder {
	name, opened := strings.CutPrefix(words, "{{")
	name, closed := strings.CutSuffix(name, "}}")
	if !opened || !closed {
		return nil
	}
	return c.find(strings.Trim(name, " \t"))
}

// unlessEmpty returns the source for a line that is left out if the placeholder's value is empty.
func (p *Placeholder) unlessEmpty(line string) string {
	if !p.Optional {
		return line
	}
	return "{{if ." + p.Field + "}}\n" + line + "\n{{end}}"
}

// placeholderLine returns the source for a line that consists of a placeholder.
func (c *wordingCompiler) placeholderLine(p *Placeholder) string {
	c.use(p)
	switch {
	case p.Is != Address:
		return fieldAction(p.Field)
	case p.Field == AnswerField && c.button != "":
		return c.button
	}
	return "{{address ." + p.Field + "}}"
}

// linkTo returns the source for a button or link to the value of the named placeholder.
func (c *wordingCompiler) linkTo(words, name string) string {
	p := c.find(name)
	if p == nil || p.Is != Address {
		c.failf("links to {{%s}}, which is not an address; use one of %s", abbreviate(name), c.names(Address))
		return ""
	}
	c.use(p)
	return p.unlessEmpty(words + "(" + fieldAction(p.Field) + ")")
}

// line returns the source for a line without markup.
func (c *wordingCompiler) line(text string) string { return c.words(text, true) }

// words returns the source for text with placeholders. Unless links is set, addresses are plain text.
func (c *wordingCompiler) words(text string, links bool) string {
	var out strings.Builder
	begins := true // whether only values that may be empty precede
	for text != "" && c.problem == "" {
		literal, rest, found := strings.Cut(text, "{{")
		c.empty = c.empty && strings.IndexFunc(literal, visible) < 0
		if strings.Contains(literal, "}}") {
			c.failf("has }} without {{ before it on the line")
		}
		if !found {
			out.WriteString(literal)
			break
		}
		name, next, closed := strings.Cut(rest, "}}")
		if !closed {
			c.failf("has {{ without }} on the same line: {{%s", abbreviate(rest))
			break
		}
		before, after := "", ""
		if begins = begins && literal == ""; begins {
			after, next = cutBlank(next)
		} else if !strings.HasSuffix(literal, "{ ") { // otherwise the brace would touch the action's
			literal, before = cutLastBlank(literal)
		}
		text = next
		p := c.inlinePlaceholder(strings.Trim(name, " \t"))
		if p == nil {
			break
		}
		out.WriteString(literal + p.source(before, after, links))
		begins = begins && p.Optional
	}
	return out.String()
}

// cutBlank cuts a leading space off a text.
func cutBlank(text string) (blank, rest string) {
	if rest, ok := strings.CutPrefix(text, " "); ok {
		return " ", rest
	}
	return "", text
}

// cutLastBlank cuts a trailing space off a text.
func cutLastBlank(text string) (rest, blank string) {
	if rest, ok := strings.CutSuffix(text, " "); ok {
		return rest, " "
	}
	return text, ""
}

// inlinePlaceholder returns the named placeholder for use among words, or nil if it cannot be used there.
func (c *wordingCompiler) inlinePlaceholder(name string) *Placeholder {
	p := c.find(name)
	switch {
	case p == nil:
		c.failf("has {{%s}}, which is not a placeholder of this mail; use one of %s",
			abbreviate(name), c.names(Line, Paragraphs, Address))
	case c.subject && p.Is != Line:
		c.failf("has {{%s}}, which cannot be used in a subject; use one of %s", p.Name, c.names(Line))
	case p.Is == Paragraphs:
		c.failf("has {{%s}} among other words: it needs a line of its own", p.Name)
	default:
		c.use(p)
	}
	if c.problem != "" {
		return nil
	}
	return p
}

// source returns the source for a placeholder among words; the spaces before and after it are left out if the value is
// empty.
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

// visible reports whether a character can be seen, unlike spaces and U+200B.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

func (c *wordingCompiler) find(name string) *Placeholder {
	i := slices.IndexFunc(c.allowed, func(p Placeholder) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &c.allowed[i]
}

func (c *wordingCompiler) use(p *Placeholder) {
	if c.uses == nil {
		c.uses = map[string]int{}
	}
	c.uses[p.Name]++
	c.empty = c.empty && p.Optional
	c.linked = c.linked || p.Field == AnswerField
	if c.uses[p.Name] > maxPlaceholderUses {
		c.failf("has {{%s}} more than %d times", p.Name, maxPlaceholderUses)
	}
}

// failf records the first problem.
func (c *wordingCompiler) failf(format string, values ...any) {
	if c.problem == "" {
		c.problem = fmt.Sprintf(format, values...)
	}
}

// names lists the allowed placeholders of the shapes, for messages.
func (c *wordingCompiler) names(shapes ...Shape) string {
	var names []string
	for _, p := range c.allowed {
		if slices.Contains(shapes, p.Is) {
			names = append(names, "{{"+p.Name+"}}")
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// abbreviate returns up to 40 characters of a text.
func abbreviate(text string) string {
	const limit = 40
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit]) + "…"
}

// fieldAction returns the template action that writes a field.
func fieldAction(name string) string { return "{{." + name + "}}" }

// plainAddress is the template function address in text parts.
func plainAddress(link string) string { return link }

// linkedAddress is the template function address in HTML parts: a link with its URL as text.
func linkedAddress(link string) htmltemplate.HTML {
	escaped := htmltemplate.HTMLEscapeString(link)
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		escaped = `<a href="` + escaped + `">` + escaped + `</a>`
	}
	return htmltemplate.HTML(escaped) //nolint:gosec // escaped above
}
