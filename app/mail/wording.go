package mail

import "fmt"

// Wording is the subject and text of a mail as users write them, with placeholders such as {{event}}. The text may have
// the markup that ParseTemplates describes, except conditions.
type Wording struct{ Subject, Text string }

// Placeholder maps a name that a Wording may have between {{ and }} to a string field. An empty value leaves no extra
// space: "Hello {{name}}," becomes "Hello,", and "{{name}} is here" becomes "is here". A button or link to an empty
// value is left out, and so is a list item that consists of it.
type Placeholder struct {
	Name     string
	Field    string // of the template's data
	Is       Shape
	Optional bool // whether the value may be empty
}

// Shape is the kind of a placeholder's value, which decides where it may be used.
type Shape int

// The shapes.
const (
	Line       Shape = iota // anywhere, also in the subject
	Paragraphs              // on a line of its own
	Address                 // in a sentence, on a line of its own, or as the target of a button or link
)

// Fields with a special meaning in a Wording.
const (
	AnswerField = "Link" // the button's URL; on a line of its own, its placeholder becomes the template's button
	NoteField   = "Note" // a note from the organisers
)

// Check returns what is wrong with the subject and the text, given the allowed placeholders, in words that follow the
// field's name, or "".
func (w Wording) Check(allowed []Placeholder) (subject, text string) {
	inSubject, inText := wordingCompiler{allowed: allowed, subject: true, empty: true}, wordingCompiler{allowed: allowed}
	inSubject.line(w.Subject)
	inText.lines(w.Text)
	if inSubject.empty {
		inSubject.failf("needs words, or a placeholder that is never empty")
	}
	return inSubject.problem, inText.problem
}

// Reworded is Content with w in place of the subject and of everything before the template's button. The button
// follows, unless w uses AnswerField, then the rest of the template. A note is appended to w if its placeholder is
// allowed but not used.
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
	inSubject, inText := wordingCompiler{allowed: allowed, subject: true},
		wordingCompiler{allowed: allowed, button: t.button}
	subject, body := inSubject.line(w.Subject), inText.lines(w.Text)
	for _, problem := range []string{inSubject.problem, inText.problem} {
		if problem != "" {
			return nil, fmt.Errorf("it %s", problem)
		}
	}
	for _, p := range allowed {
		if p.Is == Paragraphs && p.Field == NoteField && inText.uses[p.Name] == 0 {
			body += "\n\n" + fieldAction(p.Field)
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
