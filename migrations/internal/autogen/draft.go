// Package autogen generates revisions from models: it compares the models with the schema of a history, drafts the
// revision that leads from that schema to the models, and tries it on a scratch database, in memory or on a server. It
// asks no questions and prints nothing.
//
//	history ──▶ Compare ──▶ Change ──renames──▶ Draft ──▶ Try ──▶ warnings
//	models  ──▶                                   └─────▶ file
package autogen

import (
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// Models are a program's models, and the configuration with which it opens its database.
type Models struct {
	List   []any // structs, pointers to them, or models.Named
	Config *gorm.Config
	Table  string // records the applied ids
}

// errNoModels is returned for a program without models: a draft would drop every table.
var errNoModels = hint.New(errors.New("the program names no models"), "set Models in its migrations.Environment")

// wanted returns the schema of the models on top of a history, and warnings about tags that have no effect.
func (m Models) wanted(history schema.Schema) (schema.Schema, []string, error) {
	if m.List == nil {
		return schema.Schema{}, nil, errNoModels
	}
	read, warnings, err := models.Read(m.List, m.Config, m.Table)
	if err != nil {
		return schema.Schema{}, nil, hint.New(err, "correct the model, and rebuild the program")
	}
	return diff.Inherit(history, read), warnings, nil
}

// Change describes what a new revision has to change.
type Change struct {
	Node   graph.Node
	Below  []string      // ids of the revisions applied before it
	Before schema.Schema // the schema that these lead to
	After  schema.Schema // the schema of the models
	Vain   []string      // warnings about tags that GORM ignores
	Aside  []string      // heads of lines that branch off from its ancestors, whose changes it lacks

	history *runner.History
}

// Compare returns the change from the history to the models, for the revision of the node that the graph has proposed.
func Compare(history *runner.History, node graph.Node, m Models) (Change, error) {
	if m.List == nil {
		return Change{}, errNoModels
	}
	c := Change{Node: node, history: history}
	if err := c.locate(); err != nil {
		return Change{}, err
	}
	var err error
	c.After, c.Vain, err = m.wanted(c.Before)
	return c, err
}

// locate finds the revisions applied before the new one: its ancestors, and the lines of history unrelated to them,
// since the models are those of all lines.
func (c *Change) locate() error {
	own, err := c.ancestors()
	if err != nil {
		return err
	}
	lines := own
	for _, head := range c.history.Graph.Heads() {
		switch line := c.history.Graph.Ancestors(head); {
		case slices.Contains(own, head):
		case slices.ContainsFunc(line, func(id string) bool { return slices.Contains(own, id) }):
			c.Aside = append(c.Aside, head)
		default:
			lines = append(lines, line...)
		}
	}
	for _, r := range c.history.Graph.Revisions() {
		if slices.Contains(lines, r.ID) {
			c.Below = append(c.Below, r.ID)
		}
	}
	c.Before, err = c.history.SchemaAt(c.Below)
	return err
}

// ancestors returns the ids of the revisions on which the new one builds.
func (c *Change) ancestors() ([]string, error) {
	with, err := c.history.Graph.With(c.Node)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(with.Ancestors(c.Node.ID), func(id string) bool { return id == c.Node.ID }), nil
}

// Draft is a revision before it is written to a file.
type Draft struct {
	Change

	Plan diff.Plan

	Title         string   // of a part of a series; empty for a single revision
	NoTransaction bool     // as in revision.Revision
	Safe          string   // as in revision.Revision
	First         []string // what has to be done by hand before it is applied

	squash *squash // what it replaces; nil for a draft from the models
}

// RenameHint explains the two sides of a rename.
const RenameHint = "the name in the revisions goes on the left, the name in the models on the right"

// Draft plans the revision. Objects that the renames do not name are dropped and added. The plan is empty if nothing
// has changed.
func (c Change) Draft(renames ...diff.Rename) (Draft, error) {
	plan, err := diff.Diff(c.Before, c.After, renames...)
	switch {
	case err != nil && len(renames) > 0: // the only known cause
		return Draft{}, hint.New(err, RenameHint)
	case err != nil:
		return Draft{}, hint.New(err, "write the change by hand with {db} revision")
	}
	d := Draft{Change: c, Plan: plan}
	if err := d.warnOfTypes(); err != nil {
		return d, err
	}
	return d, d.checkAlone()
}

// checkAlone checks that the revision applies on top of its ancestors alone: otherwise the history could no longer be
// replayed.
func (d *Draft) checkAlone() error {
	own, err := d.ancestors()
	if err != nil || len(own) == len(d.Below) {
		return err
	}
	before, err := d.history.SchemaAt(own)
	if err != nil {
		return err
	}
	if _, err := op.ApplyAll(before, diff.Operations(d.Plan.Upgrade)); err != nil {
		return hint.New(fmt.Errorf("the revision needs changes of another line of the history: %w", err),
			"name it with --depends-on, or build on it with --head")
	}
	return nil
}

// Fill writes the plan into the two functions of a revision file.
func (d *Draft) Fill(file *render.Revision) {
	file.Upgrade, file.Downgrade = Steps(d.Plan.Upgrade), Steps(d.Plan.Downgrade)
	file.NoTransaction, file.Safe = d.NoTransaction, d.Safe
	for _, text := range d.First {
		file.Upgrade[0].Comments = append([]string{"First " + text + "."}, file.Upgrade[0].Comments...)
	}
	if d.squash != nil {
		file.Replaces, file.Notes, file.NoDowngrade = d.Node.Replaces, d.squash.notes(), d.squash.oneWay
	}
}

// Steps returns the planned operations for a revision file, with their warnings as comments.
func Steps(planned []diff.Step) []render.Step {
	all := make([]render.Step, 0, len(planned))
	for _, s := range planned {
		all = append(all, render.Step{Operation: s.Operation, Comments: s.Comments()})
	}
	return all
}

// Revision returns the revision that the draft's file registers once it is compiled in.
func (d *Draft) Revision() revision.Revision {
	record := func(planned []diff.Step) func(m *op.Migration) {
		return func(m *op.Migration) { m.Add(diff.Operations(planned)...) }
	}
	r := revision.Revision{
		ID: d.Node.ID, DownRevision: d.Node.Down, DependsOn: d.Node.DependsOn, BranchLabels: d.Node.Labels,
		Replaces: d.Node.Replaces, Upgrade: record(d.Plan.Upgrade), Downgrade: record(d.Plan.Downgrade),
		NoTransaction: d.NoTransaction, Safe: d.Safe,
	}
	if d.squash != nil && d.squash.oneWay {
		r.Downgrade = nil
	}
	return r
}

// Pending returns the operations of a revision drafted on top of all heads.
func Pending(history *runner.History, m Models) ([]op.Operation, error) {
	reached, wanted, err := Schemas(history, m)
	if err != nil {
		return nil, err
	}
	plan, err := diff.Diff(reached, wanted)
	return diff.Operations(plan.Upgrade), err
}

// Schemas returns the schema of all heads, and that of the models.
func Schemas(history *runner.History, m Models) (reached, wanted schema.Schema, err error) {
	if m.List == nil {
		return reached, wanted, errNoModels
	}
	if reached, err = history.SchemaAt(history.Graph.Heads()); err != nil {
		return reached, wanted, err
	}
	wanted, _, err = m.wanted(reached)
	return reached, wanted, err
}
