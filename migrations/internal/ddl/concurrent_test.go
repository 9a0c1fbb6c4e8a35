package ddl

import (
	"fmt"
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

// TestIndexThatIsBeingBuilt checks that an index is not taken for the remains of a failed build while another
// connection builds it.
func TestIndexThatIsBeingBuilt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		if s.Dialect != schema.Postgres {
			return
		}
		db, writer, builder := s.open(t), s.open(t), s.open(t)
		before := db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable("logs", op.Column("line", op.Text()))
		}))
		writer.Exec(t, "SET search_path = "+db.Space, "BEGIN", "INSERT INTO logs VALUES ('x')")
		builder.Exec(t, "SET search_path = "+db.Space)
		built := make(chan error, 1)
		go func() { // it waits for the writer
			_, err := builder.Conn.ExecContext(t.Context(), "CREATE INDEX CONCURRENTLY idx ON logs (line)")
			built <- err
		}()
		var found FoundIndex
		for found.Builder == 0 && len(built) == 0 {
			var err error
			if found, err = FindIndex(t.Context(), db.Conn, "logs", "idx"); err != nil {
				t.Fatal(err)
			}
		}
		o := op.Record(func(m *op.Migration) { m.CreateIndex("idx", "logs", "line").Concurrently() })[0]
		want := fmt.Sprintf("%s: PostgreSQL process %d is building index %s.idx: wait for it to finish, and run this again",
			o, found.Builder, db.Space)
		if _, err := Execute(t.Context(), db.DB, o, before); errorText(err) != want {
			t.Errorf("got error %q, want %q", errorText(err), want)
		}
		writer.Exec(t, "ROLLBACK")
		if err := <-built; err != nil {
			t.Fatal(err)
		}
		if _, err := Execute(t.Context(), db.DB, o, before); err != nil {
			t.Errorf("got error %v after the index was built, want none", err)
		}
	})
}
