package op

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// SQL executes SQL as it is. Where it changes the schema, Declares says how, so that the history stays complete.
type SQL struct {
	Text schema.SQL
	// Back undoes Text; where there is none, the operation has no reverse.
	Back schema.SQL
	// Declared is what Text does to the schema. It is replayed, never executed.
	Declared []Operation
}

// Undo is the SQL that undoes this.
func (o *SQL) Undo(text string) *SQL { return o.UndoFor(schema.Both(text)) }

// UndoFor is the SQL that undoes this, where it differs by dialect.
func (o *SQL) UndoFor(texts Dialects) *SQL {
	o.Back = texts
	return o
}

// Declares says what the SQL does to the schema, in the words of a revision.
func (o *SQL) Declares(declare func(m *Migration)) *SQL {
	o.Declared = Record(declare)
	return o
}

func (o *SQL) String() string {
	const most = 60
	text := strings.Join(strings.Fields(o.Text.String()), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return "execute " + text
}

// Apply replays what the SQL is declared to do.
func (o *SQL) Apply(before schema.Schema) (schema.Schema, error) {
	return ApplyAll(before, o.Declared)
}

// Reverse executes what Undo was given.
func (o *SQL) Reverse(before schema.Schema) ([]Operation, error) {
	if o.Back.IsZero() {
		return nil, fmt.Errorf("%w: the SQL has no Undo", ErrIrreversible)
	}
	declared, err := ReverseAll(before, o.Declared)
	if err != nil {
		return nil, err
	}
	return []Operation{&SQL{Text: o.Back, Back: o.Text, Declared: declared}}, nil
}

// Run is a data step: Go code on the revision's own transaction. It cannot be printed as SQL.
type Run struct {
	Step func(tx *gorm.DB) error
	// Back undoes Step; where there is none, the operation has no reverse.
	Back func(tx *gorm.DB) error
	// Title says what the step does, in a plan and in place of SQL.
	Title string
	// Declared is what Step does to the schema. It is replayed, never executed.
	Declared []Operation
}

// Undo is the step that undoes this one.
func (o *Run) Undo(step func(tx *gorm.DB) error) *Run {
	o.Back = step
	return o
}

// Named says what the step does.
func (o *Run) Named(title string) *Run {
	o.Title = title
	return o
}

// Declares says what the step does to the schema, in the words of a revision.
func (o *Run) Declares(declare func(m *Migration)) *Run {
	o.Declared = Record(declare)
	return o
}

func (o *Run) String() string {
	if o.Title == "" {
		return "run data step"
	}
	return "run data step: " + o.Title
}

// Apply replays what the step is declared to do.
func (o *Run) Apply(before schema.Schema) (schema.Schema, error) {
	return ApplyAll(before, o.Declared)
}

// Reverse runs what Undo was given.
func (o *Run) Reverse(before schema.Schema) ([]Operation, error) {
	if o.Back == nil {
		return nil, fmt.Errorf("%w: the data step has no Undo", ErrIrreversible)
	}
	declared, err := ReverseAll(before, o.Declared)
	if err != nil {
		return nil, err
	}
	return []Operation{&Run{Step: o.Back, Back: o.Step, Title: o.backTitle(), Declared: declared}}, nil
}

func (o *Run) backTitle() string {
	if o.Title == "" {
		return ""
	}
	return "undo " + o.Title
}

// DeclaredBy returns what SQL or Go code is declared to do to the schema; nothing for any other operation.
func DeclaredBy(o Operation) []Operation {
	switch o := o.(type) {
	case *SQL:
		return o.Declared
	case *Run:
		return o.Declared
	default:
		return nil
	}
}
