package cli

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/project"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

// printer writes the output of commands, worded as in Alembic.
type printer struct {
	out       io.Writer
	project   *project.Project
	directory string
	current   []string // revisions to mark as current
}

// resultWriter keeps the first error of writing a result.
type resultWriter struct {
	io.Writer

	err error
}

func (w *resultWriter) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// printer returns a printer of results, on standard output.
func (s *session) printer() *printer {
	return &printer{out: s.out, project: s.Project, directory: s.env.Directory}
}

// notes returns a printer on standard error, for text that is not part of the result.
func (s *session) notes() *printer {
	return &printer{out: s.program.Stderr, project: s.Project, directory: s.env.Directory}
}

func (p *printer) printf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(p.out, format, arguments...) // resultWriter keeps the error; a lost note does no harm
}

// lineOptions are what a line about a revision shows besides its id.
type lineOptions struct{ parents, labels, tree, message bool }

func (p *printer) line(r graph.Revision, o lineOptions) string {
	text := r.ID
	if o.parents {
		from := parents(r)
		if len(r.DependsOn) > 0 {
			from += " (" + list(r.DependsOn) + ")"
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
		text += mark(len(r.Replaces) > 0, fmt.Sprintf("replaces %d", len(r.Replaces)))
		text += ", " + p.project.Header(r.ID).Message
	}
	return text
}

func (p *printer) marks(r graph.Revision) string {
	return mark(r.IsRealHead(), "head") + mark(r.IsHead() && !r.IsRealHead(), "effective head") +
		mark(slices.Contains(p.current, r.ID), "current")
}

func mark(shown bool, text string) string {
	if !shown {
		return ""
	}
	return " (" + text + ")"
}

// entry prints everything about a revision.
func (p *printer) entry(r graph.Revision) {
	p.printf("Rev: %s%s%s%s%s\n", r.ID, mark(r.IsHead(), "head"), mark(r.IsBranchPoint(), "branchpoint"),
		mark(r.IsMergePoint(), "mergepoint"), mark(slices.Contains(p.current, r.ID), "current"))
	title := "Parent"
	if r.IsMergePoint() {
		title = "Merges"
	}
	p.printf("%s: %s\n", title, parents(r))
	p.field("Also depends on", r.DependsOn)
	if r.IsBranchPoint() {
		p.field("Branches into", r.Next)
	}
	p.field("Branch names", r.Branches)
	p.field("Replaces", r.Replaces)
	p.printf("Path: %s\n\n", path.Join(p.directory, "versions", r.File))
	for _, line := range p.project.Header(r.ID).Long {
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

func (p *printer) operations(operations []op.Operation) {
	for _, o := range operations {
		p.printf("    %s\n", o)
	}
}

// branches prints the branch points, each with the revisions that follow.
func (p *printer) branches(revisions []graph.Revision, verbose bool) {
	for _, r := range revisions {
		p.revisions([]graph.Revision{r}, verbose, lineOptions{labels: true, tree: true})
		for _, next := range p.project.Revisions(r.Next) {
			p.printf("%*s -> %s\n", len(r.ID), "", p.line(next, lineOptions{labels: true, tree: true, message: verbose}))
		}
		p.printf("\n")
	}
}

// fork prints the changes of each side of a merge.
func (p *printer) fork(fork runner.Fork) {
	for _, side := range fork.Sides {
		p.printf("%s changes:\n", side.Head)
		for i, step := range side.Steps {
			p.printf("  %s\n", strings.TrimSuffix(step.Revision+", "+p.project.Header(step.Revision).Message, ", "))
			p.operations(side.Operations[i])
		}
	}
}

// losses prints the data that a downgrade drops.
func (p *printer) losses(losses []runner.Loss) {
	for _, l := range losses {
		name := "table " + l.Table
		if l.Column != "" {
			name = "column " + l.Table + "." + l.Column
		}
		p.printf("This drops the %s: %s with data.\n", name, counted(l.Rows, "row"))
	}
}

func counted(n int64, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// drift prints the differences of the database.
func (p *printer) drift(differences []drift.Difference) {
	if len(differences) == 0 {
		p.printf("No drift detected.\n")
	}
	for _, d := range differences {
		p.printf("%s\n", d)
	}
}

// currentRevisions prints the current revisions of the database.
func (p *printer) currentRevisions(revisions []graph.Revision, verbose bool, address string) {
	if verbose {
		p.printf("Current revision(s) for %s:\n", address)
	}
	p.revisions(revisions, verbose, lineOptions{tree: true})
}

// text prints a text unchanged.
func (p *printer) text(text string) { p.printf("%s", text) }

// tree draws the revisions.
func (p *printer) tree(revisions []graph.Revision) {
	for _, row := range p.rows(revisions) {
		p.printf("%s\n", row)
	}
}

// rows returns the rows of the tree.
func (p *printer) rows(revisions []graph.Revision) []string {
	return drawTree(revisions, func(r graph.Revision) string {
		text := p.line(r, lineOptions{labels: true, tree: true, message: true})
		if len(r.DependsOn) > 0 {
			text += " (depends on " + list(r.DependsOn) + ")"
		}
		return text
	})
}

// printDone prints a file or directory that was created or removed. It ignores errors: the work is done, and nothing is
// lost.
func (p *Program) printDone(verb, path string) {
	_, _ = fmt.Fprintf(p.Stdout, "%s %s ...  done\n", verb, path)
}

func parents(r graph.Revision) string {
	if len(r.Down) == 0 {
		return "<base>"
	}
	return list(r.Down)
}

func list(values []string) string { return strings.Join(values, ", ") }
