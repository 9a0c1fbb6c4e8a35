package cli

import (
	"fmt"
	"io"
	"time"

	"guestlist/migrations/internal/project"
	"guestlist/migrations/internal/runner"
)

// progress logs the events of a command: a line for each revision, with its duration at the end.
type progress struct {
	out      io.Writer
	project  *project.Project
	terminal bool // lines can be overwritten
	open     bool // the last line is not ended
	drawn    int  // characters of the open line to overwrite
	pace     runner.Pace
}

func (p *progress) event(e runner.Event) {
	switch e.Kind {
	case runner.Waiting:
		p.end()
		if e.Again == 0 {
			p.infof("Waiting: %s", e.Holder)
			return
		}
		p.infof("Waiting: %s; trying again in %v", e.Holder, e.Again.Round(time.Millisecond))
	case runner.Started:
		p.end()
		p.printf("INFO  [migrations] Running %s", p.project.Describe(e.Step))
		p.open = true
	case runner.Noted:
		p.end()
		p.infof("%s", e.Text)
	case runner.Warned:
		p.end()
		p.warn(e.Text)
	case runner.Progressed:
		p.walked(e)
	case runner.Finished:
		if p.drawn > 0 {
			p.end()
		}
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

// walked logs the progress of a walk: over the previous line on a terminal, and as a line now and then in a log.
func (p *progress) walked(e runner.Event) {
	text := fmt.Sprintf("INFO  [migrations] %s: %d rows of %s", e.Step.Revision, e.Rows, e.Table)
	if e.Of > 0 {
		text = fmt.Sprintf("INFO  [migrations] %s: %d of about %d rows of %s (%d%%)",
			e.Step.Revision, e.Rows, e.Of, e.Table, 100*e.Rows/e.Of)
	}
	switch {
	case !p.terminal && p.pace.Due(e):
		p.end()
		p.printf("%s\n", text)
	case p.terminal:
		if p.drawn == 0 {
			p.end()
		}
		p.printf("\r%-*s", p.drawn, text)
		p.open, p.drawn = true, len([]rune(text))
	}
}

// end ends an open line.
func (p *progress) end() {
	if p.open {
		p.printf("\n")
		p.open, p.drawn = false, 0
	}
}

func (p *progress) printf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(p.out, format, arguments...) // a lost log line does no harm
}
