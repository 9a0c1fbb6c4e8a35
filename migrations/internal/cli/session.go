package cli

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/project"
	"guestlist/migrations/internal/source"
)

// session is the work of one command: an environment with its history, and the database once it is needed.
type session struct {
	*project.Project

	program *Program
	env     *Environment
	out     *resultWriter // Stdout
	log     *progress
	opened  *gorm.DB
	checked *checkReport  // the results of check --json
	stdin   *bufio.Reader // set by input

	lockTimeout time.Duration // of --lock-timeout; 0 if the command has none
}

// session loads the history of the environment in --directory. The default directory may be absent, because the program
// may run without its sources, but a given one must exist. Files on disk that are not compiled into the program are an
// error: the program would do the wrong thing.
func (p *Program) session(c *cobra.Command) (*session, error) {
	env := &p.Environment
	if err := p.checkTables(); err != nil {
		return nil, err
	}
	if flag := c.Flag(directoryFlag); flag.Changed {
		var err error
		if env, err = p.environmentIn(flag.Value.String()); err != nil {
			return nil, err
		}
	}
	if env.Revisions == nil {
		return nil, ErrNoRevisions
	}
	if err := source.CheckCompiled(env.versions(), os.DirFS(env.versions()), env.Revisions.Sources()); err != nil {
		return nil, err
	}
	loaded, err := project.Load(env.Revisions, env.Table)
	if err != nil {
		return nil, err
	}
	return &session{
		Project: loaded, program: p, env: env, out: &resultWriter{Writer: p.Stdout},
		log: &progress{out: p.Stderr, project: loaded, terminal: p.Terminal},
	}, nil
}

// errNoDatabase is the error for an environment without Open.
var errNoDatabase = hint.New(errors.New("the program opens no database"),
	"set Open in its migrations.Environment to a function that returns it")

// ErrNoRevisions is the error for an environment without a registry of revisions.
var ErrNoRevisions = hint.New(errors.New("the program names no revisions"),
	"set Revisions in its migrations.Environment; {db} init creates a directory for them and says how")

// database opens the database, once for the whole command.
func (s *session) database(ctx context.Context) (*gorm.DB, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	if s.env.Open == nil {
		return nil, errNoDatabase
	}
	db, err := s.open(ctx)
	if _, missing := errors.AsType[*fs.PathError](err); missing {
		if _, hinted := errors.AsType[hint.Hinter](err); !hinted {
			err = hint.New(err, "check the address of the database; in a URL, sqlite:///path is relative and"+
				" sqlite:////path is not")
		}
	}
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, errNoDatabase
	}
	s.opened = db
	return db, nil
}

// applied reads the applied ids, waiting while they are locked.
func (s *session) applied(ctx context.Context) ([]string, error) {
	r, err := s.runner(ctx, s.waitLimit())
	if err != nil {
		return nil, err
	}
	return r.Applied(ctx)
}

// current returns the current revisions of the database.
func (s *session) current(ctx context.Context, checkHeads bool) ([]graph.Revision, error) {
	applied, err := s.applied(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := s.Graph.Current(applied)
	if err != nil {
		return nil, err
	}
	if checkHeads {
		if err := s.Graph.CheckHeads(applied); err != nil {
			return nil, err
		}
	}
	return s.Revisions(ids), nil
}

// heads returns the heads; with resolveDependencies, without those that another revision depends on.
func (s *session) heads(resolveDependencies bool) []graph.Revision {
	if resolveDependencies {
		return s.Revisions(s.Graph.RealHeads())
	}
	return s.Revisions(s.Graph.Heads())
}

// history returns the revisions of a range, newest first, and, if indicateCurrent is set, the current ones. It warns
// about ids in the database that no file declares.
func (s *session) history(ctx context.Context, text string, indicateCurrent bool) (h shownHistory, err error) {
	var span graph.Range
	if text != "" {
		if span, err = graph.ParseRange(text); err != nil {
			return h, err
		}
	}
	var applied []string
	if indicateCurrent || needsDatabase(span.Lower) || needsDatabase(span.Upper) {
		if applied, err = s.applied(ctx); err != nil {
			return h, err
		}
	}
	if h.revisions, err = s.Graph.History(span, applied); err != nil || !indicateCurrent {
		return h, err
	}
	if applied, err = s.Graph.Known(applied); err != nil {
		s.log.warn(hint.Fill(err.Error()+": "+hint.Of(err), s.program.command(s.env)))
		if unknown, ok := errors.AsType[*graph.UnknownAppliedError](err); ok {
			h.unknown = append([]string{unknown.ID}, unknown.Others...)
		}
	}
	h.current, err = s.Graph.Current(applied)
	return h, err
}

// shownHistory are the ids that history shows. Current is nil if the database was not read.
type shownHistory struct{ revisions, current, unknown []string }

// branches returns the branch points, newest first.
func (s *session) branches() []graph.Revision { return s.Revisions(s.Graph.BranchPoints()) }

// find returns the revisions of a target: none for the base, nor for current if the database is at the base.
func (s *session) find(ctx context.Context, target string) ([]graph.Revision, error) {
	var applied []string
	if needsDatabase(target) {
		var err error
		if applied, err = s.applied(ctx); err != nil {
			return nil, err
		}
	}
	ids, err := s.Graph.Resolve(target, applied)
	if gone, ok := errors.AsType[*graph.UnknownRevisionError](err); ok && gone.ReplacedBy != "" {
		s.log.infof("%s", gone.Reason)
		ids, err = []string{gone.ReplacedBy}, nil
	}
	return s.Revisions(ids), err
}

// needsDatabase reports whether the identifier depends on the state of the database.
func needsDatabase(identifier string) bool {
	return strings.Contains(identifier, "current") || strings.HasPrefix(identifier, "+") ||
		strings.HasPrefix(identifier, "-")
}
