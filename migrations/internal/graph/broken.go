package graph

import (
	"fmt"
	"strings"
)

// The errors in this file are those of [New]. The text is one line that names the revisions and files; only CycleError,
// whose line is Alembic's, has the files in its hint.

// InvalidIDError is a malformed revision id.
type InvalidIDError struct {
	ID         string
	Characters string // the forbidden ones, joined by ", "; empty for a reserved word
	File       string
}

func (e *InvalidIDError) Error() string {
	if e.Characters == "" {
		return fmt.Sprintf("Revision identifier '%s' is empty or a reserved word%s",
			e.ID, in(e.File))
	}
	return fmt.Sprintf("Character(s) '%s' not allowed in revision identifier '%s'%s",
		e.Characters, e.ID, in(e.File))
}

// Hint says which characters to use.
func (e *InvalidIDError) Hint() string {
	return "use letters, digits and underscores"
}

// InvalidLabelError is a malformed branch label.
type InvalidLabelError struct {
	Label      string
	Characters string // the forbidden ones, joined by ", "; empty for a reserved word
	Revision   string
	File       string
}

func (e *InvalidLabelError) Error() string {
	if e.Characters == "" {
		return fmt.Sprintf("Branch name '%s' is empty or a reserved word%s",
			e.Label, in(e.File))
	}
	return fmt.Sprintf("Character(s) '%s' not allowed in branch name '%s'%s",
		e.Characters, e.Label, in(e.File))
}

// Hint says which characters to use.
func (e *InvalidLabelError) Hint() string {
	return "use letters, digits and underscores"
}

// DuplicateRevisionError is an id declared twice.
type DuplicateRevisionError struct {
	ID    string
	Files [2]string // in load order; empty for a revision not written yet
}

func (e *DuplicateRevisionError) Error() string {
	text, link := fmt.Sprintf("Revision %s is present more than once", e.ID), ": in "
	for _, file := range e.Files {
		if file != "" {
			text, link = text+link+file, " and in "
		}
	}
	return text
}

// Hint says what to do about it.
func (e *DuplicateRevisionError) Hint() string {
	return "give one of them another id, in its file name, comment and code"
}

// DuplicateLabelError is a label that another revision declares or has as its id.
type DuplicateLabelError struct {
	Label     string
	Revisions [2]string // in load order
	Files     [2]string
}

func (e *DuplicateLabelError) Error() string {
	return fmt.Sprintf("Branch name '%s' in revision %s already used by revision %s",
		e.Label, named(e.Revisions[1], e.Files[1]), named(e.Revisions[0], e.Files[0]))
}

// Hint says what to do about it.
func (e *DuplicateLabelError) Hint() string {
	return "remove the label from one of them"
}

// MissingRevisionError is a parent or dependency that does not exist.
type MissingRevisionError struct {
	ID         string // the missing revision
	Dependency bool   // it is in DependsOn, not in DownRevision
	From       string // the revision that names it
	File       string // of From
	Nearest    string // a similar known name, or empty
}

func (e *MissingRevisionError) Error() string {
	return fmt.Sprintf("Revision %s referenced from %s is not present",
		e.ID, named(e.From, e.File))
}

// Hint names the revision that was probably meant, if any.
func (e *MissingRevisionError) Hint() string {
	text := "restore its file, or correct the down revision"
	if e.Dependency {
		text = "restore its file, or correct the dependency"
	}
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean '%s'?", e.Nearest)
	}
	return text
}

// CycleError is a graph with a cycle.
type CycleError struct {
	Revisions  []string // those that the cycle cuts off, including its own
	Dependency bool     // a dependency closes the cycle
	Self       bool     // a revision names itself
	Path       []string // one cycle: each revision builds on the next, the last on the first
	Files      []string // of the revisions in Path
}

func (e *CycleError) Error() string {
	kind := "Cycle"
	if e.Self {
		kind = "Self-loop"
	}
	if e.Dependency {
		kind = "Dependency " + strings.ToLower(kind)
	}
	return fmt.Sprintf("%s is detected in revisions (%s)", kind, strings.Join(e.Revisions, ", "))
}

// Hint shows one cycle, with the files.
func (e *CycleError) Hint() string {
	steps := make([]string, 0, len(e.Path)+1)
	for i, id := range e.Path {
		steps = append(steps, named(id, e.Files[i]))
	}
	steps = append(steps, e.Path[0])
	return "the cycle is " + strings.Join(steps, " -> ") + "; correct one of these"
}

func named(id, file string) string {
	if file == "" {
		return id
	}
	return id + " (" + file + ")"
}

func in(file string) string {
	if file == "" {
		return ""
	}
	return " in " + file
}
