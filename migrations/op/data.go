package op

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// SQL executes SQL as written. If it changes the schema, Declares must say how, so that the history stays complete.
type SQL struct {
	Text schema.SQL
	// Back undoes Text; without it, the operation is irreversible.
	Back schema.SQL
	// Declared are the changes that Text makes to the schema. They are replayed, never executed.
	Declared []Operation
}

// Undo sets the SQL that undoes this.
func (o *SQL) Undo(text string) *SQL { return o.UndoFor(schema.Both(text)) }

// UndoFor is like Undo, with SQL for each dialect.
func (o *SQL) UndoFor(texts Dialects) *SQL {
	o.Back = texts
	return o
}

// Declares records the changes that the SQL makes to the schema, as a revision would.
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

// Apply replays the declared changes.
func (o *SQL) Apply(before schema.Schema) (schema.Schema, error) {
	return ApplyAll(before, o.Declared)
}

// Reverse executes the SQL of Undo, and reverses the declared changes.
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

// Run is a data step: Go code in the revision's transaction. It cannot be printed as SQL.
type Run struct {
	Step func(tx *gorm.DB) error
	// Back undoes Step; without it, the operation is irreversible.
	Back func(tx *gorm.DB) error
	// Title describes the step in a plan, and in a script in place of SQL.
	Title string
	// Declared are the changes that Step makes to the schema. They are replayed, never executed.
	Declared []Operation
}

// Undo sets the step that undoes this one.
func (o *Run) Undo(step func(tx *gorm.DB) error) *Run {
	o.Back = step
	return o
}

// Named sets the title of the step.
func (o *Run) Named(title string) *Run {
	o.Title = title
	return o
}

// Declares records the changes that the step makes to the schema, as a revision would.
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

// Apply replays the declared changes.
func (o *Run) Apply(before schema.Schema) (schema.Schema, error) {
	return ApplyAll(before, o.Declared)
}

// Reverse runs the step of Undo, and reverses the declared changes.
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

// DeclaredBy returns the declared changes of SQL or Run, and nil for any other operation.
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
