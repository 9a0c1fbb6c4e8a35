package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/schema"
)

// renames returns the renames in the flags and, on a terminal, those that the user confirms.
func (s *session) renames(ctx context.Context, from, to schema.Schema, flags []string) ([]diff.Rename, error) {
	var accepted []diff.Rename
	for _, text := range flags {
		r, err := diff.ParseRename(text, from, to)
		if err != nil {
			return nil, hint.New(err, autogen.RenameHint)
		}
		accepted = append(accepted, r)
	}
	if !s.program.Interactive {
		return accepted, nil
	}
	answers := s.input()
	var declined []diff.Rename
	for {
		next, ok := undecided(diff.Candidates(from, to, accepted...), accepted, declined)
		if !ok {
			return accepted, nil
		}
		yes, err := s.ask(ctx, answers, next.Question())
		if err != nil {
			return nil, err
		}
		if yes {
			accepted = append(accepted, next)
		} else {
			declined = append(declined, next)
		}
	}
}

// undecided returns the first candidate that is neither declined nor in conflict with an accepted one.
func undecided(candidates, accepted, declined []diff.Rename) (diff.Rename, bool) {
	i := slices.IndexFunc(candidates, func(r diff.Rename) bool {
		return !slices.Contains(declined, r) && !slices.ContainsFunc(accepted, r.Overlaps)
	})
	if i < 0 {
		return diff.Rename{}, false
	}
	return candidates[i], true
}

// input returns the reader of standard input: one for the whole command, because it reads ahead.
func (s *session) input() *bufio.Reader {
	if s.stdin == nil {
		s.stdin = bufio.NewReader(s.program.Stdin)
	}
	return s.stdin
}

// askStart asks from which of several heads to go down, and returns its target.
func (s *session) askStart(ctx context.Context, several *graph.ManyStartsError) (string, error) {
	s.notes().text("The database is at several heads:\n")
	targets := several.Targets()
	for i, head := range several.Starts {
		s.notes().text(strings.TrimSuffix("  "+targets[i]+"  "+s.Header(head).Message, "  ") + "\n")
	}
	s.notes().text("Which one? ")
	answer, _ := readLine(ctx, s.input()) // no answer means none
	answer = strings.TrimSpace(answer)
	for i, head := range several.Starts {
		if answer != "" && (answer == targets[i] || answer == head) {
			return targets[i], nil
		}
	}
	return "", several
}

// ask asks a question on the terminal. The end of the input, or of ctx, declines the whole command.
func (s *session) ask(ctx context.Context, answers *bufio.Reader, question string) (bool, error) {
	s.notes().text(question + " [y/N] ")
	answer, err := readLine(ctx, answers)
	if err != nil && answer == "" {
		s.notes().text("\n")
		if errors.Is(err, io.EOF) || ctx.Err() != nil {
			err = errDeclined
		}
		return false, err
	}
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y"), nil
}

// readLine reads a line, unless ctx ends first: nothing else interrupts reading from a terminal.
func readLine(ctx context.Context, from *bufio.Reader) (string, error) {
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := from.ReadString('\n')
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
