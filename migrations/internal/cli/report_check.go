package cli

import (
	"github.com/spf13/cobra"

	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
)

// checkReport is the result of check. Parts that were not checked are null.
type checkReport struct {
	Heads    []string        `json:"heads"`
	Models   *modelsReport   `json:"models"`
	Database *databaseReport `json:"database"`
}

// modelsReport lists the operations that the revisions lack.
type modelsReport struct {
	Pending []string `json:"pending"`
}

// databaseReport lists the differences of the database from its revisions, and the revisions it lacks.
type databaseReport struct {
	Drift      []driftReport `json:"drift"`
	NotApplied []string      `json:"not_applied"`
	// dangling references and mismatched foreign keys of SQLite
	Dangling  []string `json:"dangling"`
	Unchecked string   `json:"unchecked"` // why drift was not checked; empty if it was
}

// driftReport is one difference; Want or Got is empty if that side lacks the object.
type driftReport struct {
	Object string `json:"object"`
	Want   string `json:"want"`
	Got    string `json:"got"`
}

// withCheckReport makes a check with --json print all its results at the end.
func withCheckReport(asJSON *bool, check commandFunc) commandFunc {
	return func(c *cobra.Command, s *session, arguments []string) error {
		if !*asJSON {
			return check(c, s, arguments)
		}
		s.checked = &checkReport{Heads: []string{}}
		err := check(c, s, arguments)
		if failed := s.report(true, s.checked, nil); failed != nil {
			return failed
		}
		return err
	}
}

// reportModels reports the changes in the models that the revisions lack. Without --json, pending operations are the
// error of the command.
func (s *session) reportModels(pending []op.Operation) {
	switch {
	case s.checked != nil:
		s.checked.Models = &modelsReport{Pending: texts(pending)}
	case len(pending) == 0:
		s.printer().text("No new upgrade operations detected.\n")
	}
}

// reportDatabase reports the drift, the broken foreign keys and the missing revisions of the database. Without --json,
// missing revisions are the error of the command.
func (s *session) reportDatabase(differences []drift.Difference, dangling []error, missing graph.Plan) {
	if s.checked == nil {
		s.printer().drift(differences)
		for _, d := range dangling {
			s.printer().text(d.Error() + "; " + hint.Of(d) + "\n")
		}
		return
	}
	found := newDatabaseReport(missing)
	for _, d := range differences {
		found.Drift = append(found.Drift, driftReport(d))
	}
	for _, d := range dangling {
		found.Dangling = append(found.Dangling, d.Error())
	}
	s.checked.Database = found
}

// reportUnchecked reports why drift was not checked.
func (s *session) reportUnchecked(why *drift.UncheckedError, missing graph.Plan) {
	if s.checked == nil {
		s.printer().text("Drift not checked: " + why.Error() + ".\n" + why.Hint() + "\n")
		return
	}
	s.checked.Database = newDatabaseReport(missing)
	s.checked.Database.Unchecked = why.Error()
}

func newDatabaseReport(missing graph.Plan) *databaseReport {
	r := &databaseReport{Drift: []driftReport{}, NotApplied: []string{}, Dangling: []string{}}
	for _, step := range missing.Steps {
		r.NotApplied = append(r.NotApplied, step.Revision)
	}
	return r
}
