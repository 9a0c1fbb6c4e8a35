package diff_test

import (
	"fmt"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/render/rendertest"
	"guestlist/migrations/schema"
)

// TestPlansCompile compiles the files of all edits and of plans between random schemas.
func TestPlansCompile(t *testing.T) {
	t.Parallel()
	files, want := map[string]string{}, map[string]rendertest.Directions{}
	add := func(id string, p diff.Plan) {
		text, err := render.File(render.Revision{ID: id, Upgrade: steps(p.Upgrade), Downgrade: steps(p.Downgrade)})
		if err != nil {
			t.Fatal(err)
		}
		files[id] = string(text)
		want[id] = rendertest.Directions{Upgrade: diff.Operations(p.Upgrade), Downgrade: diff.Operations(p.Downgrade)}
	}
	for i, e := range edits() {
		_, _, p := plan(t, e)
		add(fmt.Sprintf("edit%d", i), p)
	}
	for _, seed := range seeds(t, 50) {
		r := newRandom(seed)
		from := r.schema(schema.Schema{})
		p, err := diff.Diff(from, r.schema(from))
		if err != nil {
			t.Fatalf("SEED=%d: %v", seed, err)
		}
		add(fmt.Sprintf("seed%d", seed), p)
	}
	rendertest.Check(t, files, want)
}
