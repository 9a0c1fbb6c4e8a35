package cli

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// The reports are the output of --json, one object for each command. README.md documents them: fields may be added, but
// never removed or changed in meaning. Lists are never null; an object that does not apply is.

// revisionsReport is the result of heads, history, branches, show and current.
type revisionsReport struct {
	Revisions []revisionReport `json:"revisions"`
	// Unknown are ids that the database has and no file declares; only history -i tolerates them.
	Unknown []string `json:"unknown"`
}

// revisionReport is a revision.
type revisionReport struct {
	ID            string   `json:"id"`
	DownRevisions []string `json:"down_revisions"`
	DependsOn     []string `json:"depends_on"`    // as declared: ids or labels
	BranchLabels  []string `json:"branch_labels"` // declared and inherited
	Replaces      []string `json:"replaces"`      // ids of the replaced revisions, oldest first
	Next          []string `json:"next"`          // the revisions that revise it
	Head          bool     `json:"head"`
	Current       *bool    `json:"current"` // null if the database was not read
	Message       string   `json:"message"`
	Created       string   `json:"created"`
	File          string   `json:"file"`
}

// planReport is the result of upgrade --plan and downgrade --plan.
type planReport struct {
	Steps []stepReport `json:"steps"`
}

// stepReport is one step of a plan.
type stepReport struct {
	Kind       string   `json:"kind"` // upgrade or downgrade
	Revision   string   `json:"revision"`
	From       []string `json:"from"`
	To         []string `json:"to"`
	Message    string   `json:"message"`
	Operations []string `json:"operations"`
	Warnings   []string `json:"warnings"` // what the database would lose or reject
	// Locks are the locks that PostgreSQL takes; empty for SQLite.
	Locks []findingReport `json:"locks"`
}

// draftReport is the result of migrate --dry-run. Revision is null without changes.
type draftReport struct {
	Changes  []string       `json:"changes"`
	Warnings []string       `json:"warnings"`
	Revision *draftedReport `json:"revision"`
	// Revisions are all revisions of a series, or the only one.
	Revisions []draftedReport `json:"revisions"`
}

// draftedReport is a drafted revision.
type draftedReport struct {
	ID            string            `json:"id"`
	DownRevisions []string          `json:"down_revisions"`
	File          string            `json:"file"`
	Text          string            `json:"text"`
	SQL           map[string]string `json:"sql"` // by dialect: postgres, sqlite
}

// jsonFlag adds --json.
func jsonFlag(c *cobra.Command, asJSON *bool) {
	c.Flags().BoolVar(asJSON, "json", false, "print JSON, as migrations/README.md documents it")
}

// report prints the result of a command: as JSON, or with words.
func (s *session) report(asJSON bool, result any, words func(p *printer)) error {
	if !asJSON {
		words(s.printer())
		return nil
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}

// revisionsReport reports revisions; current is nil if the database was not read.
func (s *session) revisionsReport(revisions []graph.Revision, current, unknown []string) revisionsReport {
	all := revisionsReport{Revisions: make([]revisionReport, 0, len(revisions)), Unknown: nonNil(unknown)}
	for _, r := range revisions {
		header := s.Header(r.ID)
		one := revisionReport{
			ID: r.ID, DownRevisions: nonNil(r.Down), DependsOn: nonNil(r.DependsOn), BranchLabels: nonNil(r.Branches),
			Replaces: nonNil(r.Replaces), Next: nonNil(r.Next), Head: r.IsHead(), Message: header.Message,
			Created: header.Created(),
			File:    path.Join(s.env.Directory, "versions", r.File),
		}
		if current != nil {
			is := slices.Contains(current, r.ID)
			one.Current = &is
		}
		all.Revisions = append(all.Revisions, one)
	}
	return all
}

// planReport reports the steps of a plan.
func (s *session) planReport(steps []plannedStep, sizes lint.Sizes) planReport {
	report := planReport{Steps: make([]stepReport, 0, len(steps))}
	for _, step := range steps {
		one := stepReport{
			Kind: step.Kind.String(), Revision: step.Revision, From: nonNil(step.From), To: nonNil(step.To),
			Message: s.Header(step.Revision).Message, Operations: texts(diff.Operations(step.operations)), Warnings: []string{},
			Locks: findingReports(step.findings, sizes),
		}
		for _, planned := range step.operations {
			for _, warning := range planned.Warnings {
				one.Warnings = append(one.Warnings, warning.String())
			}
		}
		report.Steps = append(report.Steps, one)
	}
	return report
}

// reportDrafts prints drafts as JSON, with the warnings of the models, the plans and the trials.
func (s *session) reportDrafts(vain []string, all []drafted) error {
	report := draftReport{Changes: []string{}, Warnings: nonNil(slices.Clone(vain)), Revisions: []draftedReport{}}
	for n, d := range all {
		for _, step := range d.Plan.Upgrade {
			report.Changes = append(report.Changes, detected(step.Operation))
		}
		for _, warning := range d.Plan.Warnings() {
			report.Warnings = append(report.Warnings, warning.String())
		}
		report.Warnings = append(report.Warnings, d.warnings...)
		one, err := s.draftedReport(d, all[:n])
		if err != nil {
			return err
		}
		report.Revisions = append(report.Revisions, one)
	}
	if len(all) > 0 {
		report.Revision = &report.Revisions[0]
	}
	return s.report(true, report, nil)
}

// draftedReport reports the file and SQL of a draft on top of others.
func (s *session) draftedReport(d drafted, below []drafted) (draftedReport, error) {
	name, err := s.fileName(d.file)
	if err != nil {
		return draftedReport{}, err
	}
	text, err := render.File(d.file)
	if err != nil {
		return draftedReport{}, err
	}
	report := draftedReport{
		ID: d.file.ID, DownRevisions: nonNil(d.file.Down), File: path.Join(s.env.Directory, "versions", name),
		Text: string(text),
		SQL:  map[string]string{},
	}
	for _, dialect := range schema.Dialects() {
		script, err := s.draftScript(d, below, dialect)
		if err != nil {
			return report, err
		}
		report.SQL[string(dialect)] = script.Text
	}
	return report, nil
}

// texts returns operations as text.
func texts(operations []op.Operation) []string {
	all := make([]string, 0, len(operations))
	for _, o := range operations {
		all = append(all, strings.TrimSpace(o.String()))
	}
	return all
}

// ids returns the ids of revisions, never nil.
func ids(revisions []graph.Revision) []string {
	all := make([]string, 0, len(revisions))
	for _, r := range revisions {
		all = append(all, r.ID)
	}
	return all
}

// nonNil returns the list, empty instead of nil.
func nonNil(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
