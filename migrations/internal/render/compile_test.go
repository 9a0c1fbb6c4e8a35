package render_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/render/rendertest"
	"guestlist/migrations/op"
)

// TestFilesCompileAndRecordTheSame builds every operation with every option into a program.
func TestFilesCompileAndRecordTheSame(t *testing.T) {
	t.Parallel()
	files, want := map[string]string{}, map[string]rendertest.Directions{}
	for i, c := range everyOperation() {
		id := fmt.Sprintf("r%03d", i)
		operations := op.Record(c)
		var steps []render.Step
		for n, o := range operations {
			step := render.Step{Operation: o}
			if n%2 == 1 {
				step.Comments = []string{"a comment of o*/ne line\nand // another", strings.Repeat("many words ", 40)}
			}
			steps = append(steps, step)
		}
		text, err := render.File(render.Revision{ID: id, Message: "m", Upgrade: steps, Downgrade: steps})
		if err != nil {
			t.Fatal(err)
		}
		checkWidth(t, string(text))
		files[id], want[id] = string(text), rendertest.Directions{Upgrade: operations, Downgrade: operations}
	}
	rendertest.Check(t, files, want)
}

// checkWidth holds that comments are broken where they can be.
func checkWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		length := len([]rune(strings.ReplaceAll(line, "\t", "    ")))
		if length > 110 && strings.HasPrefix(strings.TrimSpace(line), "//") {
			t.Errorf("%d characters: %s", length, line)
		}
	}
}
