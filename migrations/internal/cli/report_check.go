package cli

import (
	"github.com/spf13/cobra"

	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
)

// checkReport is the result of check. What was not asked, or could not be found out, is null.
type checkReport struct {
	Heads    []string        `json:"heads"`
	Models   *modelsReport   `json:"models"`
	Database *databaseReport `json:"database"`
}

// modelsReport is what the revisions lack of the models.
type modelsReport struct {
	Pending []string `json:"pending"`
}

// databaseReport is what the database is not as its revisions say, and the revisions it lacks.
type databaseReport struct {
	Drift      []driftReport `json:"drift"`
	NotApplied []string      `json:"not_applied"`
	// foreign keys of SQLite with rows that point at none, or that match no key
	Dangling  []string `json:"dangling"`
	Unchecked string   `json:"unchecked"` // why drift could not be looked for; empty where it was
}

// driftReport is one difference; Want or Got is empty where there is nothing.
type driftReport struct {
	Object string `json:"object"`
	Want   string `json:"want"`
	Got    string `json:"got"`
}

// reportCheck has a check print what it found once all of it is done, where that is to be JSON.
func reportCheck(asJSON *bool, check work) work {
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

// foundInModels says what the revisions lack of the models; in words, that is the error of the command.
func (s *session) foundInModels(pending []op.Operation) {
	switch {
	case s.checked != nil:
		s.checked.Models = &modelsReport{Pending: texts(pending)}
	case len(pending) == 0:
		s.printer().text("No new upgrade operations detected.\n")
	}
}

// foundInDatabase says how the database differs from its revisions, which foreign keys do not hold in it, and what it
// lacks of the revisions; in words, the last is the error of the command.
func (s *session) foundInDatabase(differences []drift.Difference, dangling []error, missing graph.Plan) {
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

// couldNotCompare says why drift was not looked for.
func (s *session) couldNotCompare(why *drift.UncheckedError, missing graph.Plan) {
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
