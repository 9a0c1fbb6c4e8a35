package ddl

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestOwnConversions checks that a revision's own conversion is used, even if the type stays, and that its values have
// to fit.
func TestOwnConversions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		for _, test := range []struct {
			name   string
			change func(m *op.Migration)
			want   []string // flags afterwards
			err    op.Dialects
		}{
			{"the same type", func(m *op.Migration) { m.AlterColumn("users", "flag").Type(op.String(8)).Using("upper(flag)") },
				[]string{"<nil>", "FALSE", "TRUE"}, op.Dialects{}},
			{"a longer string", func(m *op.Migration) { m.AlterColumn("users", "flag").Type(op.String(9)).Using("upper(flag)") },
				[]string{"<nil>", "FALSE", "TRUE"}, op.Dialects{}},
			{"a number", func(m *op.Migration) { m.AlterColumn("users", "flag").Type(op.Int(64)).Using("length(flag)") },
				[]string{"4", "5", "<nil>"}, op.Dialects{}},
			{"no number", func(m *op.Migration) { m.AlterColumn("users", "flag").Type(op.Int(64)).Using("flag || 'x'") },
				nil, op.Dialects{Postgres: "cannot be cast automatically", SQLite: "'truex', which does not fit the new type"}},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				db, before := s.filled(t)
				_, err := db.migrate(t, before, op.Record(test.change))
				if want := test.err.For(s.Dialect); want != "" {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("got error %v, want one with %q", err, want)
					}
					return
				}
				if got := db.Query(t, "SELECT flag FROM users"); err != nil || !slices.Equal(got, test.want) {
					t.Errorf("got the values %q and error %v, want %q", got, err, test.want)
				}
			})
		}
	})
}

// TestHintsOfRefusedValues checks that a change refused for its values has a query that finds them, where there is one.
func TestHintsOfRefusedValues(t *testing.T) {
	t.Parallel()
	const usingFor = "give a conversion with UsingFor(…)"
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		for _, test := range []struct {
			name   string
			change func(m *op.Migration)
			want   op.Dialects // the hint, or the emails of the rows that its query finds
		}{
			{"no number", func(m *op.Migration) { m.AlterColumn("users", "nick").Type(op.Int(64)) }, schema.Both("a@x c@x")},
			{"no bool", func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Bool()) }, schema.Both("a@x b@x")},
			{"too long", func(m *op.Migration) { m.AlterColumn("users", "flag").Type(op.String(4)) },
				op.Dialects{Postgres: "b@x"}},
			{"NULL in a key", func(m *op.Migration) {
				m.DropForeignKey("fk_order_user", "Order")
				m.DropForeignKey("fk_teams_captain", "teams")
				m.AlterColumn("users", "id").NoAutoIncrement()
				m.DropPrimaryKey("users")
				m.AddPrimaryKey("users", "team_id")
			}, schema.Both("c@x")},
			{"no conversion", func(m *op.Migration) { m.AlterColumn("users", "created_at").Type(op.Int(64)) },
				op.Dialects{Postgres: usingFor, SQLite: "a@x b@x c@x"}},
			{"a conversion of its own", func(m *op.Migration) {
				m.AlterColumn("users", "flag").Type(op.Int(64)).UsingFor(op.Dialects{Postgres: "flag::int", SQLite: "flag"})
			}, op.Dialects{SQLite: "change them first, or convert them with UsingFor(…)"}},
			{"NULL", func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Text()).NotNull() },
				schema.Both("give the column a Default, or add it nullable, fill it, and then make it NOT NULL")},
			{"not of the type", func(m *op.Migration) { m.AddUnique("uni", "logs", "line") },
				schema.Both("existing rows have the same values: change or delete the duplicates first (if the revision" +
					" warns of it, a query there finds them)")},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				db, before := s.filled(t)
				_, err := db.migrate(t, before, op.Record(test.change))
				got := hint.Of(err)
				if _, query, ok := strings.Cut(got, "this finds them: SELECT * "); ok {
					got = strings.Join(db.Query(t, "SELECT email "+query), " ")
				}
				if want := test.want.For(s.Dialect); got != want {
					t.Errorf("got error %v with the hint or rows %q, want %q", err, got, want)
				}
			})
		}
	})
}
