package graph

import (
	"fmt"
	"strings"
)

// textError is an error without fields.
type textError string

func (e textError) Error() string { return string(e) }

// The errors without fields, for errors.Is.
const (
	// ErrAmbiguousUpgrade is "+N" with several current heads.
	ErrAmbiguousUpgrade = textError("Ambiguous upgrade from multiple current revisions")
	// ErrNotBelowHeads is a downgrade target narrowed to a branch that does not build on it.
	ErrNotBelowHeads = textError("Not a valid downgrade target from current heads")
	// ErrDuplicateHeads is a new revision based on the same head twice.
	ErrDuplicateHeads = textError("Duplicate head revisions specified")
	// ErrNotAtHeads is returned by [Graph.CheckHeads].
	ErrNotAtHeads = textError("Database is not on all head revisions")
	// ErrRangeNotAllowed is "a:b" where a single revision is expected.
	ErrRangeNotAllowed = textError("Range revision not allowed")
	// ErrRangeForm is a history range without its colon.
	ErrRangeForm = textError("History range requires [start]:[end], [start]:, or :[end]")
	// ErrOfflineDowngrade is an offline downgrade without its starting point.
	ErrOfflineDowngrade = textError("downgrade with --sql requires <fromrev>:<torev>")
)

// Hint says what to do about it.
func (e textError) Hint() string {
	switch e {
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
		return "--sql does not read the database: name the revision it is at, as in head:-1"
	}
	return ""
}

// UnknownRevisionError is an identifier that does not name exactly one revision.
type UnknownRevisionError struct {
	Argument   string // the id, prefix or label
	Reason     string // why it was not found
	Nearest    string // a similar known id or label, or empty
	ReplacedBy string // the revision that replaces it and later ones, or empty
}

func (e *UnknownRevisionError) Error() string {
	return fmt.Sprintf("Can't locate revision identified by '%s'", e.Argument)
}

// Hint says which revision was probably meant and which command lists them. The reason comes first, unless it is only
// that there is no such revision.
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
	Nearest string   // the most similar known id; empty in an empty graph
}

func (e *UnknownAppliedError) Error() string {
	return fmt.Sprintf("Can't locate revision identified by '%s'", e.ID)
}

// Hint names a similar known revision, if any, and says what to do about it.
func (e *UnknownAppliedError) Hint() string {
	hint := "the database says it is applied, but no revision file declares it"
	if alike(e.ID, e.Nearest) {
		hint += " (did you mean '" + e.Nearest + "'?)"
	}
	if len(e.Others) > 0 {
		hint += ", nor " + strings.Join(e.Others, ", ")
	}
	return hint + ": restore the file, or {db} stamp the revision that the database is really at"
}

// Use is the purpose of a single head. It decides the wording of an error.
type Use int

// The uses of a single head.
const (
	AsTarget Use = iota // the target of an upgrade or downgrade, or a revision to show
	AsStamp             // the target of a stamp
	AsParent            // the parent of a new revision
)

// MultipleHeadsError is an argument that needs a single head where there are several.
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

// Hint says which command shows the current revision.
func (e *RelativeError) Hint() string {
	return "there are not that many revisions in that direction; {db} history -i shows the current revision"
}

// AmbiguousWalkError is a relative step at a branch point or merge point.
type AmbiguousWalkError struct {
	From    string   // the revision the step starts from; empty for <base>
	Choices []string // the revisions it may lead to
}

func (e *AmbiguousWalkError) Error() string { return "Ambiguous walk" }

// Hint lists the choices.
func (e *AmbiguousWalkError) Hint() string {
	from := e.From
	if from == "" {
		from = "<base>"
	}
	return fmt.Sprintf("a step from %s leads to %s; name one of them instead",
		from, strings.Join(e.Choices, " or "))
}

// ManyStartsError is a relative downgrade of a database with several heads.
type ManyStartsError struct {
	Relative string   // the steps as written, such as "-1"
	Label    string   // the branch, or empty
	Starts   []string // the heads
}

func (e *ManyStartsError) Error() string {
	if e.Label != "" {
		return "Ambiguous walk" // as in Alembic
	}
	return fmt.Sprintf("downgrade %s from multiple heads is ambiguous", e.Relative)
}

// Targets returns the target for each of Starts, such as "8f0c@-1".
func (e *ManyStartsError) Targets() []string {
	targets := make([]string, 0, len(e.Starts))
	for _, start := range e.Starts {
		targets = append(targets, start+"@"+e.Relative)
	}
	return targets
}

// Hint lists the targets to choose from.
func (e *ManyStartsError) Hint() string {
	return "name the head to start from: " + strings.Join(e.Targets(), " or ")
}

// DestinationError is a downgrade target that the database is not above.
type DestinationError struct{ Destination string }

func (e *DestinationError) Error() string {
	return fmt.Sprintf("Destination %s is not a valid downgrade target from current head(s)",
		e.Destination)
}

// Hint explains both causes.
func (e *DestinationError) Hint() string {
	return "it is not applied, or applied only because another revision depends on it"
}

// RangeError is a range whose ends are not on one line.
type RangeError struct{ Lower, Upper string }

func (e *RangeError) Error() string {
	return fmt.Sprintf("Requested range %s:%s does not refer to ancestor/descendant "+
		"revisions along the same branch", e.Lower, e.Upper)
}

// Hint says what to do about it.
func (e *RangeError) Hint() string {
	return "name the older revision first; {db} history --graph shows the branches"
}

// OverlapError is a target that is a descendant of other targets.
type OverlapError struct {
	Revision string
	Others   []string
}

func (e *OverlapError) Error() string {
	return fmt.Sprintf("Requested revision %s overlaps with other requested revisions %s",
		e.Revision, strings.Join(e.Others, ", "))
}

// Hint says which targets to omit.
func (e *OverlapError) Hint() string {
	return fmt.Sprintf("%s builds on %s: name only the one to end at", e.Revision, strings.Join(e.Others, ", "))
}

// NotHeadError is a new revision based on one that is already revised.
type NotHeadError struct {
	Revision string
	Next     []string // the revisions that revise it
}

func (e *NotHeadError) Error() string {
	return fmt.Sprintf("Revision %s is not a head revision; please specify --splice to "+
		"create a new branch from this revision", e.Revision)
}

// Hint names the revisions that revise it.
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

// Hint says what a merge takes.
func (e *NothingToMergeError) Hint() string {
	return "a merge takes two or more heads, as in 'merge heads'"
}
