package mail

import (
	"fmt"
	"html"
	htmltemplate "html/template"
	"regexp"
	"strings"
)

// Markup of template lines. It is matched before values are inserted, so that values are never markup.
var (
	action      = regexp.MustCompile(`\{\{.*?\}\}`)
	controlLine = regexp.MustCompile(`^\{\{-?\s*(if|with|else|end|range)\b[^{}]*\}\}$`)
	valueLine   = regexp.MustCompile(`^\{\{\s*(\.\w*)\s*\}\}$`)
	buttonLine  = regexp.MustCompile(`^\[\[(.+)\]\]\((\{\{\s*\.\w*\s*\}\})\)$`)
	linkLine    = regexp.MustCompile(`^\[([^\[\]]+)\]\((\{\{\s*\.\w*\s*\}\})\)$`)
	codeLine    = regexp.MustCompile("^`([^`]+)`$")
	itemLine    = regexp.MustCompile(`^- (.+)$`)
)

// HTML for markup. The button is a table because some mail programs pad nothing else; its colours, the only ones, suit
// light and dark backgrounds.
const (
	paragraphStart = `<p style="margin:0 0 16px">`
	buttonHTML     = `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0">` +
		`<tr><td bgcolor="#14532d" style="background:#14532d;border-radius:8px;mso-padding-alt:12px 24px">` +
		`<a href="%s" style="display:inline-block;padding:12px 24px;color:#ffffff;` +
		`font-family:system-ui,-apple-system,'Segoe UI',Roboto,` +
		`Arial,sans-serif;font-size:16px;line-height:1.5;font-weight:600;text-decoration:none">%s</a></td></tr></table>`
	linkHTML = paragraphStart + `<a href="%s">%s</a></p>`
	// the negative margin moves it close to the line above
	itemHTML = `<p style="margin:-12px 0 16px">- <bdi>%s</bdi></p>`
	codeHTML = paragraphStart + `<code dir="ltr" style="font-size:18px">%s</code></p>`
)

// textSource returns the template of the text part: the source without markup.
func textSource(source string) string {
	var out strings.Builder
	for line := range strings.Lines(source) {
		bare := strings.TrimSpace(line)
		switch {
		case controlLine.MatchString(bare):
			out.WriteString(bare)
			continue
		case codeLine.MatchString(bare):
			line = codeLine.ReplaceAllString(bare, "$1") + "\n"
		case buttonLine.MatchString(bare):
			line = buttonLine.ReplaceAllString(bare, "$1\n$2") + "\n"
		case linkLine.MatchString(bare):
			line = linkLine.ReplaceAllString(bare, "$1\n$2") + "\n"
		}
		out.WriteString(line)
	}
	return out.String()
}

// htmlSource returns the template of the HTML part's body.
func htmlSource(source string) string {
	var out strings.Builder
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			fmt.Fprintf(&out, "%s%s</p>\n", paragraphStart, strings.Join(paragraph, "<br>\n"))
		}
		paragraph = nil
	}
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		block, isBlock := htmlBlock(line)
		switch {
		case line == "":
			end()
		case isBlock:
			end()
			out.WriteString(block + "\n")
		default:
			paragraph = append(paragraph, escapeWords(line))
		}
	}
	end()
	return out.String()
}

// htmlBlock returns the HTML for a line that is not part of a paragraph.
func htmlBlock(line string) (string, bool) {
	if controlLine.MatchString(line) {
		return line, true
	}
	if value := valueLine.FindStringSubmatch(line); value != nil {
		return "{{paragraphs " + value[1] + "}}", true
	}
	if code := codeLine.FindStringSubmatch(line); code != nil {
		return fmt.Sprintf(codeHTML, escapeWords(code[1])), true
	}
	if button := buttonLine.FindStringSubmatch(line); button != nil {
		return fmt.Sprintf(buttonHTML, button[2], escapeWords(button[1])), true
	}
	if link := linkLine.FindStringSubmatch(line); link != nil {
		return fmt.Sprintf(linkHTML, link[2], escapeWords(link[1])), true
	}
	if item := itemLine.FindStringSubmatch(line); item != nil {
		return fmt.Sprintf(itemHTML, escapeWords(item[1])), true
	}
	return "", false
}

// escapeWords escapes everything but template actions, whose output is escaped on execution.
func escapeWords(line string) string {
	var out strings.Builder
	end := 0
	for _, at := range action.FindAllStringIndex(line, -1) {
		out.WriteString(html.EscapeString(line[end:at[0]]) + line[at[0]:at[1]])
		end = at[1]
	}
	return out.String() + html.EscapeString(line[end:])
}

// paragraphs returns plain text as HTML, with its paragraphs and line breaks.
func paragraphs(text string) htmltemplate.HTML {
	var out strings.Builder
	for _, paragraph := range emptyLines.Split(strings.ReplaceAll(text, "\r\n", "\n"), -1) {
		if paragraph = strings.TrimSpace(paragraph); paragraph == "" {
			continue
		}
		lines := strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>\n")
		out.WriteString(`<p dir="auto" style="margin:0 0 16px">` + lines + "</p>\n")
	}
	return htmltemplate.HTML(out.String()) //nolint:gosec // escaped above
}

var emptyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)
