package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/hint"
)

// verdict combines the failures of a check. It prints several heads in any case; they are the error only if there is no
// other.
func (s *session) verdict(found []error) error {
	heads := s.checkOneHead()
	if err := allErrors(found); err != nil {
		return err
	}
	return heads
}

// checkOneHead prints the heads if there are several. They are an error unless each is on a branch with its own labels:
// such branches are meant to stay apart.
func (s *session) checkOneHead() error {
	heads := s.heads(false)
	if s.checked != nil {
		s.checked.Heads = ids(heads)
	}
	if len(heads) < 2 {
		return nil
	}
	var branches []string
	for _, h := range heads {
		branches = append(branches, strings.Join(h.Branches, ", "))
	}
	err := &headsError{ids(heads)}
	if s.checked == nil {
		s.printer().text(err.Error() + "\n")
	}
	slices.Sort(branches)
	if len(slices.Compact(branches)) == len(heads) {
		return nil
	}
	return err
}

// headsError is returned for a history with several heads.
type headsError struct{ heads []string }

func (e *headsError) Error() string {
	return "Multiple heads are present: " + strings.Join(e.heads, ", ")
}

// Hint says what to do about it.
func (e *headsError) Hint() string {
	return "{db} merge heads joins them; label branches that should stay apart (--branch-label)"
}

// behindError is returned for a database that lacks revisions, worded as in Alembic.
type behindError struct {
	revisions int
	several   bool // whether there are several heads
}

func (e *behindError) Error() string { return "Target database is not up to date." }

// Hint says what to do about it.
func (e *behindError) Hint() string {
	command := "{db} upgrade"
	if e.several {
		command += " heads"
	}
	if e.revisions == 1 {
		return "1 revision is not applied: " + command + " applies it"
	}
	return fmt.Sprintf("%d revisions are not applied: %s applies them", e.revisions, command)
}

// allErrors combines errors, some of which are nil. Equal errors count once, because a history that cannot be replayed
// fails every check.
func allErrors(found []error) error {
	var texts, hints []string
	var all []error
	for _, err := range found {
		if err == nil || slices.Contains(texts, err.Error()) {
			continue
		}
		all, texts = append(all, err), append(texts, err.Error())
		if h := hint.Of(err); h != "" {
			hints = append(hints, h)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	for i, text := range texts[:len(texts)-1] {
		texts[i] = strings.TrimSuffix(text, ".") + "."
	}
	return hint.New(&combined{errors.Join(all...), strings.Join(texts, " ")}, strings.Join(hints, "; "))
}

// combined is several errors in one line.
type combined struct {
	error

	text string
}

func (e *combined) Error() string { return e.text }

// Unwrap returns the errors.
func (e *combined) Unwrap() error { return e.error }
