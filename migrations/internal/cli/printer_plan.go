package cli

import (
	"context"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// plannedStep is a step of a plan: its operations with the data they lose in the database, and on PostgreSQL the locks
// they take.
type plannedStep struct {
	graph.Step

	operations []diff.Step
	findings   []lint.Finding
}

// planned checks the steps of a plan for a database with the applied ids.
func (s *session) planned(ctx context.Context, plan graph.Plan, applied []string) ([]plannedStep, lint.Sizes, error) {
	d, err := s.dialect(ctx)
	if err != nil {
		return nil, nil, err
	}
	l, err := s.linter(ctx, applied, true)
	if err != nil {
		return nil, nil, err
	}
	losses := diff.FollowLosses(l.schema, d)
	var all []plannedStep
	for _, step := range plan.Steps {
		found, operations, err := l.step(step)
		if err != nil {
			return nil, nil, err
		}
		one := plannedStep{Step: step, operations: lossesOf(losses, step)(operations)}
		if d == schema.Postgres {
			one.findings = found.findings
		}
		all = append(all, one)
	}
	return all, l.sizes, nil
}

// plan prints the steps of a plan, the data they lose and the locks they take.
func (p *printer) plan(steps []plannedStep) {
	for _, step := range steps {
		p.printf("%s\n", p.project.Describe(step.Step))
		for _, planned := range step.operations {
			p.printf("    %s\n", planned.Operation)
			for _, warning := range planned.Warnings {
				p.printf("        WARNING: %s\n", warning)
			}
			for _, f := range step.findings {
				if f.Operation == planned.Operation {
					p.finding(f)
				}
			}
		}
	}
}

// changes prints how a downgrade changes the values of remaining columns.
func (p *printer) changes(changes []change) {
	for _, c := range changes {
		switch {
		case c.rows == uncounted:
			p.printf("This %s: how many rows is unknown.\n", c.text)
		case c.rows > 0:
			p.printf("This %s: %s.\n", c.text, counted(c.rows, "row"))
		}
	}
}

// lossesOf returns the function that adds losses to the operations of a step.
func lossesOf(losses diff.Losses, step graph.Step) func([]op.Operation) []diff.Step {
	if step.Kind == graph.Downgrade {
		return losses.Downgrade
	}
	return losses.Upgrade
}
