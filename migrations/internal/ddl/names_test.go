package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestNamesPostgresGenerates checks that operations find sequences and keys by the long names that PostgreSQL generates
// for them.
func TestNamesPostgresGenerates(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		for _, table := range []string{"t", strings.Repeat("t", 40), strings.Repeat("é", 31), strings.Repeat("t", 63)} {
			for _, column := range []string{"c", strings.Repeat("c", 41), strings.Repeat("日", 21)} {
				t.Run(table+"."+column, func(t *testing.T) {
					t.Parallel()
					db := s.open(t)
					before := db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
						m.CreateTable(table, op.Column(column, op.Int(32)).PrimaryKey().AutoIncrement(),
							op.Column("x", op.Text()))
					}))
					was := db.Catalogue(t)
					up := op.Record(func(m *op.Migration) {
						m.AlterColumn(table, column).Type(op.Int(64)).NoAutoIncrement()
						m.DropPrimaryKey(table)
						m.AddPrimaryKey(table, column)
						m.AlterColumn(table, column).Type(op.Int(32)).AutoIncrement()
						m.RenameColumn(table, column, "Renamed "+strings.Repeat("z", 55))
						m.RenameTable(table, "short")
					})
					down, err := op.ReverseAll(before, up)
					if err != nil {
						t.Fatal(err)
					}
					db.must(t, db.must(t, before, up), down)
					if got := db.Catalogue(t); got != was {
						t.Errorf("the reverse left a different catalogue:%s", catalogue.Difference(was, got))
					}
				})
			}
		}
	})
}

func TestTablesInAnotherSchema(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		if s.Dialect != schema.Postgres {
			return
		}
		db := s.open(t)
		db.Exec(t, `CREATE SCHEMA "Auth"`)
		before := db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable("Auth.users", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(), op.Column("a", op.Text()))
		}))
		up := op.Record(func(m *op.Migration) {
			m.CreateIndex("Idx", "Auth.users", "a")
			m.RenameIndex("Idx", "Idx2", "Auth.users")
			m.DropIndex("Idx2", "Auth.users")
			m.RenameColumn("Auth.users", "id", "number")
			m.AlterColumn("Auth.users", "number").NoAutoIncrement()
			m.DropPrimaryKey("Auth.users")
			m.RenameTable("Auth.users", "Auth.people")
		})
		down, err := op.ReverseAll(before, up)
		if err != nil {
			t.Fatal(err)
		}
		db.must(t, db.must(t, before, up), down)
	})
}
