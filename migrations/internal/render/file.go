// Package render writes revisions as Go files that read as if written by hand.
package render

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"guestlist/migrations/internal/source"
	"guestlist/migrations/op"
)

// Revision is a revision to write.
type Revision struct {
	ID        string
	Message   string
	Down      []string
	DependsOn []string
	Labels    []string
	Replaces  []string
	Notes     []string // lines of the comment below the message
	Created   time.Time
	// NoTransaction and Safe are as in revision.Revision.
	NoTransaction bool
	Safe          string
	// Upgrade and Downgrade are the bodies of its functions; an empty one is left to fill in by hand.
	Upgrade, Downgrade []Step
	// NoDowngrade leaves out the function Downgrade, as the revision cannot be reversed.
	NoDowngrade bool
}

// Step is an operation with the comments above it.
type Step struct {
	Operation op.Operation
	Comments  []string
}

// dateFormat is the format of Create Date.
const dateFormat = "2006-01-02 15:04:05"

var file = template.Must(template.New("revision").Funcs(template.FuncMap{"lines": listLines}).Parse(
	`package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

{{ range .Comment }}//{{ with . }} {{ . }}{{ end }}
{{ end }}func init() {
	Revisions.Register(revision.Revision{
		ID: {{ printf "%q" .ID }},
{{- with .Down }}
		DownRevision: {{ lines . }},
{{- end }}
{{- with .DependsOn }}
		DependsOn: {{ lines . }},
{{- end }}
{{- with .Labels }}
		BranchLabels: {{ lines . }},
{{- end }}
{{- if .NoTransaction }}
		NoTransaction: true,
{{- end }}
{{- with .Safe }}
		Safe: {{ printf "%q" . }},
{{- end }}
{{- with .Replaces }}
		Replaces: {{ lines . }},
{{- end }}
		Upgrade: func(m *op.Migration) {
{{ .UpgradeBody }}		},
{{- if not .NoDowngrade }}
		Downgrade: func(m *op.Migration) {
{{ .DowngradeBody }}		},
{{- end }}
	})
}
`))

// File returns the revision's source file, with no line longer than maxLine that can be broken. The output is
// deterministic.
func File(r Revision) ([]byte, error) {
	upgrade, err := body(r.Upgrade)
	if err != nil {
		return nil, fmt.Errorf("write revision %s: %w", r.ID, err)
	}
	downgrade, err := body(r.Downgrade)
	if err != nil {
		return nil, fmt.Errorf("write revision %s: %w", r.ID, err)
	}
	var text bytes.Buffer
	err = file.Execute(&text, struct {
		Revision
		Comment                    []string
		UpgradeBody, DowngradeBody string
	}{r, comment(r), upgrade, downgrade})
	if err != nil {
		return nil, fmt.Errorf("write revision %s: %w", r.ID, err)
	}
	formatted, err := format.Source(text.Bytes())
	if err == nil {
		formatted, err = wrap(formatted)
	}
	if err != nil {
		return nil, fmt.Errorf("write revision %s: %w", r.ID, err)
	}
	return formatted, nil
}

// comment returns the lines of the comment above func init.
func comment(r Revision) []string {
	lines := messageLines(r.Message)
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	for _, note := range r.Notes {
		lines = append(lines, messageLines(note)...)
	}
	if len(r.Notes) > 0 {
		lines = append(lines, "")
	}
	lines = append(lines, "Revision ID: "+r.ID)
	lines = append(lines, wrapLine(strings.TrimSpace("Revises:     "+strings.Join(r.Down, ", ")))...)
	if n := len(r.Replaces); n > 0 {
		lines = append(lines, fmt.Sprintf("Replaces:    %d revisions, %s to %s", n, r.Replaces[0], r.Replaces[n-1]))
	}
	return append(lines, "Create Date: "+r.Created.Format(dateFormat))
}

// messageLines returns a message as lines of a comment.
func messageLines(message string) []string {
	message = strings.TrimSpace(strings.ToValidUTF8(message, "\uFFFD"))
	if message == "" {
		return nil
	}
	var lines []string
	for line := range strings.SplitSeq(message, "\n") {
		lines = append(lines, wrapLine(strings.TrimSpace(strings.Map(printable, line)))...)
	}
	for i := range lines {
		if strings.HasPrefix(lines[i], "[") { // gofmt moves link definitions to the end
			lines[i] = strings.Replace(lines[i], "]: ", "]:"+source.Space, 1)
		}
	}
	return lines
}

// wrapLine breaks a line that is too long for a comment at the margin.
func wrapLine(line string) []string {
	const longest = maxLine - len("// ")
	if utf8.RuneCountInString(line) <= longest {
		return []string{line}
	}
	return fill(strings.Fields(line), longest)
}

func printable(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// listLines is like list, but breaks a long line.
func listLines(values []string) string {
	const tabs = bodyIndent - 1
	whole := list(values)
	if tabs*tab+len("BranchLabels: ")+len([]rune(whole)) < width {
		return whole
	}
	text, line := "[]string{", ""
	for _, v := range values {
		item := fmt.Sprintf("%q,", v)
		if line != "" && (tabs+1)*tab+len(line)+1+len(item) > width {
			text, line = text+"\n"+indent(tabs+1)+line, ""
		}
		line = strings.TrimSpace(line + " " + item)
	}
	return text + "\n" + indent(tabs+1) + line + "\n" + indent(tabs) + "}"
}

// list returns a slice of strings as a Go expression.
func list(values []string) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, fmt.Sprintf("%q", v))
	}
	return "[]string{" + strings.Join(quoted, ", ") + "}"
}
