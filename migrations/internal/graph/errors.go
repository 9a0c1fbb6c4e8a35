package graph

import (
	"fmt"
	"strings"
)

// fault is an error whose text is all there is to it.
type fault string

func (f fault) Error() string { return string(f) }

// Errors without nouns, to be compared with errors.Is.
const (
	// ErrAmbiguousUpgrade is "+N" with several current heads.
	ErrAmbiguousUpgrade = fault("Ambiguous upgrade from multiple current revisions")
	// ErrNotBelowHeads is a downgrade target narrowed to a branch that does not
	// build on it.
	ErrNotBelowHeads = fault("Not a valid downgrade target from current heads")
	// ErrDuplicateHeads is a revision based twice on the same head.
	ErrDuplicateHeads = fault("Duplicate head revisions specified")
	// ErrNotAtHeads is [Graph.CheckHeads] failing.
	ErrNotAtHeads = fault("Database is not on all head revisions")
	// ErrRangeNotAllowed is "a:b" where one revision is wanted.
	ErrRangeNotAllowed = fault("Range revision not allowed")
	// ErrRangeForm is a history range without its colon.
	ErrRangeForm = fault("History range requires [start]:[end], [start]:, or :[end]")
	// ErrOfflineDowngrade is an offline downgrade without its starting point.
	ErrOfflineDowngrade = fault("downgrade with --sql requires <fromrev>:<torev>")
)

// Hint says what to do about it.
func (f fault) Hint() string {
	switch f {
	case ErrAmbiguousUpgrade:
		return "name the branch, as in '<branchname>@+1', or a revision"
	case ErrNotBelowHeads:
		return "name a revision or a branch that is applied; {db} current shows them"
	case ErrDuplicateHeads:
		return "name each head once"
	case ErrNotAtHeads:
		return "run {db} upgrade heads, or {db} current to see the current revision"
	case ErrRangeNotAllowed:
		return "a range is only for --sql; name the revision to go to"
	case ErrRangeForm:
		return "as in -r 8f0c:head, -r 8f0c: or -r :8f0c"
	case ErrOfflineDowngrade:
		return "SQL is written without looking at the database: say where it stands, as in head:-1"
	}
	return ""
}

// UnknownRevisionError is an identifier that names no revision, or not exactly one.
type UnknownRevisionError struct {
	Argument   string // the id, prefix or label looked for
	Reason     string // why it was not found
	Nearest    string // a known id or label much like it, or empty
	ReplacedBy string // the revision that does what it did, and more; or empty
}

func (e *UnknownRevisionError) Error() string {
	return fmt.Sprintf("Can't locate revision identified by '%s'", e.Argument)
}

// Hint says where the names are, and which was probably meant; why the name was not found is said only where it is more
// than that there is none.
func (e *UnknownRevisionError) Hint() string {
	hint := "{db} history lists them"
	if alike(e.Argument, e.Nearest) {
		hint = "did you mean " + e.Nearest + "? " + hint
	}
	if strings.HasPrefix(e.Reason, "No such ") {
		return hint
	}
	return strings.TrimRight(e.Reason, ".") + "; " + hint
}

// UnknownAppliedError is an id recorded as applied that no file declares.
type UnknownAppliedError struct {
	ID      string
	Others  []string // further such ids
	Nearest string   // the known id most like it; empty only if there is none at all
}

func (e *UnknownAppliedError) Error() string {
	return fmt.Sprintf("Can't locate revision identified by '%s'", e.ID)
}

// Hint names the nearest known revision and the way out.
func (e *UnknownAppliedError) Hint() string {
	hint := "the database says it is applied, but no revision file declares it"
	if alike(e.ID, e.Nearest) {
		hint += " (did you mean '" + e.Nearest + "'?)"
	}
	if len(e.Others) > 0 {
		hint += ", nor " + strings.Join(e.Others, ", ")
	}
	return hint + ": get the file back, or {db} stamp the revision that the database is really at"
}

// Use is what a single head was wanted for; it decides the wording.
type Use int

// The uses of a single head.
const (
	AsTarget Use = iota // of an upgrade, a downgrade, or to be shown
	AsStamp             // of a stamp
	AsParent            // of a new revision
)

// MultipleHeadsError is a single head asked for where there are several.
type MultipleHeadsError struct {
	Argument string
	Heads    []string
	Use      Use
}

func (e *MultipleHeadsError) Error() string {
	switch e.Use {
	case AsStamp:
		return "Multiple heads are present; please specify a single target revision"
	case AsParent:
		return "Multiple heads are present; please specify the head revision on which " +
			"the new revision should be based, or perform a merge."
	}
	return fmt.Sprintf("Multiple head revisions are present for given argument '%[1]s'; "+
		"please specify a specific target revision, '<branchname>@%[1]s' to narrow to a "+
		"specific head, or 'heads' for all heads", e.Argument)
}

// Hint lists the heads.
func (e *MultipleHeadsError) Hint() string {
	return "the heads are " + strings.Join(e.Heads, ", ")
}

// RelativeError is a relative identifier that leads out of the graph.
type RelativeError struct {
	Relative string // the steps as written, such as "-1"
	TooFar   bool   // counted from a named revision, not from the current state
}

func (e *RelativeError) Error() string {
	if e.TooFar {
		return "Walked too far"
	}
	return fmt.Sprintf("Relative revision %s didn't produce %s migrations",
		e.Relative, strings.TrimLeft(e.Relative, "+-"))
}

// Hint says where to look.
func (e *RelativeError) Hint() string {
	return "there are not that many revisions in that direction; {db} history -i shows the current revision"
}

// AmbiguousWalkError is a relative step at a place where ways part.
type AmbiguousWalkError struct {
	From    string   // the revision the step starts from; empty for <base>
	Choices []string // where it may lead
}

func (e *AmbiguousWalkError) Error() string { return "Ambiguous walk" }

// Hint says what may be typed instead.
func (e *AmbiguousWalkError) Hint() string {
	from := e.From
	if from == "" {
		from = "<base>"
	}
	return fmt.Sprintf("from %s the way leads to %s; name one of them instead",
		from, strings.Join(e.Choices, " or "))
}

// ManyStartsError is steps down from a database with several heads.
type ManyStartsError struct {
	Relative string   // the steps as written, such as "-1"
	Label    string   // the branch that they were narrowed to, or empty
	Starts   []string // the heads
}

func (e *ManyStartsError) Error() string {
	if e.Label != "" {
		return "Ambiguous walk" // which is Alembic's word for it
	}
	return fmt.Sprintf("downgrade %s from multiple heads is ambiguous", e.Relative)
}

// Targets returns what each choice is written as, in the order of Starts.
func (e *ManyStartsError) Targets() []string {
	targets := make([]string, 0, len(e.Starts))
	for _, start := range e.Starts {
		targets = append(targets, start+"@"+e.Relative)
	}
	return targets
}

// Hint says what may be typed instead.
func (e *ManyStartsError) Hint() string {
	return "say from which: " + strings.Join(e.Targets(), " or ")
}

// DestinationError is a downgrade target that the database is not above.
type DestinationError struct{ Destination string }

func (e *DestinationError) Error() string {
	return fmt.Sprintf("Destination %s is not a valid downgrade target from current head(s)",
		e.Destination)
}

// Hint explains the two ways to get here.
func (e *DestinationError) Hint() string {
	return "it is not applied, or held only because another revision depends on it"
}

// RangeError is a range whose ends do not lie on one line.
type RangeError struct{ Lower, Upper string }

func (e *RangeError) Error() string {
	return fmt.Sprintf("Requested range %s:%s does not refer to ancestor/descendant "+
		"revisions along the same branch", e.Lower, e.Upper)
}

// Hint says what to do about it.
func (e *RangeError) Hint() string {
	return "name the older revision first; {db} history --graph shows the branches"
}

// OverlapError is several targets of which one is an ancestor of another.
type OverlapError struct {
	Revision string
	Others   []string
}

func (e *OverlapError) Error() string {
	return fmt.Sprintf("Requested revision %s overlaps with other requested revisions %s",
		e.Revision, strings.Join(e.Others, ", "))
}

// Hint says which to leave out.
func (e *OverlapError) Hint() string {
	return fmt.Sprintf("%s builds on %s: name only the one to end at", e.Revision, strings.Join(e.Others, ", "))
}

// NotHeadError is a new revision based on one that is revised already.
type NotHeadError struct {
	Revision string
	Next     []string // what revises it
}

func (e *NotHeadError) Error() string {
	return fmt.Sprintf("Revision %s is not a head revision; please specify --splice to "+
		"create a new branch from this revision", e.Revision)
}

// Hint names the revisions that came after.
func (e *NotHeadError) Hint() string {
	return "it is revised by " + strings.Join(e.Next, ", ")
}

// NothingToMergeError is a merge of fewer than two heads.
type NothingToMergeError struct{ Heads []string }

func (e *NothingToMergeError) Error() string {
	if len(e.Heads) == 0 {
		return "Nothing to merge: no heads given"
	}
	return fmt.Sprintf("Nothing to merge: %s is the only head given", e.Heads[0])
}

// Hint says what a merge is of.
func (e *NothingToMergeError) Hint() string {
	return "a merge joins two heads or more, as in 'merge heads'"
}
