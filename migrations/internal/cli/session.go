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

// session is what one command works on: an environment and its history, and the database once it is needed.
type session struct {
	*project.Project

	program *Program
	env     *Environment
	log     *progress
	opened  *gorm.DB
	checked *checkReport  // what a check has found, where it is to be JSON
	typed   *bufio.Reader // of Stdin, once somebody is asked

	lockTimeout time.Duration // of --lock-timeout; 0 where the command has none
}

// session loads the history of the environment that --directory names. The standard directory may be absent, as the
// program runs without its sources, but one that somebody names must be there. Files on disk that the program does not
// have are an error: it would say and do the wrong things.
func (p *Program) session(c *cobra.Command) (*session, error) {
	env := &p.Environment
	if err := p.checkTables(); err != nil {
		return nil, err
	}
	if flag := c.Flag(directoryFlag); flag.Changed {
		var err error
		if env, err = p.in(flag.Value.String()); err != nil {
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
	return &session{Project: loaded, program: p, env: env, log: &progress{out: p.Stderr, project: loaded,
		terminal: p.Terminal}}, nil
}

// errNoDatabase is an environment that cannot open its database.
var errNoDatabase = hint.New(errors.New("the program opens no database"),
	"set Open in its migrations.Environment to a function that returns it")

// ErrNoRevisions is an environment to which no registry was given.
var ErrNoRevisions = hint.New(errors.New("the program names no revisions"),
	"set Revisions in its migrations.Environment; {db} init makes a directory for them and says how")

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

// applied reads the ids recorded in the database, once nobody keeps it from being read.
func (s *session) applied(ctx context.Context) ([]string, error) {
	r, err := s.runner(ctx, s.patience())
	if err != nil {
		return nil, err
	}
	return r.Applied(ctx)
}

// current returns the revisions that the database is at.
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

// heads returns the newest revisions; without dependencies resolved, also those that another revision depends on.
func (s *session) heads(resolveDependencies bool) []graph.Revision {
	if resolveDependencies {
		return s.Revisions(s.Graph.RealHeads())
	}
	return s.Revisions(s.Graph.Heads())
}

// history returns the revisions of a range, newest first, and, if indicateCurrent is set, those that the database
// is at. Ids of the database that no file declares do not keep the history from being shown: they are warned of.
func (s *session) history(ctx context.Context, text string, indicateCurrent bool) (h shownHistory, err error) {
	var span graph.Range
	if text != "" {
		if span, err = graph.ParseRange(text); err != nil {
			return h, err
		}
	}
	var applied []string
	if indicateCurrent || speaksOfState(span.Lower) || speaksOfState(span.Upper) {
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

// shownHistory is what history shows: ids. Current is nil where the database was not asked.
type shownHistory struct{ revisions, current, unknown []string }

// branches returns the revisions after which the history branches, newest first.
func (s *session) branches() []graph.Revision { return s.Revisions(s.Graph.BranchPoints()) }

// find returns the revisions that a target names: none for the base, and for the current ones of a database there.
func (s *session) find(ctx context.Context, target string) ([]graph.Revision, error) {
	var applied []string
	if speaksOfState(target) {
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

// speaksOfState reports whether only a database can say what the identifier means.
func speaksOfState(identifier string) bool {
	return strings.Contains(identifier, "current") || strings.HasPrefix(identifier, "+") ||
		strings.HasPrefix(identifier, "-")
}
