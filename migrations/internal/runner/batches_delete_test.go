package runner_test

import (
	"slices"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// family returns a history that creates parents and children, and then runs walk outside a transaction.
func family(walk func(m *op.Migration)) []revision.Revision {
	first := create("a")
	first.Upgrade = func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("parent_id", op.Int(64)),
			op.Column("n", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id").OnDelete("CASCADE"))
		m.CreateTable("others", op.Column("id", op.Int(64)).PrimaryKey())
		m.SQL("INSERT INTO parents (id) VALUES (1), (2), (3)")
		m.SQL("INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 2), (3, 2), (4, 3)")
	}
	second := create("b", "a")
	second.NoTransaction, second.Upgrade = true, walk
	return []revision.Revision{first, second}
}

// TestOnDeleteWithBatches deletes referenced rows before, in and after batches.
func TestOnDeleteWithBatches(t *testing.T) {
	t.Parallel()
	remove := func(m *op.Migration) { m.SQL("DELETE FROM parents WHERE id = 2") }
	fill := func(m *op.Migration) { m.BatchesSQL("children", 1, "UPDATE children SET n = id WHERE {rows}") }
	rebuild := func(m *op.Migration) { m.AlterColumn("children", "parent_id").NotNull() }
	for name, walk := range map[string][]func(m *op.Migration){
		"before":           {remove, fill},
		"after":            {fill, remove},
		"with a rebuild":   {remove, rebuild, fill},
		"between rebuilds": {rebuild, fill, remove, func(m *op.Migration) { m.AddCheck("chk", "children", "n > 0") }},
		"in code": {fill, func(m *op.Migration) {
			m.Run(func(tx *gorm.DB) error { return tx.Exec("DELETE FROM parents WHERE id = 2").Error })
		}},
		"in batches": {fill, rebuild,
			func(m *op.Migration) { m.BatchesSQL("parents", 1, "DELETE FROM parents WHERE {rows} AND id = 2") }},
		"with a restart": {fill,
			func(m *op.Migration) { m.Run(func(tx *gorm.DB) error { return tx.Exec("DROP TABLE others").Error }) }, remove},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			revisions := family(func(m *op.Migration) {
				for _, f := range walk {
					f(m)
				}
			})
			db := dbtest.New(t)
			if _, err := newRunner(t, db, revisions...).Upgrade(t.Context(), "head"); err != nil {
				t.Fatal(err)
			}
			wantChildren(t, db)
			if slices.Contains([]string{"in code", "with a restart"}, name) {
				return
			}
			address := dbtest.URL(t)
			offline := dbtest.Open(t, address)
			feed(t, address, upgradeScript(t, schema.Dialect(db.Name()), nil, revisions...))
			wantChildren(t, offline)
			wantApplied(t, offline, "a", "b")
		})
	}
}

func wantChildren(t *testing.T, db *gorm.DB) {
	t.Helper()
	var left []int64
	err := db.Raw("SELECT id FROM children WHERE n = id ORDER BY id").Scan(&left).Error
	if want := []int64{1, 4}; err != nil || !slices.Equal(left, want) {
		t.Errorf("got children %v and error %v, want %v", left, err, want)
	}
}

// TestScriptResetsSessionAfterBatches changes a setting in a batch that the next revision must not see.
func TestScriptResetsSessionAfterBatches(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no statement to set its settings back")
	}
	revisions := append(family(func(m *op.Migration) {
		m.BatchesSQL("children", 1, "SET search_path TO public; UPDATE children SET n = id WHERE {rows}")
	}), create("c", "b"))
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	execute(t, db, "CREATE SCHEMA own")
	feed(t, address, upgradeScript(t, schema.Postgres, nil, revisions[:1]...))
	script := upgradeScript(t, schema.Postgres, []string{"a"}, revisions...)
	feed(t, address, "CREATE TABLE own.migrations (id text); SET search_path TO own, public;\n"+script)
	var ids []string
	err := db.Raw("SELECT id FROM own.migrations ORDER BY id").Scan(&ids).Error
	if want := []string{"b", "c"}; err != nil || !slices.Equal(ids, want) {
		t.Errorf("got ids %q and error %v, want %q", ids, err, want)
	}
}
