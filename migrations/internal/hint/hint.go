// Package hint adds a next step to errors: one line says what is wrong, the next what to do about it.
//
// An error has its hint in a method Hint; this package has those for errors of database drivers and of the operating
// system. A hint writes a command as in "{db} upgrade", since only the program knows how users type it; Fill replaces
// {db}.
package hint

import (
	"errors"
	"strings"
)

// Fill replaces {db} in a hint or help text by the name of the command.
func Fill(text, command string) string { return strings.ReplaceAll(text, "{db}", command) }

// Hinter is an error with a hint.
type Hinter interface {
	error
	Hint() string
}

// hinted is an error with its own hint.
type hinted struct {
	error

	hint string
}

func (e *hinted) Unwrap() error { return e.error }

// Hint says what to do about it.
func (e *hinted) Hint() string { return e.hint }

// New returns err with a hint, which replaces the one it has.
func New(err error, hint string) error { return &hinted{err, hint} }

// Of returns the hint of an error, or "".
func Of(err error) string {
	if err == nil {
		return ""
	}
	if hinter, ok := errors.AsType[Hinter](err); ok && hinter.Hint() != "" {
		return hinter.Hint()
	}
	for _, known := range known {
		if known.is(err) {
			return known.hint
		}
	}
	return ""
}

// Bind returns err with the name of the command filled into its hint. It returns nil, and an error without a hint,
// unchanged.
func Bind(err error, command string) error {
	text := Of(err)
	if text == "" {
		return err
	}
	return New(err, Fill(text, command))
}

// Lines returns err with the hint, if any, as the second line of its text. It returns nil for nil.
func Lines(err error, command string) error {
	if err == nil {
		return nil
	}
	return &lines{err, Fill(Of(err), command)}
}

type lines struct {
	error

	hint string
}

func (e *lines) Unwrap() error { return e.error }

// Hint returns the second line.
func (e *lines) Hint() string { return e.hint }

func (e *lines) Error() string {
	words := strings.Split(e.error.Error(), "\n")
	for i, line := range words {
		words[i] = strings.TrimSpace(line)
	}
	text := strings.Join(words, " ")
	if e.hint != "" {
		text += "\n" + e.hint
	}
	return text
}
