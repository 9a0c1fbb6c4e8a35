package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/schema"
)

// errDeclined is returned after the answer no.
var errDeclined = errors.New("nothing was changed")

// move is an upgrade or a downgrade.
type move struct {
	kind        graph.Kind
	target      string
	lockTimeout time.Duration
}

// steps plans the move for a database with the applied ids.
func (m move) steps(g *graph.Graph, applied []string) (graph.Plan, error) {
	if m.kind == graph.Downgrade {
		return g.Downgrade(applied, m.target)
	}
	return g.Upgrade(applied, m.target)
}

// explain adds a hint that depends on the direction.
func (m move) explain(err error) error {
	relative, ok := errors.AsType[*graph.RelativeError](err)
	down := ok && strings.HasPrefix(relative.Relative, "-")
	switch {
	case ok && strings.Trim(relative.Relative, "+-0") == "":
		return hint.New(err, "zero steps lead nowhere; +1 is the next revision, -1 the previous one")
	case m.kind == graph.Upgrade && down && m.target == relative.Relative:
		return hint.New(err, "upgrade goes up; {db} downgrade "+m.target+" goes down")
	case m.kind == graph.Downgrade && ok && !down && m.target == relative.Relative:
		return hint.New(err, "downgrade goes down; {db} upgrade "+m.target+" goes up")
	}
	return err
}

// plan plans the move for the database, replays it, and also returns the applied ids.
func (s *session) plan(ctx context.Context, m move) (plan graph.Plan, applied []string, err error) {
	if applied, err = s.applied(ctx); err != nil {
		return graph.Plan{}, nil, err
	}
	if plan, err = m.steps(s.Graph, applied); err != nil {
		return plan, applied, err
	}
	return plan, applied, s.Rehearse(applied, plan)
}

// move changes the database. Before a downgrade it calls confirm with what is lost or changed; an error from confirm
// stops it.
func (s *session) move(ctx context.Context, m move, confirm func([]runner.Loss, []change) error) (graph.Plan, error) {
	r, err := s.runner(ctx, m.lockTimeout)
	if err != nil {
		return graph.Plan{}, err
	}
	if m.kind == graph.Upgrade {
		return r.Upgrade(ctx, m.target)
	}
	plan, applied, err := s.plan(ctx, m)
	if err != nil {
		return plan, err
	}
	losses, err := r.Losses(ctx, plan)
	if err != nil {
		return plan, err
	}
	changes, err := s.countChanges(ctx, plan, applied)
	if err != nil {
		return plan, err
	}
	if err := confirm(losses, changes); err != nil {
		return plan, err
	}
	return r.Downgrade(ctx, m.target)
}

func (s *session) runner(ctx context.Context, lockTimeout time.Duration) (*runner.Runner, error) {
	db, err := s.database(ctx)
	if err != nil {
		return nil, err
	}
	return &runner.Runner{
		DB: db, History: s.History, LockTimeout: lockTimeout, Now: s.program.Now, Wait: s.program.Wait,
		Report: s.log.event,
	}, nil
}

// script writes the move as SQL without reading the database: it starts at the base, or at FROM in a target FROM:TO.
func (s *session) script(ctx context.Context, m move) (runner.Script, error) {
	d, err := s.dialect(ctx)
	if err != nil {
		return runner.Script{}, err
	}
	from, to, isRange := strings.Cut(m.target, ":")
	switch {
	case isRange:
		m.target = to
	case m.kind == graph.Downgrade:
		return runner.Script{}, graph.ErrOfflineDowngrade
	default:
		from = "base"
	}
	if m.target == "" {
		m.target = map[graph.Kind]string{graph.Upgrade: "head", graph.Downgrade: "base"}[m.kind]
	}
	applied, err := s.Graph.At(from)
	if err != nil {
		return runner.Script{}, err
	}
	plan, err := m.steps(s.Graph, applied)
	if err != nil {
		return runner.Script{}, err
	}
	if m.kind == graph.Upgrade && len(plan.Steps) == 0 && !s.isAt(applied, m.target) {
		return runner.Script{}, hint.New(
			fmt.Errorf("Range %s:%s leads down, not up", from, m.target), //nolint:staticcheck // like other errors of ranges
			fmt.Sprintf("swap the two, or use {db} downgrade --sql %s:%s", from, m.target),
		)
	}
	return s.Script(d, applied, plan)
}

// isAt reports whether the applied ids are exactly those of the target, given that an upgrade to it has no steps.
func (s *session) isAt(applied []string, target string) bool {
	wanted, err := s.Graph.At(target)
	return err != nil || len(wanted) == len(applied) // all wanted ids are applied
}

// dialect returns the dialect of the database.
func (s *session) dialect(ctx context.Context) (schema.Dialect, error) {
	db, err := s.database(ctx)
	if err != nil {
		return "", err
	}
	return schema.Dialect(db.Name()), nil
}
