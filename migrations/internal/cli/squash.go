package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
)

// squashFlags are the flags of squash.
type squashFlags struct {
	proposal

	dryRun, leaveOutCode bool
	tryOn                string
}

func squashCommand(program *Program) *cobra.Command {
	var f squashFlags
	c := &cobra.Command{
		Use:   "squash FROM:TO",
		Short: "Replace many revisions by one",
		Long: "Write one revision that does what those from FROM to TO do, both included, and remove their files. Without\n" +
			"FROM it starts at the base, without TO it ends at head. No database is needed: the revisions are replayed, and\n" +
			"the result is tried as by {db} migrate.\n\n" +
			"SQL is copied in its order. Go code cannot be copied and is an error, unless --leave-out-code says that a new\n" +
			"database does not need it.\n\n" +
			"A database at TO or past it counts as having the new revision. One in between must first be upgraded to TO by\n" +
			"the old program.\n\n" + identifiers,
		Example: "  {db} squash base:8f0c -m \"the first year\"\n  {db} squash 3c9a:8f0c --dry-run",
		Args:    oneRange,
		RunE:    run(program, f.squash),
	}
	c.Flags().StringVarP(&f.message, "message", "m", "", "what the revision is about")
	c.Flags().StringVar(&f.ID, "rev-id", "", "the id, instead of a random one")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the file and its SQL, and write and remove nothing")
	c.Flags().BoolVar(&f.leaveOutCode, "leave-out-code", false, "leave out Go code; only from the base")
	c.Flags().StringVar(&f.tryOn, "try-on", "",
		"the URL of a PostgreSQL server on which to try the revision too, in a scratch database")
	return c
}

// oneRange requires a single argument.
func oneRange(c *cobra.Command, arguments []string) error {
	if len(arguments) == 1 {
		return nil
	}
	usage := "name the first and the last, as in " + c.CommandPath() + " 8f0c:3c9a"
	if len(arguments) > 1 {
		return extraArguments(arguments[1:], usage)
	}
	return hint.Lines(hint.New(errNoRange, usage), "")
}

//nolint:staticcheck // like other errors of arguments
var errNoRange = errors.New("Missing the range to squash, FROM:TO")

// squash drafts the revision, tries it, writes it and removes the files it replaces.
func (f *squashFlags) squash(c *cobra.Command, s *session, arguments []string) error {
	replaced, err := graph.ParseRange(arguments[0])
	if err != nil {
		return hint.New(err, "as in {db} squash 8f0c:3c9a, 8f0c: or :8f0c")
	}
	p := f.proposal
	if err := s.complete(&p); err != nil {
		return err
	}
	squash, err := s.Graph.Squash(p.ID, replaced)
	if err != nil {
		return err
	}
	paths, err := s.filesOf(squash.Replaced)
	if err != nil {
		return err
	}
	d, err := autogen.Squash(s.History, squash, f.leaveOutCode)
	if err != nil {
		return err
	}
	warnings, err := s.try(c.Context(), d, f.tryOn)
	if err != nil {
		return err
	}
	for _, warning := range append(d.Warnings(), warnings...) {
		s.log.warn(warning)
	}
	if d.OneWay() {
		s.log.warn("the new revision has no Downgrade, because one of the revisions has none")
	}
	first, last := squash.Replaced[0], squash.Replaced[len(squash.Replaced)-1]
	if p.message == "" {
		p.message = fmt.Sprintf("squash %s to %s", first, last)
	}
	file := s.blank(d.Node, p.message)
	d.Fill(&file)
	if f.dryRun {
		return s.preview(drafted{Draft: d, file: file}, nil)
	}
	path, err := s.writeFile(file)
	if err != nil {
		return err
	}
	s.program.printDone("Generating", path)
	if err := s.remove(paths); err != nil {
		return err
	}
	s.log.infof("The removed files are now only in version control")
	s.log.infof("Databases at %s or past it need nothing; upgrade those that have only some of the revisions before "+
		"you deploy this", last)
	return nil
}

// filesOf returns the paths of the files of revisions, which must declare no other revisions.
func (s *session) filesOf(replaced []string) ([]string, error) {
	var paths []string
	for _, r := range s.Revisions(replaced) {
		if path := filepath.Join(s.env.versions(), r.File); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	for _, r := range s.Graph.Revisions() {
		if !slices.Contains(replaced, r.ID) && slices.Contains(paths, filepath.Join(s.env.versions(), r.File)) {
			return nil, hint.New(fmt.Errorf("%s cannot be removed: it also declares revision %s", r.File, r.ID),
				"move that revision to its own file")
		}
	}
	return paths, nil
}

// remove removes the files that exist.
func (s *session) remove(paths []string) error {
	for i, path := range paths {
		err := os.Remove(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return hint.New(fmt.Errorf("remove a replaced file: %w", err),
				"remove these by hand, or else the new file: "+strings.Join(paths[i:], ", "))
		}
		s.program.printDone("Removing", path)
	}
	return nil
}
