package cli

import (
	"slices"

	"guestlist/migrations/internal/lint"
)

// lintReport is the result of lint.
type lintReport struct {
	Steps   []lintStepReport `json:"steps"`
	Rolling rollingReport    `json:"rolling"`
}

// lintStepReport are the findings in one revision.
type lintStepReport struct {
	Revision    string          `json:"revision"`
	Message     string          `json:"message"`
	Transaction bool            `json:"transaction"` // whether the step is one transaction
	Safe        string          `json:"safe"`        // the revision's reason why it does no harm
	Findings    []findingReport `json:"findings"`
}

// findingReport is what one operation does to tables that others use.
type findingReport struct {
	Operation string       `json:"operation"`
	Level     string       `json:"level"` // note, warning or error
	Locks     []lockReport `json:"locks"`
	Work      string       `json:"work"`  // moment, rows, scan, build, rewrite or unknown
	Table     string       `json:"table"` // that the work is on
	Text      string       `json:"text"`
	Safer     string       `json:"safer"`
}

// lockReport is a lock, with the size of its table if known.
type lockReport struct {
	Table string `json:"table"`
	Mode  string `json:"mode"`
	Rows  *int64 `json:"rows"`
	Bytes *int64 `json:"bytes"`
}

// rollingReport says whether the old program can run on the new schema.
type rollingReport struct {
	Possible bool     `json:"possible"`
	Breaks   []string `json:"breaks"`
	Unless   []string `json:"unless"`

	Reasons []reasonReport `json:"reasons"` // of both, in that order
}

// reasonReport is why the old program cannot run on the new schema, or something it must not do there.
type reasonReport struct {
	Kind    string `json:"kind"`
	Breaks  bool   `json:"breaks"`
	Text    string `json:"text"`
	Instead string `json:"instead"` // how to make the change over several releases
}

func rollingReports(r lint.Rolling) rollingReport {
	report := rollingReport{
		Possible: r.CanRun(), Breaks: lint.Texts(r.Breaks), Unless: lint.Texts(r.Unless),
		Reasons: make([]reasonReport, 0, len(r.Breaks)+len(r.Unless)),
	}
	for i, reason := range slices.Concat(r.Breaks, r.Unless) {
		report.Reasons = append(report.Reasons, reasonReport{
			Kind: string(reason.Kind), Breaks: i < len(r.Breaks), Text: reason.Text, Instead: reason.Instead,
		})
	}
	return report
}

func (found lintedSteps) report(s *session, sizes lint.Sizes) lintReport {
	report := lintReport{
		Steps:   make([]lintStepReport, 0, len(found.all)),
		Rolling: rollingReports(found.rolling),
	}
	for _, step := range found.all {
		report.Steps = append(report.Steps, lintStepReport{
			Revision: step.Revision, Message: s.Header(step.Revision).Message, Transaction: step.inTransaction, Safe: step.safe,
			Findings: findingReports(step.findings, sizes),
		})
	}
	return report
}

// findingReports reports findings; the list is never nil.
func findingReports(findings []lint.Finding, sizes lint.Sizes) []findingReport {
	all := make([]findingReport, 0, len(findings))
	for _, f := range findings {
		one := findingReport{
			Operation: f.Operation.String(), Level: f.Level.String(), Locks: make([]lockReport, 0, len(f.Claim.Locks)),
			Work: f.Claim.Work.String(), Table: f.Claim.On, Text: f.Text, Safer: f.Safer,
		}
		for _, l := range f.Claim.Locks {
			lock := lockReport{Table: l.Table, Mode: l.Mode.String()}
			if size, known := sizes[l.Table]; known {
				lock.Rows, lock.Bytes = &size.Rows, &size.Bytes
			}
			one.Locks = append(one.Locks, lock)
		}
		all = append(all, one)
	}
	return all
}
