package migrations

import (
	"context"
	"strings"
	"time"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// session is what one command works on: the project, and the database once it is asked for.
type session struct {
	env     *Environment
	project *project
}

func (e *Environment) session() (*session, error) {
	p, err := loadProject(e.Registry, e.Sources)
	if err != nil {
		return nil, err
	}
	return &session{env: e, project: p}, nil
}

func (s *session) graph() *graph.Graph { return s.project.Graph }

// applied opens the database and reads the ids recorded in it.
func (s *session) applied(ctx context.Context) ([]string, error) {
	db, err := s.env.Open(ctx)
	if err != nil {
		return nil, err
	}
	return runner.Applied(ctx, db)
}

func (s *session) runner(ctx context.Context, lockTimeout time.Duration) (*runner.Runner, error) {
	db, err := s.env.Open(ctx)
	if err != nil {
		return nil, err
	}
	return &runner.Runner{
		DB: db, History: s.project.History, LockTimeout: lockTimeout, Now: s.env.Now, Report: s.project.printTo(s.env.Stderr),
	}, nil
}

// moveOptions are those of upgrade and downgrade.
type moveOptions struct {
	plan        bool
	lockTimeout time.Duration
}

// upgrade goes up to the target; with the option plan it only returns the steps.
func (s *session) upgrade(ctx context.Context, target string, o moveOptions) (graph.Plan, error) {
	if o.plan {
		applied, err := s.applied(ctx)
		if err != nil {
			return graph.Plan{}, err
		}
		return s.graph().Upgrade(applied, target)
	}
	r, err := s.runner(ctx, o.lockTimeout)
	if err != nil {
		return graph.Plan{}, err
	}
	return r.Upgrade(ctx, target)
}

// downgrade goes down to the target; with the option plan it only returns the steps.
func (s *session) downgrade(ctx context.Context, target string, o moveOptions) (graph.Plan, error) {
	if o.plan {
		applied, err := s.applied(ctx)
		if err != nil {
			return graph.Plan{}, err
		}
		return s.graph().Downgrade(applied, target)
	}
	r, err := s.runner(ctx, o.lockTimeout)
	if err != nil {
		return graph.Plan{}, err
	}
	return r.Downgrade(ctx, target)
}

// current returns the revisions that the database stands at.
func (s *session) current(ctx context.Context, checkHeads bool) ([]graph.Revision, error) {
	applied, err := s.applied(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := s.graph().Current(applied)
	if err != nil {
		return nil, err
	}
	if checkHeads {
		if err := s.graph().CheckHeads(applied); err != nil {
			return nil, err
		}
	}
	return s.revisions(ids), nil
}

// heads returns the newest revisions; without dependencies resolved, also those that another revision depends on.
func (s *session) heads(resolveDependencies bool) []graph.Revision {
	if resolveDependencies {
		return s.revisions(s.graph().RealHeads())
	}
	return s.revisions(s.graph().Heads())
}

// history returns the revisions of a range, newest first, and those at which the database stands if the range or
// indicateCurrent asks for it.
func (s *session) history(ctx context.Context, text string, indicateCurrent bool) (shown, current []string, err error) {
	var shownRange graph.Range
	if text != "" {
		if shownRange, err = graph.ParseRange(text); err != nil {
			return nil, nil, err
		}
	}
	var applied []string
	if indicateCurrent || strings.Contains(text, "current") {
		if applied, err = s.applied(ctx); err != nil {
			return nil, nil, err
		}
	}
	if shown, err = s.graph().History(shownRange, applied); err != nil {
		return nil, nil, err
	}
	if indicateCurrent {
		current, err = s.graph().Current(applied)
	}
	return shown, current, err
}

// revisions looks up ids that the graph itself gave.
func (s *session) revisions(ids []string) []graph.Revision {
	found := make([]graph.Revision, 0, len(ids))
	for _, id := range ids {
		r, _ := s.graph().Revision(id)
		found = append(found, r)
	}
	return found
}
