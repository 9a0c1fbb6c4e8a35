// Package render writes revisions as Go files that look as if a person had written them.
package render

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
	"text/template"
	"time"
	"unicode"

	"guestlist/migrations/internal/source"
	"guestlist/migrations/op"
)

// Revision is what is written.
type Revision struct {
	ID        string
	Message   string
	Down      []string
	DependsOn []string
	Labels    []string
	Replaces  []string
	Notes     []string // for the comment, below the message
	Created   time.Time
	// NoTransaction and Safe are those of revision.Revision.
	NoTransaction bool
	Safe          string
	// Upgrade and Downgrade are the bodies of its functions, empty for a person to fill in.
	Upgrade, Downgrade []Step
	// NoDowngrade leaves out the function Downgrade: there is no way back.
	NoDowngrade bool
}

// Step is an operation, with what there is to say about it in comments above.
type Step struct {
	Operation op.Operation
	Comments  []string
}

// dateFormat is how a comment writes when the revision was made.
const dateFormat = "2006-01-02 15:04:05"

var file = template.Must(template.New("revision").Funcs(template.FuncMap{"list": list, "lines": listLines}).Parse(
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
		DownRevision: {{ list . }},
{{- end }}
{{- with .DependsOn }}
		DependsOn: {{ list . }},
{{- end }}
{{- with .Labels }}
		BranchLabels: {{ list . }},
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

// File returns the text of the revision's file. The same revision gives the same text.
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
	if err != nil {
		return nil, fmt.Errorf("write revision %s: %w", r.ID, err)
	}
	return formatted, nil
}

// comment returns the lines above func init.
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
	lines = append(lines,
		"Revision ID: "+r.ID,
		strings.TrimSpace("Revises:     "+strings.Join(r.Down, ", ")),
	)
	if n := len(r.Replaces); n > 0 {
		lines = append(lines, fmt.Sprintf("Replaces:    %d revisions, %s to %s", n, r.Replaces[0], r.Replaces[n-1]))
	}
	return append(lines, "Create Date: "+r.Created.Format(dateFormat))
}

// messageLines returns a message in lines that fit a comment.
func messageLines(message string) []string {
	message = strings.TrimSpace(strings.ToValidUTF8(message, "\uFFFD"))
	if message == "" {
		return nil
	}
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.Map(printable, line))
		if strings.HasPrefix(lines[i], "[") { // gofmt moves what looks like the address of a link to the end
			lines[i] = strings.Replace(lines[i], "]: ", "]:"+source.Space, 1)
		}
	}
	return lines
}

func printable(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// listLines is list, with breaks where that would be too long a line.
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

func list(values []string) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, fmt.Sprintf("%q", v))
	}
	return "[]string{" + strings.Join(quoted, ", ") + "}"
}
