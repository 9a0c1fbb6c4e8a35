package migrations

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/source"
)

// session is what one command works on: the project, and the database once it is asked for.
type session struct {
	*project

	env    *Environment
	log    *progress
	opened *gorm.DB
}

// session puts the project together. Files on disk that the program does not have are an error: it would tell and do
// the wrong things.
func (e *Environment) session() (*session, error) {
	if err := source.CheckCompiled(e.versions(), os.DirFS(e.versions()), e.Sources); err != nil {
		return nil, err
	}
	p, err := loadProject(e.Registry, e.Sources)
	if err != nil {
		return nil, err
	}
	return &session{project: p, env: e, log: &progress{out: e.Stderr, project: p}}, nil
}

// checkDirectory refuses a directory that is not there or holds no revisions. The standard one may be absent, as the
// program runs without its sources; one that somebody names is meant.
func (e *Environment) checkDirectory() error {
	for _, path := range []string{e.Directory, e.versions()} {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return &noDirectoryError{directory: path}
		}
	}
	return nil
}

// versions is the directory of the revision files.
func (e *Environment) versions() string { return filepath.Join(e.Directory, "versions") }

// database opens the database, once for the whole command.
func (s *session) database(ctx context.Context) (*gorm.DB, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	db, err := s.env.Open(ctx)
	if kind[*fs.PathError](err) && !kind[graph.Hinter](err) {
		err = &hinted{err, "check DATABASE_URL: a path in sqlite:///path is relative, one in sqlite:////path is not"}
	}
	if err != nil {
		return nil, err
	}
	s.opened = db
	return db, nil
}

// applied reads the ids recorded in the database.
func (s *session) applied(ctx context.Context) ([]string, error) {
	db, err := s.database(ctx)
	if err != nil {
		return nil, err
	}
	return s.Applied(ctx, db)
}

// current returns the revisions that the database stands at.
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
	return s.revisions(ids), nil
}

// heads returns the newest revisions; without dependencies resolved, also those that another revision depends on.
func (s *session) heads(resolveDependencies bool) []graph.Revision {
	if resolveDependencies {
		return s.revisions(s.Graph.RealHeads())
	}
	return s.revisions(s.Graph.Heads())
}

// history returns the revisions of a range, newest first, and those at which the database stands if indicateCurrent
// asks for them.
func (s *session) history(ctx context.Context, text string, indicateCurrent bool) (shown, current []string, err error) {
	var span graph.Range
	if text != "" {
		if span, err = graph.ParseRange(text); err != nil {
			return nil, nil, err
		}
	}
	var applied []string
	if indicateCurrent || speaksOfState(span.Lower) || speaksOfState(span.Upper) {
		if applied, err = s.applied(ctx); err != nil {
			return nil, nil, err
		}
	}
	if shown, err = s.Graph.History(span, applied); err != nil {
		return nil, nil, err
	}
	if indicateCurrent {
		current, err = s.Graph.Current(applied)
	}
	return shown, current, err
}

// branches returns the revisions after which the history parts, newest first.
func (s *session) branches() []graph.Revision { return s.revisions(s.Graph.BranchPoints()) }

// drift returns what of the database is not as the history of its applied revisions has it, and how many revisions are
// not applied.
func (s *session) drift(ctx context.Context) (differences []drift.Difference, pending int, err error) {
	applied, err := s.applied(ctx)
	if err != nil {
		return nil, 0, err
	}
	plan, err := s.Graph.Upgrade(applied, "heads")
	if err != nil {
		return nil, 0, err
	}
	want, err := s.SchemaAt(applied)
	if err != nil {
		return nil, 0, err
	}
	differences, err = drift.Compare(ctx, s.opened, want)
	return differences, len(plan.Steps), err
}

// nothingError is a target that stands for no revision.
type nothingError struct{ target string }

func (e *nothingError) Error() string {
	return fmt.Sprintf("There is no revision file behind '%s'", e.target)
}

// Hint says where there are some.
func (e *nothingError) Hint() string {
	return "it stands for no revision; db history lists those there are"
}

// find returns the revisions that a target names: one at least, unless the project has none at all.
func (s *session) find(ctx context.Context, target string) ([]graph.Revision, error) {
	var applied []string
	if speaksOfState(target) {
		var err error
		if applied, err = s.applied(ctx); err != nil {
			return nil, err
		}
	}
	ids, err := s.Graph.Resolve(target, applied)
	if err == nil && len(ids) == 0 && len(s.Graph.Revisions()) > 0 {
		err = &nothingError{target}
	}
	return s.revisions(ids), err
}

// speaksOfState tells whether only a database can say what the identifier means.
func speaksOfState(identifier string) bool {
	return strings.Contains(identifier, "current") || strings.HasPrefix(identifier, "+") || strings.HasPrefix(identifier, "-")
}

// revisions looks up ids that the graph itself gave.
func (p *project) revisions(ids []string) []graph.Revision {
	found := make([]graph.Revision, 0, len(ids))
	for _, id := range ids {
		r, _ := p.Graph.Revision(id)
		found = append(found, r)
	}
	return found
}
