package ddl

import (
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestConcurrentIndexAfterFailure runs a revision again after it left an invalid index, and again after it built the
// index.
func TestConcurrentIndexAfterFailure(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		db, before := s.filled(t)
		up := op.Record(func(m *op.Migration) { m.CreateIndex("Uni", "logs", "line").Unique().Concurrently() })
		if _, err := db.migrate(t, before, up); err == nil {
			t.Fatal("got no error for rows that are not unique, want one")
		}
		db.Exec(t, "DELETE FROM logs")
		after := db.must(t, before, up)
		if got, want := managed(db.Catalogue(t)), db.fresh(t, after); got != want {
			t.Errorf("the second run made a different catalogue:%s", catalogue.Difference(want, got))
		}
		if s.Dialect != schema.Postgres {
			return
		}
		if invalid := db.Query(t, "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"); len(invalid) > 0 {
			t.Errorf("got invalid indexes %v, want none", invalid)
		}
		db.must(t, before, up)
		down := op.Record(func(m *op.Migration) { m.DropIndex("Uni", "logs").Concurrently() })
		db.must(t, after, down)
		db.must(t, after, down)
	})
}
