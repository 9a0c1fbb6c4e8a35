package lint

// Kind is what a revision does that the old program may not survive.
type Kind string

// The kinds, by what is done.
const (
	DropsTable        Kind = "drop-table"
	RenamesTable      Kind = "rename-table"
	DropsColumn       Kind = "drop-column"
	RenamesColumn     Kind = "rename-column"
	AddsMandatory     Kind = "add-mandatory-column" // it must not be NULL, and the old program gives it no value
	Retypes           Kind = "change-type"
	Computes          Kind = "compute-column"
	StopsCounting     Kind = "stop-counting"
	SetsNotNull       Kind = "set-not-null"
	DropsDefault      Kind = "drop-default"
	AddsUnique        Kind = "add-unique"
	AddsCheck         Kind = "add-check"
	AddsForeignKey    Kind = "add-foreign-key"
	DropsKey          Kind = "drop-unique" // also of a primary key or an index
	RenamesConstraint Kind = "rename-constraint"
	RunsSQL           Kind = "sql"
	RunsCode          Kind = "code"
)

// Reason is why the old program cannot run on the new schema, or what it must not do.
type Reason struct {
	Kind    Kind
	Text    string
	Instead string // what to do, in several releases; empty where the revision says that it does no harm
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
	mendFirst = "let one release write no such rows, mend those that are there, and add the rule for the next"
	bothNames = "let {db} migrate --online write it: both names work until a later revision drops the old one"
)

// instead says what to do about each kind. {db} is the command.
var instead = map[Kind]string{
	DropsTable:    "let one release do without it, and drop it for the next",
	RenamesTable:  bothNames,
	DropsColumn:   "let one release do without it, while it may be NULL or has a default, and drop it for the next",
	RenamesColumn: bothNames,
	AddsMandatory: "let it be NULL or give it a default, let one release fill it, and make it NOT NULL for the next",
	Retypes:       "add another column of that type, let one release write both, and drop the old one for the next",
	Computes:      "add another column that is computed, let one release read it, and drop the old one for the next",
	StopsCounting: "let one release write it, and stop filling it for the next",
	SetsNotNull:   "let one release write no NULL, fill what is NULL, and make it NOT NULL for the next",
	DropsDefault:  "let one release write it, and drop the default for the next",
	AddsUnique:    mendFirst,
	AddsCheck:     mendFirst,
	AddsForeignKey: "let one release write and delete no such rows, mend those that are there, and add the key " +
		"for the next",
	DropsKey:          "let one release do without it, and drop it for the next",
	RenamesConstraint: "let one release do without its name, and rename it for the next",
	RunsSQL:           "say what it changes, with Declares",
	RunsCode:          "say what it changes, with Declares",
}
