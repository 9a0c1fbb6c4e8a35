package ddl

import (
	"slices"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// keyDrop is a series of revisions that drops one of several keys on the columns of a foreign key.
type keyDrop struct {
	name  string
	steps []func(m *op.Migration)
}

func keyDrops() []keyDrop {
	columns := []op.TableItem{op.Column("id", op.Int(64)).PrimaryKey(), op.Column("code", op.String(2)).NotNull(),
		op.Column("note", op.Text())}
	country := func(more ...op.TableItem) func(m *op.Migration) {
		return func(m *op.Migration) { m.CreateTable("countries", slices.Concat(columns, more)...) }
	}
	cities := func(column string) func(m *op.Migration) {
		return func(m *op.Migration) {
			m.CreateTable("cities", op.Column("country_id", op.Int(64)), op.Column("country_code", op.String(2)),
				op.ForeignKey("fk_cities", "country_"+column).References("countries", column).OnDelete("CASCADE"))
		}
	}
	addUnique := func(m *op.Migration) { m.AddUnique("uni_code", "countries", "code") }
	addIndex := func(m *op.Migration) { m.CreateIndex("idx_code", "countries", "code").Unique() }
	return []keyDrop{
		{"unique constraint before index", []func(m *op.Migration){country(op.Unique("uni_code", "code")), cities("code"),
			addIndex, func(m *op.Migration) { m.DropUnique("uni_code", "countries") }}},
		{"index before unique constraint", []func(m *op.Migration){country(), addIndex, cities("code"), addUnique,
			func(m *op.Migration) { m.DropIndex("idx_code", "countries") }}},
		{"primary key moves", []func(m *op.Migration){country(), cities("id"), func(m *op.Migration) {
			m.CreateIndex("idx_id", "countries", "id").Unique()
		}, func(m *op.Migration) {
			m.DropPrimaryKey("countries")
			m.AddPrimaryKey("countries", "code")
		}}},
		{"included column goes", []func(m *op.Migration){country(), func(m *op.Migration) {
			m.CreateIndex("idx_more", "countries", "code").Unique().With("INCLUDE (note)")
		}, cities("code"), addIndex, func(m *op.Migration) { m.DropColumn("countries", "note") }}},
		{"of the table's own", []func(m *op.Migration){
			country(op.Column("parent", op.String(2)), op.Unique("uni_code", "code"),
				op.ForeignKey("fk_parent", "parent").References("countries", "code")),
			addIndex, func(m *op.Migration) { m.DropUnique("uni_code", "countries") }}},
	}
}

// TestForeignKeysLetGoOfTheirIndex runs each series up, down and up again: the second time, the foreign key depends on
// a different index.
func TestForeignKeysLetGoOfTheirIndex(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		for _, l := range keyDrops() {
			if l.name == "included column goes" && s.Dialect == schema.SQLite {
				continue // SQLite's index has no columns but its keys
			}
			t.Run(l.name, func(t *testing.T) {
				t.Parallel()
				upAndDown(t, s.open(t), l)
			})
		}
	})
}

func upAndDown(t *testing.T, db testDB, l keyDrop) {
	t.Helper()
	now, catalogues := schema.Schema{}, make([]string, len(l.steps))
	var downs [][]op.Operation
	for n, step := range l.steps {
		up := op.Record(step)
		down, err := op.ReverseAll(now, up)
		if err != nil {
			t.Fatal(err)
		}
		downs = append(downs, down)
		now = db.must(t, now, up)
		catalogues[n] = db.Catalogue(t)
	}
	for round := range 2 {
		for n := len(l.steps) - 1; n > 0; n-- {
			now = db.must(t, now, downs[n])
			if got := db.Catalogue(t); got != catalogues[n-1] {
				t.Errorf("round %d, step %d down:%s", round, n, catalogue.Difference(catalogues[n-1], got))
			}
		}
		for n := 1; n < len(l.steps); n++ {
			now = db.must(t, now, op.Record(l.steps[n]))
			if got := db.Catalogue(t); got != catalogues[n] {
				t.Errorf("round %d, step %d up:%s", round, n, catalogue.Difference(catalogues[n], got))
			}
		}
	}
}
