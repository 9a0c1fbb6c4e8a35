package lint

// Kind is a kind of change that the old program may not survive.
type Kind string

// The kinds of changes.
const (
	DropsTable        Kind = "drop-table"
	RenamesTable      Kind = "rename-table"
	DropsColumn       Kind = "drop-column"
	RenamesColumn     Kind = "rename-column"
	AddsMandatory     Kind = "add-mandatory-column" // NOT NULL, without a value from the old program
	Retypes           Kind = "change-type"
	Computes          Kind = "compute-column"
	StopsCounting     Kind = "stop-counting"
	SetsNotNull       Kind = "set-not-null"
	DropsDefault      Kind = "drop-default"
	AddsUnique        Kind = "add-unique"
	AddsCheck         Kind = "add-check"
	AddsForeignKey    Kind = "add-foreign-key"
	DropsKey          Kind = "drop-unique" // or a primary key, or a unique index
	RenamesConstraint Kind = "rename-constraint"
	RunsSQL           Kind = "sql"
	RunsCode          Kind = "code"
)

// Reason is why the old program cannot run on the new schema, or something it must not do there.
type Reason struct {
	Kind    Kind
	Text    string
	Instead string // how to make the change over several releases; empty if the revision is declared safe
}

// String returns the text.
func (r Reason) String() string { return r.Text }

// Texts returns the texts of reasons.
func Texts(reasons []Reason) []string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = r.Text
	}
	return texts
}

const (
	fixRowsFirst = "write no such rows in one release, fix the existing ones, and add the constraint for the next"
	bothNames    = "let {db} migrate --online write it: both names work until a later revision drops the old one"
)

// instead says how to make each kind of change over several releases. {db} is the command.
var instead = map[Kind]string{
	DropsTable:    "stop using it in one release, and drop it for the next",
	RenamesTable:  bothNames,
	DropsColumn:   "stop using it in one release, while it is nullable or has a default, and drop it for the next",
	RenamesColumn: bothNames,
	AddsMandatory: "make it nullable or give it a default, fill it in one release, and make it NOT NULL for the next",
	Retypes:       "add a column of the new type, write both in one release, and drop the old one for the next",
	Computes:      "add another, generated column, read it in one release, and drop the old one for the next",
	StopsCounting: "set it explicitly in one release, and stop generating it for the next",
	SetsNotNull:   "write no NULL in one release, fill the existing NULLs, and make it NOT NULL for the next",
	DropsDefault:  "set it explicitly in one release, and drop the default for the next",
	AddsUnique:    fixRowsFirst,
	AddsCheck:     fixRowsFirst,
	AddsForeignKey: "write and delete no such rows in one release, fix the existing ones, and add the key " +
		"for the next",
	DropsKey:          "stop using it in one release, and drop it for the next",
	RenamesConstraint: "stop using its name in one release, and rename it for the next",
	RunsSQL:           "declare what it changes, with Declares",
	RunsCode:          "declare what it changes, with Declares",
}
