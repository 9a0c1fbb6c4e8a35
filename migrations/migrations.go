package migrations

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"guestlist/migrations/internal/cli"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/project"
	"guestlist/migrations/internal/runner"
)

// Command returns the command that writes, applies, reverses and merges revisions, to run on its own or to add to a
// program's commands. Execute it once. The second line of an error, if any, says what to do; the command never exits
// the program.
//
// A program with several databases passes an environment for each. The flag --directory selects one by its Directory;
// the default is the first. Of the others, only the fields about their database and files are used; Open, Config and
// FileTemplate default to those of the first.
func Command(env *Environment, more ...*Environment) *cobra.Command {
	return cli.Command(env.program(more))
}

// Upgrade upgrades the database to the heads of the environment's revisions, in a transaction for each. It logs a
// summary, and each revision at debug level. Programs that call it at the same time wait for each other. If there is
// nothing to do, it costs a few queries. Its errors have a method Hint that says what to do.
func Upgrade(ctx context.Context, env *Environment, db *gorm.DB, log *slog.Logger) error {
	p, err := env.project()
	if err == nil && db == nil {
		err = errNoDatabase
	}
	if err == nil {
		r := runner.Runner{DB: db, History: p.History, Now: env.Now, Wait: env.Wait, Report: logTo(ctx, p, log)}
		begin := time.Now()
		var plan graph.Plan
		if plan, err = r.Upgrade(ctx, "heads"); err == nil {
			logUpgrade(ctx, log, p.Graph, plan, time.Since(begin))
		}
	}
	if err != nil {
		return hint.Bind(fmt.Errorf("upgrade the database: %w", err), env.command())
	}
	return nil
}

// logUpgrade logs the revisions before and after an upgrade, unless there was nothing to do.
func logUpgrade(ctx context.Context, log *slog.Logger, g *graph.Graph, plan graph.Plan, took time.Duration) {
	if len(plan.Steps) == 0 {
		return
	}
	before := slices.DeleteFunc(slices.Clone(plan.Applied), func(id string) bool {
		return slices.ContainsFunc(plan.Steps, func(s graph.Step) bool { return s.Revision == id })
	})
	message := "made the schema"
	attributes := []slog.Attr{slog.String("revision", strings.Join(plan.Heads, ", "))}
	if from, err := g.CurrentHeads(before); err == nil && len(from) > 0 {
		message = "upgraded the schema"
		attributes = append([]slog.Attr{slog.String("from", strings.Join(from, ", "))}, attributes...)
	}
	attributes = append(attributes, slog.Int("revisions", len(plan.Steps)), slog.Duration("duration", took))
	log.LogAttrs(ctx, slog.LevelInfo, message, attributes...)
}

// logTo returns a reporter that writes to the program's log.
func logTo(ctx context.Context, p *project.Project, log *slog.Logger) func(runner.Event) {
	var pace runner.Pace
	return func(e runner.Event) {
		switch e.Kind {
		case runner.Waiting:
			attributes := []slog.Attr{slog.String("holder", e.Holder)}
			if e.Again > 0 {
				attributes = append(attributes, slog.Duration("again", e.Again))
			}
			log.LogAttrs(ctx, slog.LevelInfo, "waiting to migrate", attributes...)
		case runner.Noted:
			log.InfoContext(ctx, e.Text)
		case runner.Warned:
			log.WarnContext(ctx, e.Text)
		case runner.Started:
			log.DebugContext(ctx, "running "+p.Describe(e.Step))
		case runner.Progressed:
			if pace.Due(e) {
				log.LogAttrs(ctx, slog.LevelInfo, "migrating "+e.Table, slog.String("revision", e.Step.Revision),
					slog.Int64("rows", e.Rows), slog.Int64("of", e.Of))
			}
		case runner.Finished:
			log.DebugContext(ctx, "ran "+p.Describe(e.Step), slog.Duration("duration", e.Took))
		}
	}
}

// CheckHead returns nil if the database is at the heads of the environment's revisions, and an *OutdatedError if it is
// not. Any other error means that it could not find out. It costs a few queries.
func CheckHead(ctx context.Context, env *Environment, db *gorm.DB) error {
	switch {
	case env.Revisions == nil:
		return hint.Bind(cli.ErrNoRevisions, env.command())
	case db == nil:
		return errNoDatabase
	}
	history, err := runner.NewHistory(env.table(), env.Revisions.Revisions())
	if err != nil {
		return hint.Bind(err, env.command())
	}
	r := runner.Runner{DB: db, History: history, Now: env.Now, Wait: env.Wait}
	applied, err := r.Applied(ctx)
	if err != nil {
		return hint.Bind(err, env.command())
	}
	return checkHead(history.Graph, applied, env.command())
}

// checkHead returns an OutdatedError unless an upgrade has nothing to do. It does not compare heads, since a head that
// another revision depends on is never a current head of a database.
func checkHead(g *graph.Graph, applied []string, command string) error {
	err := atHeads(g, applied)
	if err == nil {
		return nil
	}
	outdated := &OutdatedError{Heads: g.RealHeads(), Empty: len(applied) == 0, reason: err, command: command}
	if unknown, ok := errors.AsType[*graph.UnknownAppliedError](err); ok {
		outdated.Unknown = append([]string{unknown.ID}, unknown.Others...)
		known, _ := g.Known(applied)
		outdated.Ahead = atHeads(g, known) == nil
	}
	return outdated
}

// atHeads returns nil if an upgrade has nothing to do.
func atHeads(g *graph.Graph, applied []string) error {
	plan, err := g.Upgrade(applied, "heads")
	if err == nil && len(plan.Steps) > 0 {
		return graph.ErrNotAtHeads
	}
	return err
}

// OutdatedError reports that a database is not at the heads, but before them or at revisions unknown to the program.
type OutdatedError struct {
	Heads   []string
	Unknown []string // revisions that are applied and that the program does not have
	Ahead   bool     // all revisions of the program are applied too: a newer program has upgraded the database
	Empty   bool     // nothing is applied

	reason  error
	command string
}

func (e *OutdatedError) Error() string { return e.reason.Error() }

// Unwrap returns the reason.
func (e *OutdatedError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *OutdatedError) Hint() string {
	if errors.Is(e.reason, graph.ErrNotAtHeads) {
		return "run " + e.command + " upgrade; the heads are " + strings.Join(e.Heads, ", ")
	}
	return hint.Fill(hint.Of(e.reason), e.command)
}

var errNoDatabase = errors.New("there is no database to migrate")

// project loads the environment's history.
func (e *Environment) project() (*project.Project, error) {
	if e.Revisions == nil {
		return nil, cli.ErrNoRevisions
	}
	return project.Load(e.Revisions, e.table())
}
