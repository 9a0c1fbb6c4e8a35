package mail

import "fmt"

// Wording is the subject and the text of a mail as people write them, with placeholders such as {{event}}. The text can
// have the marks that ParseTemplates describes, except conditions.
type Wording struct{ Subject, Text string }

// Placeholder is a name that a Wording may have between {{ and }}, and the field, a string, whose value takes its
// place. An empty value leaves no blank too many: "Hello {{name}}," becomes "Hello,", and "{{name}} is here" becomes
// "is here". A button or a link to an empty value is left out, and so is an item of a list that is nothing else.
type Placeholder struct {
	Name     string
	Field    string // of the data of the kind's template
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
	AnswerField = "Link" // where the button leads; its placeholder, alone on a line, is the template's button
	NoteField   = "Note" // what the organisers add to one mail
)

// Check returns what is wrong with the subject and with the text of a wording that may have the allowed placeholders,
// in words that follow a field's name, or nothing.
func (w Wording) Check(allowed []Placeholder) (subject, text string) {
	inSubject, inText := reading{allowed: allowed, subject: true, empty: true}, reading{allowed: allowed}
	inSubject.line(w.Subject)
	inText.lines(w.Text)
	if inSubject.empty {
		inSubject.failf("needs words, or a placeholder that always has a value")
	}
	return inSubject.problem, inText.problem
}

// Reworded returns the mail of a kind as Content does, but with the words of w in place of the subject and of
// everything before the button. The template's button follows, unless w has a placeholder for AnswerField, and then
// what the template has after it. A note follows the text of w if its placeholder is allowed and w does not have it.
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
