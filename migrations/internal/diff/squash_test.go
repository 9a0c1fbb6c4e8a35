package diff_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/postgres"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// TestAnyHistoryCanBeSquashed squashes random histories, from the base or later, and tries the squash on a scratch
// database.
func TestAnyHistoryCanBeSquashed(t *testing.T) {
	t.Parallel()
	many, scratch := 40, autogen.Memory()
	if dbtest.Postgres() {
		server, err := postgres.Connect(t.Context(), os.Getenv(dbtest.ServerVariable))
		if err != nil {
			t.Fatal(err)
		}
		many, scratch = 15, autogen.On(server)
	}
	for _, seed := range seeds(t, many) {
		r := newRandom(seed)
		history, err := runner.NewHistory(runner.DefaultTable, r.history(t))
		if err != nil {
			t.Fatal(err)
		}
		first := int(seed % 3)
		span, err := history.Graph.Squash("s", graph.Range{Lower: fmt.Sprint("r", first)})
		if err != nil {
			t.Fatal(err)
		}
		d, err := autogen.Squash(history, span, false)
		if err != nil {
			t.Fatalf("SEED=%d: %v", seed, err)
		}
		warnings, err := autogen.Try(t.Context(), scratch, d)
		// the scratch database cannot run the revisions themselves either
		unknown := len(warnings) == 1 && strings.HasPrefix(warnings[0], "not tried, as ")
		// with earlier revisions, their rows may make any revision fail
		if err != nil || first == 0 && len(warnings) > 0 && !unknown {
			t.Errorf("SEED=%d: tried: got the warnings %q, %v; want none, no error", seed, warnings, err)
		}
	}
}

// history returns a line of revisions between random schemas. Some have SQL without declarations.
func (r *random) history(t *testing.T) []revision.Revision {
	t.Helper()
	var all []revision.Revision
	var now schema.Schema
	for i := range 5 {
		next := r.schema(now)
		p, err := diff.Diff(now, next)
		if err != nil {
			t.Fatal(err)
		}
		v := revision.Revision{
			ID: fmt.Sprint("r", i), File: fmt.Sprint("r", i, ".go"),
			Upgrade:   r.withSQL(diff.Operations(p.Upgrade)),
			Downgrade: r.withSQL(diff.Operations(p.Downgrade)),
		}
		if i > 0 {
			v.DownRevision = []string{all[i-1].ID}
		}
		all, now = append(all, v), next
	}
	return all
}

func (r *random) withSQL(operations []op.Operation) func(m *op.Migration) {
	at := r.IntN(3 * (len(operations) + 1)) // mostly nowhere
	text := []string{"SELECT 1", "DELETE FROM migrations WHERE id = ''"}[r.IntN(2)]
	return func(m *op.Migration) {
		for i, o := range operations {
			if i == at {
				m.SQL(text)
			}
			m.Add(o)
		}
	}
}
