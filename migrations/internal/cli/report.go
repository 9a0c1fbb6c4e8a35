package cli

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// The reports are what --json prints, one object for each command. README.md documents them: fields may be added, but
// none goes or changes its meaning. Lists are never null; an object that does not apply is.

// revisionsReport is the result of heads, history, branches, show and current.
type revisionsReport struct {
	Revisions []revisionReport `json:"revisions"`
	// Unknown are ids that the database has and no file declares; only history -i goes on where there are some.
	Unknown []string `json:"unknown"`
}

// revisionReport is a revision.
type revisionReport struct {
	ID            string   `json:"id"`
	DownRevisions []string `json:"down_revisions"`
	DependsOn     []string `json:"depends_on"`    // as declared: ids or labels
	BranchLabels  []string `json:"branch_labels"` // declared and inherited
	Replaces      []string `json:"replaces"`      // ids that are no more, oldest first
	Next          []string `json:"next"`          // the revisions that revise it
	Head          bool     `json:"head"`
	Current       *bool    `json:"current"` // null where the database was not asked
	Message       string   `json:"message"`
	Created       string   `json:"created"`
	File          string   `json:"file"`
}

// planReport is the result of upgrade --plan and downgrade --plan.
type planReport struct {
	Steps []stepReport `json:"steps"`
}

// stepReport is what is run of one revision.
type stepReport struct {
	Kind       string   `json:"kind"` // upgrade or downgrade
	Revision   string   `json:"revision"`
	From       []string `json:"from"`
	To         []string `json:"to"`
	Message    string   `json:"message"`
	Operations []string `json:"operations"`
	Warnings   []string `json:"warnings"` // what is lost of the database in use
}

// draftReport is the result of migrate --dry-run. Without changes there is no revision.
type draftReport struct {
	Changes  []string       `json:"changes"`
	Warnings []string       `json:"warnings"`
	Revision *draftedReport `json:"revision"`
}

// draftedReport is a revision that is not written.
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

// report prints the result of a command: as JSON, or by its own words.
func (s *session) report(asJSON bool, result any, words func(p *printer)) error {
	if !asJSON {
		words(s.printer())
		return nil
	}
	encoder := json.NewEncoder(s.program.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}

// revisionsReport reports revisions; current is nil where the database was not asked.
func (s *session) revisionsReport(revisions []graph.Revision, current, unknown []string) revisionsReport {
	all := revisionsReport{Revisions: make([]revisionReport, 0, len(revisions)), Unknown: some(unknown)}
	for _, r := range revisions {
		header := s.Header(r.ID)
		one := revisionReport{
			ID: r.ID, DownRevisions: some(r.Down), DependsOn: some(r.DependsOn), BranchLabels: some(r.Branches),
			Replaces: some(r.Replaces), Next: some(r.Next), Head: r.IsHead(), Message: header.Message, Created: header.Created(),
			File: path.Join(s.env.Directory, "versions", r.File),
		}
		if current != nil {
			is := slices.Contains(current, r.ID)
			one.Current = &is
		}
		all.Revisions = append(all.Revisions, one)
	}
	return all
}

// reportPlan prints the steps of a plan, and what they lose.
func (s *session) reportPlan(asJSON bool, plan graph.Plan, losses diff.Losses) error {
	if !asJSON {
		return s.printer().plan(plan, losses)
	}
	report, err := s.planReport(plan, losses)
	if err != nil {
		return err
	}
	return s.report(true, report, nil)
}

// planReport reports the steps of a plan.
func (s *session) planReport(plan graph.Plan, losses diff.Losses) (planReport, error) {
	report := planReport{Steps: make([]stepReport, 0, len(plan.Steps))}
	for _, step := range plan.Steps {
		operations, err := s.Operations(step)
		if err != nil {
			return report, err
		}
		one := stepReport{
			Kind: step.Kind.String(), Revision: step.Revision, From: some(step.From), To: some(step.To),
			Message: s.Header(step.Revision).Message, Operations: texts(operations), Warnings: []string{},
		}
		for _, planned := range lossesOf(losses, step)(operations) {
			for _, warning := range planned.Warnings {
				one.Warnings = append(one.Warnings, warning.String())
			}
		}
		report.Steps = append(report.Steps, one)
	}
	return report, nil
}

// reportDraft prints a draft as JSON, with the warnings of its plan and of its trial.
func (s *session) reportDraft(d autogen.Draft, trial []string, file render.Revision) error {
	warnings := slices.Clone(d.Vain)
	for _, warning := range d.Plan.Warnings() {
		warnings = append(warnings, warning.String())
	}
	report, err := s.draftReport(d, append(warnings, trial...), file)
	if err != nil {
		return err
	}
	return s.report(true, report, nil)
}

// draftReport reports a draft and the file and SQL that it becomes.
func (s *session) draftReport(d autogen.Draft, warnings []string, file render.Revision) (draftReport, error) {
	report := draftReport{Changes: []string{}, Warnings: some(warnings)}
	if d.Plan.IsEmpty() {
		return report, nil
	}
	for _, step := range d.Plan.Upgrade {
		report.Changes = append(report.Changes, detected(step.Operation))
	}
	name, err := s.fileName(file)
	if err != nil {
		return report, err
	}
	text, err := render.File(file)
	if err != nil {
		return report, err
	}
	report.Revision = &draftedReport{
		ID: file.ID, DownRevisions: some(file.Down), File: path.Join(s.env.Directory, "versions", name), Text: string(text),
		SQL: map[string]string{},
	}
	for _, dialect := range schema.Dialects() {
		script, err := s.draftScript(d, dialect)
		if err != nil {
			return report, err
		}
		report.Revision.SQL[string(dialect)] = script.Text
	}
	return report, nil
}

// texts are operations as people read them.
func texts(operations []op.Operation) []string {
	all := make([]string, 0, len(operations))
	for _, o := range operations {
		all = append(all, strings.TrimSpace(o.String()))
	}
	return all
}

// ids are those of revisions; never nil.
func ids(revisions []graph.Revision) []string {
	all := make([]string, 0, len(revisions))
	for _, r := range revisions {
		all = append(all, r.ID)
	}
	return all
}

// some is the list, empty instead of nil.
func some(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
