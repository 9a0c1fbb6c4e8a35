package runner_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// families makes parents and children.
func families() revision.Revision {
	r := create("a")
	r.Upgrade = func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(), op.Column("name", op.Text()))
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			op.Column("parent_id", op.Int(64)),
			op.Column("note", op.String(20)), op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id"))
		m.CreateTable("pets", op.Column("owner", op.Int(64)), op.Column("name", op.String(20)),
			op.ForeignKey("fk_pets_owner", "owner").References("parents", "id"))
	}
	return r
}

// dangle leaves rows of a SQLite database that point nowhere, as programs do that work without foreign keys.
func dangle(t *testing.T) *gorm.DB {
	t.Helper()
	db, _ := dangleAt(t)
	return db
}

// dangleAt is dangle with the address of the database.
func dangleAt(t *testing.T) (*gorm.DB, string) {
	t.Helper()
	address := dbtest.SQLiteURL(t)
	db := dbtest.OpenOne(t, address)
	if _, err := newRunner(t, db, families()).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "PRAGMA foreign_keys = OFF")
	execute(t, db, "INSERT INTO parents (id, name) VALUES (1, 'p'), (2, 'q')")
	execute(t, db, "INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 7), (3, 8), (4, 2)")
	execute(t, db, "INSERT INTO pets VALUES (1, 'a'), (9, 'b')")
	execute(t, db, "PRAGMA foreign_keys = ON")
	return db, address
}

func TestRowsThatDangledBeforeStopNoChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before string // what else is wrong
		change func(m *op.Migration)
		want   string // part of the error; empty for none
	}{
		"another table": {"", func(m *op.Migration) { m.AddColumn("parents", op.Column("age", op.Int(32))) }, ""},
		"the table, rebuilt": {"", func(m *op.Migration) {
			m.AlterColumn("children", "note").Type(op.String(40)).Default("")
			m.AlterColumn("pets", "name").Type(op.Text()).Default("x")
		}, ""},
		"the table, renamed": {"", func(m *op.Migration) {
			m.RenameTable("children", "kids")
			m.RenameTable("parents", "people")
			m.AddColumn("kids", op.Column("age", op.Int(32)))
		}, ""},
		"the key, made again": {"", func(m *op.Migration) {
			m.DropForeignKey("fk_children_parent", "children")
			m.AddForeignKey("fk_children_parent", "children", "parent_id").References("parents", "id").OnDelete("CASCADE")
		}, ""},
		"fewer": {"", func(m *op.Migration) { m.SQL("DELETE FROM children WHERE id = 2") }, ""},
		"the same, written again": {"", func(m *op.Migration) {
			m.SQL("UPDATE children SET parent_id = parent_id")
			m.SQL("DELETE FROM pets WHERE owner = 9")
			m.SQL("INSERT INTO pets VALUES (9, 'b')")
		}, ""},
		"what RESTRICT keeps": {
			"CREATE TABLE strays (id integer PRIMARY KEY, child integer REFERENCES children ON DELETE RESTRICT);" +
				" INSERT INTO strays VALUES (1, 1)",
			func(m *op.Migration) { m.SQL("DELETE FROM children WHERE id = 1") },
			"1 row of strays points at a row of children that is not there",
		},
		"one more": {"", func(m *op.Migration) { m.SQL("DELETE FROM parents WHERE id = 2") },
			"1 row of children points at a row of parents that is not there"},
		"one instead of another": {"", func(m *op.Migration) {
			m.SQL("DELETE FROM children WHERE id = 2")
			m.SQL("UPDATE children SET parent_id = 9 WHERE id = 1")
		}, "1 row of children points at a row of parents that is not there"},
		"two more, without a number": {"", func(m *op.Migration) { m.SQL("INSERT INTO pets VALUES (5, 'c'), (6, 'd')") },
			"2 rows of pets point at rows of parents that are not there"},
		"a key that does not match": {
			"CREATE TABLE strays (id integer, name text REFERENCES parents (name), child integer REFERENCES children)",
			func(m *op.Migration) { m.AlterColumn("children", "note").Default("") }, "",
		},
		"more beside a key that does not match": {
			"CREATE TABLE strays (id integer, name text REFERENCES parents (name), child integer REFERENCES children)",
			func(m *op.Migration) { m.SQL("INSERT INTO strays (child) VALUES (77)") },
			"1 row of strays points at a row of children that is not there",
		},
		"a key that no longer matches": {
			"CREATE UNIQUE INDEX names ON parents (name); CREATE TABLE strays (name text REFERENCES parents (name))",
			func(m *op.Migration) {
				m.SQL("DROP INDEX names")
			}, "a foreign key of strays does not match: it is to columns of parents that are no primary key and not unique",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dangle(t)
			if test.before != "" {
				execute(t, db, test.before)
			}
			change := revision.Revision{ID: "b", File: "b_.go", DownRevision: []string{"a"}, Upgrade: test.change}
			after := revision.Revision{ID: "c", File: "c_.go", DownRevision: []string{"b"}, Upgrade: func(m *op.Migration) {
				m.SQL("INSERT INTO pets (name) VALUES ('z')")
			}}
			_, err := newRunner(t, db, families(), change, after).Upgrade(t.Context(), "head")
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestWhatOneRevisionMendsAnotherMayNotBreak looks at what is known between two revisions.
func TestWhatOneRevisionMendsAnotherMayNotBreak(t *testing.T) {
	t.Parallel()
	db := dangle(t)
	step := func(id, down, sql string) revision.Revision {
		return revision.Revision{ID: id, File: id + "_.go", DownRevision: []string{down},
			Upgrade: func(m *op.Migration) { m.SQL(sql) }}
	}
	_, err := newRunner(t, db, families(), step("b", "a", "DELETE FROM children WHERE id = 2"),
		step("c", "b", "DELETE FROM pets"),
		step("d", "c", "INSERT INTO children (id, parent_id) VALUES (2, 7)")).Upgrade(t.Context(), "head")
	if err == nil || !strings.Contains(err.Error(), "revision d (d_.go): 1 row of children") {
		t.Errorf("got %v", err)
	}
	wantApplied(t, db, "a", "b", "c")
	found, err := runner.Dangling(t.Context(), db)
	if err != nil || len(found) != 1 ||
		found[0].Error() != "1 row of children points at a row of parents that is not there" {
		t.Errorf("got %v, %v", found, err)
	}
}

// TestOnDeleteActs has revisions delete rows at which others point.
func TestOnDeleteActs(t *testing.T) {
	t.Parallel()
	parents := create("a")
	parents.Upgrade = func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("other", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id").OnDelete("CASCADE"))
		m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("owner", op.Int(64)),
			op.ForeignKey("fk_pets_owner", "owner").References("parents", "id").OnDelete("SET NULL"))
		m.SQL("INSERT INTO parents (id) VALUES (1), (2)")
		m.SQL("INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 2), (3, 2)")
		m.SQL("INSERT INTO pets (id, owner) VALUES (1, 2)")
	}
	const remove = "DELETE FROM parents WHERE id = 2"
	inCode := func(statement string) func(tx *gorm.DB) error {
		return func(tx *gorm.DB) error { return tx.Exec(statement).Error }
	}
	for name, test := range map[string]struct {
		change  func(m *op.Migration)
		refused bool // on SQLite
	}{
		"SQL": {func(m *op.Migration) { m.SQL(remove) }, false},
		"Go":  {func(m *op.Migration) { m.Run(inCode(remove)) }, false},
		"Go, with a parameter": {func(m *op.Migration) {
			m.Run(func(tx *gorm.DB) error { return tx.Table("parents").Where("id = ?", 2).Delete(nil).Error })
		}, false},
		"beside what needs no rebuild": {func(m *op.Migration) {
			m.AddColumn("children", op.Column("note", op.Text()))
			m.CreateIndex("idx_children_note", "children", "note")
			m.RenameColumn("parents", "id", "number")
			m.SQL("DELETE FROM parents WHERE number = 2")
		}, false},
		"beside a rebuild": {func(m *op.Migration) {
			m.SQL(remove)
			m.AddCheck("chk_other", "other", "id > 0")
		}, true},
		"beside a table dropped":        {func(m *op.Migration) { m.DropTable("other"); m.SQL(remove) }, true},
		"beside a table dropped in SQL": {func(m *op.Migration) { m.SQL("DROP TABLE other; " + remove) }, true},
		"beside a table dropped in Go": {func(m *op.Migration) {
			m.Run(func(tx *gorm.DB) error { return tx.Migrator().DropTable("other") })
			m.SQL(remove)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.OpenOne(t, dbtest.URL(t))
			change := revision.Revision{ID: "b", File: "b_.go", DownRevision: []string{"a"}, Upgrade: test.change}
			_, err := newRunner(t, db, parents, change).Upgrade(t.Context(), "head")
			var children, owned int64
			db.Raw("SELECT count(*) FROM children").Scan(&children)
			db.Raw("SELECT count(owner) FROM pets").Scan(&owned)
			if test.refused && db.Name() == "sqlite" {
				const want = "the revision has to correct or delete them (in pets, to parents: rowid 1; in children, to" +
					" parents: rowid 2, 3); ON DELETE and ON UPDATE do not act on SQLite" +
					" in a revision that also drops a table, or builds one again: change the rows in a revision of their own, before it"
				if got := hint.Of(err); got != want || children != 3 || owned != 1 {
					t.Errorf("%d children and %d pets are left, %v; the hint is %q", children, owned, err, got)
				}
				wantApplied(t, db, "a")
				return
			}
			if err != nil || children != 1 || owned != 0 {
				t.Errorf("%d children and %d pets are left, %v", children, owned, err)
			}
		})
	}
}
