package cli

import (
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
)

// plan prints the steps that a command would carry out, and what each of them loses.
func (p *printer) plan(plan graph.Plan, losses diff.Losses) error {
	for _, step := range plan.Steps {
		operations, err := p.project.Operations(step)
		if err != nil {
			return err
		}
		p.printf("%s\n", p.project.Describe(step))
		for _, planned := range lossesOf(losses, step)(operations) {
			p.printf("    %s\n", planned.Operation)
			for _, warning := range planned.Warnings {
				p.printf("        WARNING: %s\n", warning)
			}
		}
	}
	return nil
}

// changes prints what a downgrade makes of the values of columns that stay.
func (p *printer) changes(changes []change) {
	for _, c := range changes {
		if c.rows > 0 {
			p.printf("This %s: %s.\n", c.text, counted(c.rows, "row"))
		}
	}
}

// lossesOf tells what the operations of a step lose.
func lossesOf(losses diff.Losses, step graph.Step) func([]op.Operation) []diff.Step {
	if step.Kind == graph.Downgrade {
		return losses.Downgrade
	}
	return losses.Upgrade
}
