package migrations

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// describe tells of a step as Alembic's log does.
func (p *project) describe(step graph.Step) string {
	text := fmt.Sprintf("%s %s -> %s", step.Kind, list(step.From), list(step.To))
	if step.Kind == graph.Stamp {
		return text
	}
	return text + ", " + p.header(step.Revision).Message
}

// progress writes what happens during a command: a line for each revision, with its duration at the end.
type progress struct {
	out     io.Writer
	project *project
	open    bool // a line is not ended yet
}

func (p *progress) event(e runner.Event) {
	switch e.Kind {
	case runner.Waiting:
		p.end()
		p.infof("Waiting: %s", e.Holder)
	case runner.Started:
		p.printf("INFO  [migrations] Running %s", p.project.describe(e.Step))
		p.open = true
	case runner.Noted:
		p.end()
		p.infof("%s", e.Text)
	case runner.Warned:
		p.end()
		p.warn(e.Text)
	case runner.Finished:
		if !p.open {
			p.infof("Done in %v", e.Took.Round(time.Millisecond/10))
			return
		}
		p.printf(" (%v)\n", e.Took.Round(time.Millisecond/10))
		p.open = false
	}
}

func (p *progress) infof(format string, arguments ...any) {
	p.printf("INFO  [migrations] "+format+"\n", arguments...)
}

func (p *progress) warn(text string) { p.printf("WARN  [migrations] %s\n", text) }

// end ends a line that a failure left open.
func (p *progress) end() {
	if p.open {
		p.printf("\n")
		p.open = false
	}
}

func (p *progress) printf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(p.out, format, arguments...) // as in printer
}

// logTo returns a reporter that writes to the program's log.
func logTo(ctx context.Context, p *project, log *slog.Logger) func(runner.Event) {
	return func(e runner.Event) {
		switch e.Kind {
		case runner.Waiting:
			log.InfoContext(ctx, "waiting to migrate", slog.String("holder", e.Holder))
		case runner.Noted:
			log.InfoContext(ctx, e.Text)
		case runner.Warned:
			log.WarnContext(ctx, e.Text)
		case runner.Started:
			log.InfoContext(ctx, "running "+p.describe(e.Step))
		case runner.Finished:
			log.InfoContext(ctx, "ran "+p.describe(e.Step), slog.Duration("duration", e.Took))
		}
	}
}
