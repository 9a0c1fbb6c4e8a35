package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/schema"
)

// errMigrateSQL is worded as in the reference.
var errMigrateSQL = hint.New(
	errors.New("Using --sql with --autogenerate does not make any sense"), //nolint:staticcheck // the reference's words
	"--dry-run prints the revision and its SQL",
)

// errJSONDryRun is the error for --json without --dry-run.
var errJSONDryRun = hint.New(errors.New("--json needs --dry-run"),
	"--dry-run --json prints the revision that would be written")

// errEmptyRevision is the error for an empty revision with flags of migrate.
var errEmptyRevision = hint.New(
	errors.New("--rename, --online, --dry-run and --json need a revision made from the models"),
	"add --autogenerate, or use {db} migrate",
)

// revisionFlags are the flags of migrate and revision.
type revisionFlags struct {
	proposal

	head    string
	sql     bool
	dryRun  bool
	json    bool
	renames []string
	tryOn   string
	online  bool
}

func (f *revisionFlags) register(c *cobra.Command) {
	f.flags(c)
	c.Flags().StringVar(&f.head, "head", "head", "the REVISION to build on; base begins a new line")
	c.Flags().BoolVar(&f.Splice, "splice", false, "build on a revision that is not a head")
	c.Flags().StringSliceVar(&f.DependsOn, "depends-on", nil,
		"a REVISION of another line that must be applied before this one; may be repeated")
	c.Flags().StringArrayVar(&f.renames, "rename", nil,
		"a rename: users=people, users.name=users.full_name; may be repeated")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the file and its SQL, and write nothing")
	c.Flags().StringVar(&f.tryOn, "try-on", "",
		"the URL of a PostgreSQL server on which to try the revision too, in a scratch database")
	c.Flags().BoolVar(&f.online, "online", false,
		"write a series of revisions for a live PostgreSQL database and a rolling upgrade of the program")
	jsonFlag(c, &f.json)
	c.Flags().BoolVar(&f.sql, "sql", false, "")
	_ = c.Flags().MarkHidden("sql") // fails only for unknown flags
}

func migrateCommand(program *Program) *cobra.Command {
	var f revisionFlags
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Write a revision of what has changed in the models",
		Long: "Compare the models with the revisions, and write a revision of the difference. No database is needed: the\n" +
			"revision is tried in memory, and on PostgreSQL if a server is given. Read the file before you rebuild the\n" +
			"program and upgrade.\n\n" +
			"A rename looks like something dropped and something added. On a terminal, {db} migrate asks about it;\n" +
			"elsewhere use --rename. A name that differs only in case is a rename.\n\n" +
			"With --online it writes as many revisions as it takes to block nobody for more than a moment, and to keep the\n" +
			"old program running until the new one is rolled out: it builds indexes concurrently, checks and fills rows\n" +
			"while others work, and keeps two columns for a while for a rename or a larger type. It says which revisions to\n" +
			"apply before the rollout, and which after.\n\n" + identifiers,
		Example: "  {db} migrate -m \"add phone to users\"\n" +
			"  {db} migrate -m \"full names\" --rename users.name=users.full_name\n" +
			"  {db} migrate -m \"full names\" --online --rename users.name=users.full_name\n" +
			"  {db} migrate --dry-run",
		Args: noMessage,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error { return f.migrate(c, s) }),
	}
	f.register(c)
	return c
}

// migrate drafts a revision or a series, logs its changes, tries it and writes it.
func (f *revisionFlags) migrate(c *cobra.Command, s *session) error {
	switch {
	case f.sql:
		return errMigrateSQL
	case f.json && !f.dryRun:
		return errJSONDryRun
	}
	p := f.on(f.head)
	change, renames, err := s.compare(c.Context(), &p, f.renames)
	if err != nil {
		return err
	}
	for _, warning := range change.Vain {
		s.log.warn(warning)
	}
	series, err := f.series(s, change, p, renames)
	if err != nil {
		return err
	}
	if len(series.Drafts) == 0 {
		s.log.infof("No changes in schema detected.")
		return f.show(s, change.Vain, nil)
	}
	var all []drafted
	for _, d := range series.Drafts {
		one, err := s.tryDraft(c.Context(), d, p.message, f.tryOn)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	if f.dryRun {
		return f.show(s, change.Vain, all)
	}
	if err := s.writeAll(all); err != nil {
		return err
	}
	s.explainSeries(series)
	return nil
}

// series returns the draft of the change, or with --online the drafts; there are none if nothing has changed.
func (f *revisionFlags) series(s *session, change autogen.Change, p proposal,
	renames []diff.Rename) (autogen.Series, error) {
	if f.online {
		return change.Series(func(n, of int) (string, error) { return s.partID(p, n, of) }, renames...)
	}
	d, err := change.Draft(renames...)
	if err != nil || d.Plan.IsEmpty() {
		return autogen.Series{}, err
	}
	return autogen.Series{Drafts: []autogen.Draft{d}, Rollout: 1}, nil
}

// compare finds the changes in the models, and asks about renames that the flags do not name.
func (s *session) compare(ctx context.Context, p *proposal, flags []string) (autogen.Change, []diff.Rename, error) {
	p.given = p.ID != ""
	if err := s.complete(p); err != nil {
		return autogen.Change{}, nil, err
	}
	node, err := s.Graph.Propose(p.Proposal)
	if err != nil {
		return autogen.Change{}, nil, err
	}
	change, err := autogen.Compare(s.History, node, s.models())
	if err != nil {
		return autogen.Change{}, nil, err
	}
	renames, err := s.renames(ctx, change.Before, change.After, flags)
	return change, renames, err
}

// drafted is a draft that was tried, and its file.
type drafted struct {
	autogen.Draft

	warnings []string // of the trial and of locks
	file     render.Revision
}

// tryDraft logs the changes of a draft and tries it.
func (s *session) tryDraft(ctx context.Context, d autogen.Draft, message, tryOn string) (drafted, error) {
	s.log.draft(d)
	warnings, err := s.try(ctx, d, tryOn)
	if err != nil {
		return drafted{}, err
	}
	locks, err := s.draftLocks(d)
	if err != nil {
		return drafted{}, err
	}
	warnings = append(warnings, locks...)
	for _, warning := range warnings {
		s.log.warn(warning)
	}
	if d.Title != "" {
		message = strings.TrimPrefix(message+": "+d.Title, ": ")
	}
	file := s.blank(d.Node, message)
	d.Fill(&file)
	return drafted{d, warnings, file}, nil
}

// show prints drafts instead of writing them.
func (f *revisionFlags) show(s *session, vain []string, all []drafted) error {
	if f.json {
		return s.reportDrafts(vain, all)
	}
	for n, d := range all {
		if err := s.preview(d, all[:n]); err != nil {
			return err
		}
	}
	return nil
}

// models returns the models of the environment.
func (s *session) models() autogen.Models {
	return autogen.Models{List: s.env.Models, Config: s.env.Config, Table: s.env.Table}
}

// preview prints the file of a draft, and its SQL on top of other drafts.
func (s *session) preview(d drafted, below []drafted) error {
	text, err := render.File(d.file)
	if err != nil {
		return err
	}
	s.printer().text(string(text))
	for _, dialect := range schema.Dialects() {
		script, err := s.draftScript(d, below, dialect)
		if err != nil {
			return err
		}
		s.printer().script(dialect, script.Statements())
	}
	return nil
}

// draftScript returns the SQL of a draft on top of others.
func (s *session) draftScript(d drafted, below []drafted, dialect schema.Dialect) (runner.Script, error) {
	with := s.History
	for _, one := range append(slices.Clone(below), d) {
		var err error
		if with, err = with.With(one.Revision()); err != nil {
			return runner.Script{}, err
		}
	}
	plan, err := with.Graph.Upgrade(d.Below, d.Node.ID)
	if err != nil {
		return runner.Script{}, err
	}
	return with.Script(dialect, d.Below, plan)
}
