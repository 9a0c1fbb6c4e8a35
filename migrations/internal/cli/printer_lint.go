package cli

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/lint"
)

// lint prints the findings of a range, step by step; an empty range means the revisions that the database lacks.
func (p *printer) lint(found lintedSteps, span string) {
	switch {
	case len(found.all) == 0 && span == "":
		p.printf("Nothing to lint: the database has all revisions.\n")
		return
	case len(found.all) == 0:
		p.printf("Nothing to lint: the range has no revisions.\n")
		return
	}
	for _, step := range found.all {
		how := "one transaction"
		if !step.inTransaction {
			how = "no transaction"
		}
		p.printf("%s (%s)\n", p.project.Describe(step.Step), how)
		if step.safe != "" {
			p.printf("    said to be safe: %s\n", step.safe)
		}
		for _, f := range step.findings {
			p.printf("    %s\n", f.Operation)
			p.finding(f)
		}
	}
	p.printf("%s\n", rollingText(found.rolling))
	for _, line := range rollingAdvice(found.rolling) {
		p.printf("    %s\n", line)
	}
}

// rollingAdvice says, once for each kind, how else to make the changes that break the old program or, if there are
// none, those that may break it.
func rollingAdvice(r lint.Rolling) (lines []string) {
	reasons := r.Breaks
	if r.CanRun() {
		reasons = r.Unless
	}
	for _, reason := range reasons {
		line := string(reason.Kind) + ": " + reason.Instead
		if reason.Instead != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// finding prints a finding, below its operation.
func (p *printer) finding(f lint.Finding) {
	p.printf("        %s: %s\n", f.Level, f.Text)
	if f.Safer != "" {
		p.printf("        safer: %s\n", f.Safer)
	}
}

// rollingText says whether the old program can run on the new schema.
func rollingText(r lint.Rolling) string {
	switch {
	case !r.CanRun():
		return "Rolling upgrade: no, the old program cannot run on the new schema: " +
			strings.Join(lint.Texts(r.Breaks), "; ")
	case len(r.Unless) > 0:
		return "Rolling upgrade: yes, the old program can run on the new schema, unless " +
			strings.Join(lint.Texts(r.Unless), "; ")
	default:
		return "Rolling upgrade: yes, the old program can run on the new schema"
	}
}
