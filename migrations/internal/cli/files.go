package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
)

// proposal is a revision to be written.
type proposal struct {
	graph.Proposal

	message string
	given   bool // the id is given, not random
}

// on returns the proposal of a revision on top of a head.
func (p proposal) on(head string) proposal {
	p.Heads = []string{head}
	return p
}

// revision writes an empty revision and returns the path of its file.
func (s *session) revision(p proposal) (string, error) {
	if err := s.complete(&p); err != nil {
		return "", err
	}
	node, err := s.Graph.Propose(p.Proposal)
	if err != nil {
		return "", err
	}
	return s.write(node, p.message)
}

// fork returns the fork that a merge of the heads would join, and its conflicts.
func (s *session) fork(p *proposal) (runner.Fork, []string, error) {
	if err := s.complete(p); err != nil {
		return runner.Fork{}, nil, err
	}
	node, err := s.Graph.Merge(p.Proposal)
	if err != nil {
		return runner.Fork{}, nil, s.explainMerge(err)
	}
	fork, err := s.Fork(node.Down...)
	if err != nil {
		return runner.Fork{}, nil, err
	}
	conflicts, err := s.conflicts(node.Down)
	return fork, conflicts, err
}

// conflicts compares the heads in pairs, each since its branch point.
func (s *session) conflicts(heads []string) ([]string, error) {
	var all []string
	for i, left := range heads {
		for _, right := range heads[i+1:] {
			fork, err := s.Fork(left, right)
			if err != nil {
				return nil, err
			}
			clashes, err := diff.Clashes(fork.Base, diffSide(fork.Sides[0]), diffSide(fork.Sides[1]))
			if err != nil {
				return nil, err
			}
			all = append(all, clashes...)
		}
	}
	return all, nil
}

func diffSide(side runner.Side) diff.Side {
	return diff.Side{Name: side.Head, Operations: slices.Concat(side.Operations...)}
}

// explainMerge says what can be merged instead of a revision that is not a head. The reference suggests --splice, which
// a merge does not have.
func (s *session) explainMerge(err error) error {
	if _, ok := errors.AsType[*graph.NotHeadError](err); !ok {
		return err
	}
	heads := s.Graph.Heads()
	if len(heads) < 2 {
		return hint.New(err, "a merge needs several heads, and there is only one: "+list(heads))
	}
	return hint.New(err, "a merge joins heads: name two or more of "+list(heads))
}

// merge writes a revision that revises several heads and returns the path of its file.
func (s *session) merge(p proposal) (string, error) {
	node, err := s.Graph.Merge(p.Proposal)
	if err != nil {
		return "", err
	}
	return s.write(node, p.message)
}

// complete sets a random id if none is given: twelve hexadecimal digits, as in Alembic.
func (s *session) complete(p *proposal) error {
	if p.ID != "" {
		return nil
	}
	var random [6]byte
	if _, err := io.ReadFull(s.program.Random, random[:]); err != nil {
		return fmt.Errorf("generate a revision id: %w", err)
	}
	p.ID = hex.EncodeToString(random[:])
	return nil
}

// write creates the file of an empty revision. On failure it leaves no file.
func (s *session) write(node graph.Node, message string) (string, error) {
	return s.writeFile(s.blank(node, message))
}

// blank returns an empty revision.
func (s *session) blank(node graph.Node, message string) render.Revision {
	return render.Revision{
		ID: node.ID, Message: message, Down: node.Down, DependsOn: node.DependsOn, Labels: node.Labels,
		Created: s.program.Now(),
	}
}

// writeFile creates the file of a revision. On failure it leaves no file.
func (s *session) writeFile(r render.Revision) (string, error) {
	name, err := s.fileName(r)
	if err != nil {
		return "", err
	}
	text, err := render.File(r)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(s.env.versions()); errors.Is(err, fs.ErrNotExist) {
		return "", &noDirectoryError{directory: s.env.Directory}
	}
	path := filepath.Join(s.env.versions(), name)
	if err := writeNew(path, text); err != nil {
		return "", fmt.Errorf("write a revision: %w", err)
	}
	return path, nil
}

// fileName returns a name for the file of a new revision. It is an error if a file has that name in any case, since
// some file systems ignore case.
func (s *session) fileName(r render.Revision) (string, error) {
	name, err := render.FileName(s.env.FileTemplate, r)
	if err != nil {
		return "", err
	}
	taken, _ := os.ReadDir(s.env.versions()) // if this fails, writing fails too
	for _, entry := range taken {
		if strings.EqualFold(entry.Name(), name) {
			return "", hint.New(fmt.Errorf("the file for revision %s would be %s, but %s exists already", r.ID, name,
				entry.Name()), "choose another --rev-id")
		}
	}
	return name, nil
}

// writeNew writes a file that must not exist. On failure it leaves no file.
func writeNew(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // sources are public
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// edit opens the files of the revisions that a target names.
func (s *session) edit(ctx context.Context, target string) error {
	revisions, err := s.find(ctx, target)
	if err != nil {
		return err
	}
	if len(revisions) == 0 {
		return &noFileError{target}
	}
	for _, r := range revisions {
		path := filepath.Join(s.env.versions(), r.File)
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("edit revision %s: %w", r.ID, err)
		}
		if err := s.program.edit(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// noFileError is returned if the target of edit names no revision, worded as in the reference.
type noFileError struct{ target string }

func (e *noFileError) Error() string {
	if e.target == "current" {
		return "No current revisions"
	}
	return fmt.Sprintf("No revision files indicated by symbol '%s'", e.target)
}

// Hint says how to list revisions.
func (e *noFileError) Hint() string { return "{db} history lists the revisions" }
