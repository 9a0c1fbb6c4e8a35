package migrations

import (
	"errors"

	"github.com/spf13/cobra"
)

// errMigrateSQL is worded as the reference has it.
var errMigrateSQL error = &hinted{
	errors.New("Using --sql with --autogenerate does not make any sense"), //nolint:staticcheck // the reference's words
	"--dry-run prints the revision and its SQL",
}

// errEmptyRevision is an empty revision with flags of one that is made from the models.
var errEmptyRevision error = &hinted{
	errors.New("--rename and --dry-run are about a revision made from the models"),
	"add --autogenerate, or say db migrate",
}

// newFlags are those of migrate and revision.
type newFlags struct {
	proposal

	head    string
	sql     bool
	dryRun  bool
	renames []string
}

func (f *newFlags) register(c *cobra.Command) {
	f.flags(c)
	c.Flags().StringVar(&f.head, "head", "head", "the REVISION to build on; base begins a new line")
	c.Flags().BoolVar(&f.Splice, "splice", false, "build on a revision even if another does already")
	c.Flags().StringSliceVar(&f.DependsOn, "depends-on", nil, "a REVISION of another line that must be applied before this one; may be repeated")
	c.Flags().StringArrayVar(&f.renames, "rename", nil, "what was renamed: users=people, users.name=users.full_name; may be repeated")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the file and its SQL, and write nothing")
	c.Flags().BoolVar(&f.sql, "sql", false, "")
	_ = c.Flags().MarkHidden("sql") // it exists
}

// asked is the revision that the flags ask for.
func (f *newFlags) asked() proposal {
	p := f.proposal
	p.Heads = []string{f.head}
	return p
}

func migrateCommand(env *Environment) *cobra.Command {
	var f newFlags
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Write a revision of what has changed in the models",
		Long: "Compare the models with what the revisions lead to, and write the revision that brings the one to the other.\n" +
			"No database is needed. Read the file before you rebuild the program and upgrade.\n\n" +
			"What was renamed looks like something dropped and something added. On a terminal it is asked about;\n" +
			"elsewhere say it with --rename.\n\n" + identifiers,
		Example: "  guestlist db migrate -m \"add phone to users\"\n" +
			"  guestlist db migrate -m \"full names\" --rename users.name=users.full_name\n" +
			"  guestlist db migrate --dry-run",
		Args: noMessage,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error { return f.migrate(c, s) }),
	}
	f.register(c)
	return c
}

// migrate drafts a revision, tells what is in it, tries it and writes it.
func (f *newFlags) migrate(c *cobra.Command, s *session) error {
	if f.sql {
		return errMigrateSQL
	}
	d, err := s.draft(c.Context(), f.asked(), f.renames)
	if err != nil {
		return err
	}
	if d.plan.IsEmpty() {
		s.log.infof("No changes in schema detected.")
		return nil
	}
	s.log.draft(d)
	if err := s.try(c.Context(), d); err != nil {
		return err
	}
	if f.dryRun {
		return s.preview(d)
	}
	path, err := s.writeFile(d.file)
	if err != nil {
		return err
	}
	s.printer().made("Generating", path)
	return nil
}
