package migrations

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// draft is a revision made from the models, before it is written.
type draft struct {
	node   graph.Node
	file   render.Revision
	below  []string      // ids that count as applied before it
	before schema.Schema // what they lead to
	after  schema.Schema // what the models want
	plan   diff.Plan
	aside  []string // heads that part from it, whose changes it does not know
}

// errNoModels keeps a program that forgot to name its models from dropping every table.
var errNoModels error = &hinted{
	errors.New("the program names no models"),
	"set Models in its migrations.Environment",
}

// draft makes the revision that brings the history to the models. It is empty where nothing has changed.
func (s *session) draft(ctx context.Context, p proposal, renames []string) (*draft, error) {
	if s.env.Models == nil {
		return nil, errNoModels
	}
	if err := s.complete(&p); err != nil {
		return nil, err
	}
	node, err := s.Graph.Propose(p.Proposal)
	if err != nil {
		return nil, err
	}
	d := &draft{node: node}
	if err := s.locate(d); err != nil {
		return nil, err
	}
	if d.after, err = s.wanted(d.before); err != nil {
		return nil, err
	}
	accepted, err := s.renames(ctx, d.before, d.after, renames)
	if err != nil {
		return nil, err
	}
	if d.plan, err = diff.Diff(d.before, d.after, accepted...); err != nil {
		return nil, &hinted{err, diffHint(accepted)}
	}
	d.file = s.blank(node, p.message)
	d.file.Upgrade, d.file.Downgrade = steps(d.plan.Upgrade), steps(d.plan.Downgrade)
	return d, s.checkAlone(d)
}

// diffHint says what to do where no revision can be made: a wrong rename is the one cause that is known.
func diffHint(renames []diff.Rename) string {
	if len(renames) > 0 {
		return renameHint
	}
	return "write the change by hand with db revision"
}

// wanted is the schema of the models, on top of a history.
func (s *session) wanted(history schema.Schema) (schema.Schema, error) {
	read, err := models.Schema(s.env.Models, nil)
	if err != nil {
		return schema.Schema{}, &hinted{err, "mend the model, and rebuild the program"}
	}
	return diff.Inherit(history, read), nil
}

// locate finds what is there before the revision: what it builds on, and the lines of history that have nothing in
// common with that, as the models are those of all lines.
func (s *session) locate(d *draft) error {
	with, err := s.Graph.With(d.node)
	if err != nil {
		return err
	}
	isNew := func(id string) bool { return id == d.node.ID }
	own := slices.DeleteFunc(with.Ancestors(d.node.ID), isNew)
	lines := own
	for _, head := range s.Graph.Heads() {
		switch line := s.Graph.Ancestors(head); {
		case slices.Contains(own, head):
		case slices.ContainsFunc(line, func(id string) bool { return slices.Contains(own, id) }):
			d.aside = append(d.aside, head)
		default:
			lines = append(lines, line...)
		}
	}
	for _, r := range s.Graph.Revisions() {
		if slices.Contains(lines, r.ID) {
			d.below = append(d.below, r.ID)
		}
	}
	d.before, err = s.SchemaAt(d.below)
	return err
}

// checkAlone checks that the revision can be applied when only what it builds on is: a history in which it cannot would
// not be readable any more.
func (s *session) checkAlone(d *draft) error {
	with, err := s.Graph.With(d.node)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(with.Ancestors(d.node.ID), func(id string) bool { return id == d.node.ID })
	if len(own) == len(d.below) {
		return nil
	}
	alone, err := s.SchemaAt(own)
	if err != nil {
		return err
	}
	if _, err := op.ApplyAll(alone, diff.Operations(d.plan.Upgrade)); err != nil {
		return &hinted{
			fmt.Errorf("the revision needs what another line of the history does: %w", err),
			"name it with --depends-on, or build on it with --head",
		}
	}
	return nil
}

// steps are operations and their warnings, as a file shows them.
func steps(planned []diff.Step) []render.Step {
	all := make([]render.Step, 0, len(planned))
	for _, s := range planned {
		all = append(all, render.Step{Operation: s.Operation, Comments: s.Comments()})
	}
	return all
}

// revision is the draft as the program will have it.
func (d *draft) revision() revision.Revision {
	record := func(planned []diff.Step) func(m *op.Migration) {
		return func(m *op.Migration) { m.Add(diff.Operations(planned)...) }
	}
	return revision.Revision{
		ID: d.node.ID, DownRevision: d.node.Down, DependsOn: d.node.DependsOn, BranchLabels: d.node.Labels,
		Upgrade: record(d.plan.Upgrade), Downgrade: record(d.plan.Downgrade),
	}
}

// preview prints the file and the SQL that it becomes.
func (s *session) preview(d *draft) error {
	text, err := render.File(d.file)
	if err != nil {
		return err
	}
	s.printer().text(string(text))
	with, err := runner.NewHistory(runner.DefaultTable, append(s.env.Registry.Revisions(), d.revision()))
	if err != nil {
		return err
	}
	plan, err := with.Graph.Upgrade(d.below, d.node.ID)
	if err != nil {
		return err
	}
	for _, dialect := range schema.Dialects() {
		script, err := with.Script(dialect, d.below, plan)
		if err != nil {
			return err
		}
		s.printer().script(dialect, script.Text)
	}
	return nil
}
