package migrations

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path"
	"slices"
	"strings"
	"time"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// printer writes what commands answer to standard output, in Alembic's words.
type printer struct {
	out       io.Writer
	project   *project
	directory string
	current   []string // revisions to be marked as such
}

func (s *session) printer() *printer {
	return &printer{out: s.env.Stdout, project: s.project, directory: s.env.Directory}
}

func (p *printer) printf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(p.out, format, arguments...) // whoever reads is gone: there is nobody to tell
}

// lineOptions say what a line about a revision holds besides its id.
type lineOptions struct{ parents, labels, tree, message bool }

func (p *printer) line(r graph.Revision, o lineOptions) string {
	text := r.ID
	if o.parents {
		from := parents(r)
		if len(r.Dependencies) > 0 {
			from += " (" + list(r.Dependencies) + ")"
		}
		text = from + " -> " + text
	}
	if o.labels && len(r.Branches) > 0 {
		text += " (" + list(r.Branches) + ")"
	}
	text += p.marks(r)
	if o.tree {
		text += mark(r.IsBranchPoint(), "branchpoint") + mark(r.IsMergePoint(), "mergepoint")
	}
	if o.message {
		text += ", " + p.project.header(r.ID).Message
	}
	return text
}

func (p *printer) marks(r graph.Revision) string {
	return mark(r.IsRealHead(), "head") + mark(r.IsHead() && !r.IsRealHead(), "effective head") +
		mark(slices.Contains(p.current, r.ID), "current")
}

func mark(holds bool, text string) string {
	if !holds {
		return ""
	}
	return " (" + text + ")"
}

// entry prints all there is to say about a revision.
func (p *printer) entry(r graph.Revision) {
	p.printf("Rev: %s%s%s%s%s\n", r.ID, mark(r.IsHead(), "head"), mark(r.IsBranchPoint(), "branchpoint"),
		mark(r.IsMergePoint(), "mergepoint"), mark(slices.Contains(p.current, r.ID), "current"))
	title := "Parent"
	if r.IsMergePoint() {
		title = "Merges"
	}
	p.printf("%s: %s\n", title, parents(r))
	p.field("Also depends on", r.Dependencies)
	if r.IsBranchPoint() {
		p.field("Branches into", r.Next)
	}
	p.field("Branch names", r.Branches)
	p.printf("Path: %s\n\n", path.Join(p.directory, "versions", r.File))
	for _, line := range p.project.header(r.ID).Long {
		p.printf("    %s\n", line)
	}
	p.printf("\n")
}

func (p *printer) field(title string, values []string) {
	if len(values) > 0 {
		p.printf("%s: %s\n", title, list(values))
	}
}

// revisions prints one line or one entry for each.
func (p *printer) revisions(revisions []graph.Revision, verbose bool, o lineOptions) {
	for _, r := range revisions {
		if verbose {
			p.entry(r)
		} else {
			p.printf("%s\n", p.line(r, o))
		}
	}
}

// plan prints the steps that a command would carry out.
func (p *printer) plan(plan graph.Plan) error {
	for _, step := range plan.Steps {
		p.printf("%s\n", p.project.describe(step))
		operations, err := p.project.Operations(step)
		if err != nil {
			return err
		}
		for _, o := range operations {
			p.printf("    %s\n", o)
		}
	}
	return nil
}

func parents(r graph.Revision) string {
	if len(r.Down) == 0 {
		return "<base>"
	}
	return list(r.Down)
}

func list(values []string) string { return strings.Join(values, ", ") }

// describe tells of a step as Alembic's log does.
func (p *project) describe(step graph.Step) string {
	return fmt.Sprintf("%s %s -> %s, %s", step.Kind, list(step.From), list(step.To), p.header(step.Revision).Message)
}

// printTo returns a reporter that writes a line for each revision, with its duration at the end.
func (p *project) printTo(out io.Writer) func(runner.Event) {
	return func(e runner.Event) {
		switch e.Kind {
		case runner.Waiting:
			_, _ = fmt.Fprintf(out, "INFO  [migrations] Waiting for another migration: %s\n", e.Holder)
		case runner.Started:
			_, _ = fmt.Fprintf(out, "INFO  [migrations] Running %s", p.describe(e.Step))
		case runner.Finished:
			_, _ = fmt.Fprintf(out, " (%v)\n", e.Took.Round(time.Millisecond/10))
		}
	}
}

// logTo returns a reporter that writes to the program's log.
func (p *project) logTo(ctx context.Context, log *slog.Logger) func(runner.Event) {
	return func(e runner.Event) {
		switch e.Kind {
		case runner.Waiting:
			log.InfoContext(ctx, "waiting for another migration", slog.String("holder", e.Holder))
		case runner.Started:
			log.InfoContext(ctx, "running "+p.describe(e.Step))
		case runner.Finished:
			log.InfoContext(ctx, "ran "+p.describe(e.Step), slog.Duration("duration", e.Took))
		}
	}
}
