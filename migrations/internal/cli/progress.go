package cli

import (
	"fmt"
	"io"
	"time"

	"guestlist/migrations/internal/project"
	"guestlist/migrations/internal/runner"
)

// progress writes what happens during a command: a line for each revision, with its duration at the end.
type progress struct {
	out     io.Writer
	project *project.Project
	open    bool // a line is not ended yet
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
