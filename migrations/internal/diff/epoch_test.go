package diff_test

import (
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestEpoch follows the advice of the warning: seconds become times that Go can read, and then seconds again.
func TestEpoch(t *testing.T) {
	t.Parallel()
	of := func(columnType schema.Type) schema.Schema {
		return schema.New(schema.Table{Name: "visits", Columns: []schema.Column{{Name: "seen", Type: columnType}}})
	}
	seconds, times := of(op.Int(64)), of(op.Time())
	retype := func(from schema.Schema, was, is schema.Type) op.Operation {
		p, err := diff.Diff(from, of(is))
		if err != nil {
			t.Fatal(err)
		}
		using := convert.Epoch("seen", was, is)
		if said := p.Warnings()[0].String(); !strings.Contains(said, using.Postgres) ||
			!strings.Contains(said, using.SQLite) {
			t.Errorf("got the warning %q, want it to contain %s", said, using)
		}
		return (&op.AlterColumn{Table: "visits", Column: "seen"}).Type(is).UsingFor(using)
	}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		db := s.Open(t)
		p, err := diff.Diff(schema.Schema{}, seconds)
		if err != nil {
			t.Fatal(err)
		}
		db.Must(t, schema.Schema{}, diff.Operations(p.Upgrade))
		db.Exec(t, "INSERT INTO visits (seen) VALUES (1700000000)")
		db.Must(t, seconds, []op.Operation{retype(seconds, op.Int(64), op.Time())})
		var seen time.Time
		if err := db.Raw("SELECT seen FROM visits").Scan(&seen).Error; err != nil || seen.Unix() != 1700000000 {
			t.Errorf("got %v and error %v, want 1700000000 seconds", seen, err)
		}
		db.Must(t, times, []op.Operation{retype(times, op.Time(), op.Int(64))})
		var back int64 // other SQL, as the driver caches the first statement, which returns a time
		if err := db.Raw("SELECT seen AS back FROM visits").Scan(&back).Error; err != nil || back != 1700000000 {
			t.Errorf("got %v and error %v, want 1700000000", back, err)
		}
	})
}
