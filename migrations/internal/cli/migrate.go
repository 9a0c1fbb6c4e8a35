package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/schema"
)

// errMigrateSQL is worded as the reference has it.
var errMigrateSQL = hint.New(
	errors.New("Using --sql with --autogenerate does not make any sense"), //nolint:staticcheck // the reference's words
	"--dry-run prints the revision and its SQL",
)

// errJSONDryRun is JSON of what is written instead of shown.
var errJSONDryRun = hint.New(errors.New("--json needs --dry-run"), "--dry-run --json prints the revision that would be written")

// errEmptyRevision is an empty revision with flags of one that is made from the models.
var errEmptyRevision = hint.New(
	errors.New("--rename, --dry-run and --json are about a revision made from the models"),
	"add --autogenerate, or say {db} migrate",
)

// revisionFlags are those of migrate and revision.
type revisionFlags struct {
	proposal

	head    string
	sql     bool
	dryRun  bool
	json    bool
	renames []string
	tryOn   string
}

func (f *revisionFlags) register(c *cobra.Command) {
	f.flags(c)
	c.Flags().StringVar(&f.head, "head", "head", "the REVISION to build on; base begins a new line")
	c.Flags().BoolVar(&f.Splice, "splice", false, "build on a revision even if another does already")
	c.Flags().StringSliceVar(&f.DependsOn, "depends-on", nil, "a REVISION of another line that must be applied before this one; may be repeated")
	c.Flags().StringArrayVar(&f.renames, "rename", nil, "what was renamed: users=people, users.name=users.full_name; may be repeated")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the file and its SQL, and write nothing")
	c.Flags().StringVar(&f.tryOn, "try-on", "",
		"the URL of a PostgreSQL server to try the revision on, too, in a database of its own")
	jsonFlag(c, &f.json)
	c.Flags().BoolVar(&f.sql, "sql", false, "")
	_ = c.Flags().MarkHidden("sql") // it exists
}

func migrateCommand(program *Program) *cobra.Command {
	var f revisionFlags
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Write a revision of what has changed in the models",
		Long: "Compare the models with what the revisions lead to, and write the revision that brings the one to the other.\n" +
			"No database is needed: it is tried in memory, and on PostgreSQL where a server is given. Read the file before\n" +
			"you rebuild the program and upgrade.\n\n" +
			"What was renamed looks like something dropped and something added. On a terminal it is asked about;\n" +
			"elsewhere say it with --rename. A name in another case is a rename.\n\n" + identifiers,
		Example: "  {db} migrate -m \"add phone to users\"\n" +
			"  {db} migrate -m \"full names\" --rename users.name=users.full_name\n" +
			"  {db} migrate --dry-run",
		Args: noMessage,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error { return f.migrate(c, s) }),
	}
	f.register(c)
	return c
}

// migrate drafts a revision, says what is in it, tries it and writes it.
func (f *revisionFlags) migrate(c *cobra.Command, s *session) error {
	switch {
	case f.sql:
		return errMigrateSQL
	case f.json && !f.dryRun:
		return errJSONDryRun
	}
	p := f.on(f.head)
	d, err := s.draft(c.Context(), &p, f.renames)
	if err != nil {
		return err
	}
	for _, warning := range d.Vain {
		s.log.warn(warning)
	}
	if d.Plan.IsEmpty() {
		s.log.infof("No changes in schema detected.")
		if f.json {
			return s.reportDraft(d, nil, render.Revision{})
		}
		return nil
	}
	s.log.draft(d)
	warnings, err := s.try(c.Context(), d, f.tryOn)
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		s.log.warn(warning)
	}
	file := s.blank(d.Node, p.message)
	d.Fill(&file)
	switch {
	case f.json:
		return s.reportDraft(d, warnings, file)
	case f.dryRun:
		return s.preview(d, file)
	}
	path, err := s.writeFile(file)
	if err != nil {
		return err
	}
	s.printer().made("Generating", path)
	return nil
}

// draft drafts the proposed revision from the models, having asked what was renamed.
func (s *session) draft(ctx context.Context, p *proposal, renames []string) (autogen.Draft, error) {
	if err := s.complete(p); err != nil {
		return autogen.Draft{}, err
	}
	node, err := s.Graph.Propose(p.Proposal)
	if err != nil {
		return autogen.Draft{}, err
	}
	change, err := autogen.Compare(s.History, node, s.models())
	if err != nil {
		return autogen.Draft{}, err
	}
	accepted, err := s.renames(ctx, change.Before, change.After, renames)
	if err != nil {
		return autogen.Draft{}, err
	}
	return change.Draft(accepted...)
}

// models are what revisions are drafted from.
func (s *session) models() autogen.Models {
	return autogen.Models{List: s.env.Models, Config: s.env.Config, Table: s.env.Table}
}

// preview prints the file of a draft and the SQL that it becomes.
func (s *session) preview(d autogen.Draft, file render.Revision) error {
	text, err := render.File(file)
	if err != nil {
		return err
	}
	s.printer().text(string(text))
	for _, dialect := range schema.Dialects() {
		script, err := s.draftScript(d, dialect)
		if err != nil {
			return err
		}
		s.printer().script(dialect, script.Statements())
	}
	return nil
}

// draftScript is the SQL of a draft.
func (s *session) draftScript(d autogen.Draft, dialect schema.Dialect) (runner.Script, error) {
	with, err := s.With(d.Revision())
	if err != nil {
		return runner.Script{}, err
	}
	plan, err := with.Graph.Upgrade(d.Below, d.Node.ID)
	if err != nil {
		return runner.Script{}, err
	}
	return with.Script(dialect, d.Below, plan)
}
