package migrations

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/source"
	"guestlist/migrations/revision"
	"guestlist/migrations/versions"
)

// project is a history together with what the comments in its files say.
type project struct {
	*runner.History
	headers map[string]source.Header // by file name
}

func loadProject(registry *revision.Registry, sources fs.FS) (*project, error) {
	history, err := runner.NewHistory(runner.DefaultTable, registry.Revisions())
	if err != nil {
		return nil, err
	}
	headers, err := source.Headers(sources)
	if err != nil {
		return nil, err
	}
	return &project{History: history, headers: headers}, nil
}

// header returns what is said about a revision.
func (p *project) header(id string) source.Header { return p.headers[p.Revision(id).File] }

// Upgrade brings the database to the heads of the program's own revisions, one transaction each, and logs every
// revision. Programs that call it at the same time wait for each other; where there is nothing to do it costs a few
// queries.
func Upgrade(ctx context.Context, db *gorm.DB, log *slog.Logger) error {
	p, err := loadProject(revision.Default(), versions.Files)
	if err != nil {
		return err
	}
	r := runner.Runner{DB: db, History: p.History, Report: logTo(ctx, p, log)}
	if _, err := r.Upgrade(ctx, "heads"); err != nil {
		return fmt.Errorf("upgrade the database: %w", err)
	}
	return nil
}

// CheckHead returns nil if the database stands at the heads of the program's own revisions. It costs two queries.
// Otherwise the error is an *OutdatedError, or says why the database cannot be asked.
func CheckHead(ctx context.Context, db *gorm.DB) error {
	history, err := runner.NewHistory(runner.DefaultTable, revision.Default().Revisions())
	if err != nil {
		return err
	}
	applied, err := history.Applied(ctx, db)
	if err != nil {
		return err
	}
	return checkHead(history.Graph, applied)
}

// checkHead asks whether an upgrade would find nothing to do. Comparing heads would not do: one that another revision
// depends on is no current head of any database.
func checkHead(g *graph.Graph, applied []string) error {
	plan, err := g.Upgrade(applied, "heads")
	if err == nil && len(plan.Steps) > 0 {
		err = graph.ErrNotAtHeads
	}
	if err != nil {
		return &OutdatedError{Heads: g.RealHeads(), reason: err}
	}
	return nil
}

// OutdatedError is a database that does not stand at the heads, but before them or at revisions unknown to the program.
type OutdatedError struct {
	Heads  []string
	reason error
}

func (e *OutdatedError) Error() string { return e.reason.Error() }

// Unwrap returns the reason.
func (e *OutdatedError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *OutdatedError) Hint() string {
	if hinter, ok := errors.AsType[graph.Hinter](e.reason); ok && !errors.Is(e.reason, graph.ErrNotAtHeads) {
		return hinter.Hint()
	}
	return "run db upgrade; the heads are " + list(e.Heads)
}
