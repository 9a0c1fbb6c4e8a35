package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/picture"
	"guestlist/migrations/op"
)

// modelsTarget names the models in place of a revision.
const modelsTarget = "models"

// diagramFlags are the flags of diagram.
type diagramFlags struct {
	pictureFlags

	steps        stepsFlag
	tables       []string
	indexes, all bool
}

func diagramCommand(program *Program) *cobra.Command {
	var f diagramFlags
	c := &cobra.Command{
		Use:   "diagram [REVISION | FROM:TO]",
		Short: "Draw the tables, columns and keys, or what has changed (models)",
		Long: "Draw the tables, columns and keys of the models or of a REVISION, or with FROM:TO what has changed between\n" +
			"the two; either may be models. A renamed table or column counts as the same. No database is needed.\n\n" +
			"The output is Mermaid, which code hosts render in a block of Markdown. With --output, the extension of the file\n" +
			"decides: .mmd is Mermaid, .svg an SVG image, .md Markdown. A diagram in an existing Markdown file is replaced;\n" +
			"the rest of the file stays.\n\n" +
			"With FROM:TO, unchanged tables are left out, or shown by name only if a changed one references them; --all\n" +
			"shows them. Keys and indexes are compared by definition, not by name.\n\n" + identifiers,
		Example: "  {db} diagram\n  {db} diagram -o schema.svg\n  {db} diagram head --tables 'users,audit*'\n" +
			"  {db} diagram head-1:head -o change.svg\n  {db} diagram head:models",
		Args: f.steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			return f.run(c.Context(), s, f.steps.target(arguments, modelsTarget))
		}),
	}
	f.steps.register(c)
	f.register(c, "mermaid or svg; the default follows the extension of the file, else mermaid")
	c.Flags().StringSliceVar(&f.tables, "tables", nil, "only these tables; * and ? stand for other characters")
	c.Flags().BoolVar(&f.indexes, "indexes", false, "also list indexes and checks")
	c.Flags().BoolVar(&f.all, "all", false, "with FROM:TO, also show the tables that have not changed")
	return c
}

// errAllWithoutRange is the error for --all without a range.
var errAllWithoutRange = hint.New(errors.New("--all needs FROM:TO"),
	"without a range, all tables are shown; --tables narrows them")

// errIndexesRange is the error for --indexes with a range.
var errIndexesRange = hint.New(errors.New("--indexes and FROM:TO cannot go together"),
	"changes of indexes and checks are always shown")

func (f *diagramFlags) run(ctx context.Context, s *session, target string) error {
	format, err := f.chooseFormat(mermaidFormat, svgFormat)
	if err != nil {
		return err
	}
	from, to, isRange := strings.Cut(target, ":")
	switch {
	case isRange && f.indexes:
		return errIndexesRange
	case !isRange && f.all:
		return errAllWithoutRange
	}
	var d picture.Diagram
	if isRange {
		d, err = f.between(ctx, s, from, to)
	} else {
		d, err = f.at(ctx, s, target)
	}
	if err != nil {
		return err
	}
	if d, err = d.Narrow(f.tables); err != nil {
		return explainPattern(err)
	}
	text := d.Mermaid()
	if format == svgFormat {
		text = d.SVG()
	}
	return s.writePicture(f.output, format, text)
}

// at draws one schema.
func (f *diagramFlags) at(ctx context.Context, s *session, target string) (picture.Diagram, error) {
	side, name, err := s.side(ctx, target)
	if err != nil {
		return picture.Diagram{}, err
	}
	title := "Schema at " + name
	if target == modelsTarget {
		title = "Schema of the models"
	}
	return picture.Of(title, side.Schema, f.indexes), nil
}

// between draws the changes between two schemas.
func (f *diagramFlags) between(ctx context.Context, s *session, from, to string) (picture.Diagram, error) {
	from, to = cmp.Or(from, "base"), cmp.Or(to, "heads")
	var err error
	switch { // as in history, either end may be relative to the other
	case strings.HasPrefix(to, "+"):
		to, err = s.countedFrom(ctx, from, to)
	case strings.HasPrefix(from, "-"):
		from, err = s.countedFrom(ctx, to, from)
	}
	if err != nil {
		return picture.Diagram{}, err
	}
	before, was, err := s.side(ctx, from)
	if err != nil {
		return picture.Diagram{}, err
	}
	after, is, err := s.side(ctx, to)
	if err != nil {
		return picture.Diagram{}, err
	}
	d := picture.Between("From "+was+" to "+is, before, after, f.all || len(f.tables) > 0)
	if !d.HasChanges() {
		s.log.infof("Nothing has changed from %s to %s", was, is)
	}
	return d, nil
}

// countedFrom returns the target that is steps away from another.
func (s *session) countedFrom(ctx context.Context, target, steps string) (string, error) {
	if target == modelsTarget {
		return "", hint.New(fmt.Errorf("%s cannot be relative to the models", steps),
			"name a revision, as in head-1:models")
	}
	revisions, err := s.find(ctx, target)
	switch {
	case err != nil || len(revisions) == 0:
		return "base" + steps, err
	case len(revisions) > 1:
		return "", &graph.MultipleHeadsError{Argument: target, Heads: ids(revisions)}
	}
	return revisions[0].ID + steps, nil
}

// side returns the schema of the models or of a revision, and its name.
func (s *session) side(ctx context.Context, target string) (picture.Side, string, error) {
	if target == modelsTarget {
		_, wanted, err := autogen.Schemas(s.History, s.models())
		if err != nil {
			return picture.Side{}, "", err
		}
		names, err := s.names(s.Graph.Heads())
		return picture.Side{Schema: wanted, Names: names}, "the models", err
	}
	revisions, err := s.find(ctx, target)
	if err != nil {
		return picture.Side{}, "", err
	}
	applied := s.Graph.Ancestors(ids(revisions)...)
	reached, err := s.SchemaAt(applied)
	if err != nil {
		return picture.Side{}, "", err
	}
	names, err := s.names(applied)
	return picture.Side{Schema: reached, Names: names}, s.placeName(revisions), err
}

// placeName returns the name of a place in the history.
func (s *session) placeName(revisions []graph.Revision) string {
	switch len(revisions) {
	case 0:
		return "base"
	case 1:
		return strings.TrimSuffix(revisions[0].ID+" ("+s.Header(revisions[0].ID).Message+")", " ()")
	}
	return strings.Join(ids(revisions), " and ")
}

// names returns the names that tables and columns have had over the history of a database with the applied ids.
func (s *session) names(applied []string) (*picture.Names, error) {
	var names picture.Names
	heads, err := s.Graph.CurrentHeads(applied)
	if err != nil || len(heads) == 0 {
		return &names, err
	}
	plan, err := s.Graph.Upgrade(nil, heads...)
	if err != nil {
		return &names, err
	}
	for _, step := range plan.Steps {
		var operations []op.Operation
		if operations, err = s.Operations(step); err != nil {
			return &names, err
		}
		names.Follow(step.Revision, operations)
	}
	return &names, nil
}

// explainPattern suggests the table that was probably meant.
func explainPattern(err error) error {
	wrong, ok := errors.AsType[*picture.PatternError](err)
	if !ok {
		return err
	}
	text := "as in --tables 'users,audit*'"
	switch near := graph.Closest(wrong.Pattern, wrong.Tables); {
	case wrong.Invalid:
	case near != "":
		text = "did you mean " + near + "?"
	case len(wrong.Tables) == 0:
		text = "there are no tables"
	default:
		text = "the tables are " + list(wrong.Tables)
	}
	return hint.New(err, text)
}
