// Package hint is about errors with a next step: one line says what is wrong, the next what to do about it.
//
// Errors say what to do by a method Hint; for those of database drivers and of the operating system, this package knows
// it. A hint that names a command of the engine writes {db} for what comes before the subcommand, as in "{db} upgrade",
// since only the program knows how people type it; Fill puts the name in.
package hint

import (
	"errors"
	"strings"
)

// Fill puts the name of the command into a hint or a help text.
func Fill(text, command string) string { return strings.ReplaceAll(text, "{db}", command) }

// Hinter is an error that says what to do about it.
type Hinter interface {
	error
	Hint() string
}

// hinted is an error with a hint of its own.
type hinted struct {
	error

	hint string
}

func (e *hinted) Unwrap() error { return e.error }

// Hint says what to do about it.
func (e *hinted) Hint() string { return e.hint }

// New returns err with a hint, which replaces any that err has already.
func New(err error, hint string) error { return &hinted{err, hint} }

// Of returns the hint of an error, or an empty string where nothing is known.
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

// Bind returns err with its hint, in which the command has its name. nil, and an error without a hint, stay as they
// are.
func Bind(err error, command string) error {
	text := Of(err)
	if text == "" {
		return err
	}
	return New(err, Fill(text, command))
}

// Lines returns err with a text of two lines: what is wrong and, where it is known, what to do about it. nil stays nil.
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
