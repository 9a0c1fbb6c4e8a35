package runner_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// families returns a revision that creates tables of parents, children and pets.
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

// dangle returns a SQLite database with dangling references, such as programs leave behind that turn foreign keys off.
func dangle(t *testing.T) *gorm.DB {
	t.Helper()
	db, _ := dangleAt(t)
	return db
}

// dangleAt is like dangle, but also returns the URL of the database.
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

func TestOldViolationsAreIgnored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before string // SQL before the change
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
		"a row that RESTRICT protects": {
			"CREATE TABLE strays (id integer PRIMARY KEY, child integer REFERENCES children ON DELETE RESTRICT);" +
				" INSERT INTO strays VALUES (1, 1)",
			func(m *op.Migration) { m.SQL("DELETE FROM children WHERE id = 1") },
			"1 row of strays references a missing row of children",
		},
		"one more": {"", func(m *op.Migration) { m.SQL("DELETE FROM parents WHERE id = 2") },
			"1 row of children references a missing row of parents"},
		"one instead of another": {"", func(m *op.Migration) {
			m.SQL("DELETE FROM children WHERE id = 2")
			m.SQL("UPDATE children SET parent_id = 9 WHERE id = 1")
		}, "1 row of children references a missing row of parents"},
		"two more, without a number": {"", func(m *op.Migration) { m.SQL("INSERT INTO pets VALUES (5, 'c'), (6, 'd')") },
			"2 rows of pets reference missing rows of parents"},
		"a key that does not match": {
			"CREATE TABLE strays (id integer, name text REFERENCES parents (name), child integer REFERENCES children)",
			func(m *op.Migration) { m.AlterColumn("children", "note").Default("") }, "",
		},
		"one more, and a key that does not match": {
			"CREATE TABLE strays (id integer, name text REFERENCES parents (name), child integer REFERENCES children)",
			func(m *op.Migration) { m.SQL("INSERT INTO strays (child) VALUES (77)") },
			"1 row of strays references a missing row of children",
		},
		"a key that no longer matches": {
			"CREATE UNIQUE INDEX names ON parents (name); CREATE TABLE strays (name text REFERENCES parents (name))",
			func(m *op.Migration) { m.SQL("DROP INDEX names") },
			"a foreign key of strays does not match: it references columns of parents that are neither a primary key nor unique",
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

// TestBrokenReferencesAreListed breaks more references than an error lists, of tables with and without rowids that
// stay.
func TestBrokenReferencesAreListed(t *testing.T) {
	t.Parallel()
	insert := func(m *op.Migration, table, values string, rows int) {
		m.SQL("INSERT INTO " + table + " SELECT " + values + " FROM (WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL " +
			fmt.Sprintf("SELECT i + 1 FROM s WHERE i < %d) SELECT i FROM s)", rows))
	}
	const ten = "10, 11, 12, 13, 14, 15, 16, 17, 18, 19"
	for name, c := range map[string]struct {
		before string
		change func(m *op.Migration)
		want   string
	}{
		"eleven": {"", func(m *op.Migration) { insert(m, "children (id, parent_id)", "9 + i, 99", 11) },
			"(in children, to parents: rowid " + ten + " and 1 more)"},
		"ten": {"", func(m *op.Migration) { insert(m, "children (id, parent_id)", "9 + i, 99", 10) },
			"(in children, to parents: rowid " + ten + ")"},
		"no numbers, with an older one": {"", func(m *op.Migration) { insert(m, "pets", "99, i", 2) },
			"(in pets, to parents: rowid 2, 3, 4)"}, // 2 was broken before
		"no rowids": {
			"CREATE TABLE tags (name text PRIMARY KEY, parent integer REFERENCES parents) WITHOUT ROWID",
			func(m *op.Migration) { insert(m, "tags", "i, 99", 3) }, "(in tags, to parents)",
		},
		"two tables and a key that no longer matches": {
			"CREATE UNIQUE INDEX names ON parents (name); CREATE TABLE strays (name text REFERENCES parents (name))",
			func(m *op.Migration) {
				m.SQL("DROP INDEX names")
				insert(m, "children (id, parent_id)", "9 + i, 99", 1)
				insert(m, "pets", "99, i", 1)
			},
			"(in children, to parents: rowid 10; in pets, to parents: rowid 2, 3)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dangle(t)
			if c.before != "" {
				execute(t, db, c.before)
			}
			change := revision.Revision{ID: "b", File: "b_.go", DownRevision: []string{"a"}, Upgrade: c.change}
			_, err := newRunner(t, db, families(), change).Upgrade(t.Context(), "head")
			if got := hint.Of(err); !strings.Contains(got, "the revision must correct or delete them "+c.want) {
				t.Errorf("got error %v with hint %q, want one with %q", err, got, c.want)
			}
			wantApplied(t, db, "a")
		})
	}
}

// TestFixedViolationIsNotIgnored fixes a violation in one revision and adds it again in a later one.
func TestFixedViolationIsNotIgnored(t *testing.T) {
	t.Parallel()
	db := dangle(t)
	step := func(id, down, sql string) revision.Revision {
		return revision.Revision{ID: id, File: id + "_.go", DownRevision: []string{down},
			Upgrade: func(m *op.Migration) { m.SQL(sql) }}
	}
	_, err := newRunner(t, db, families(), step("b", "a", "DELETE FROM children WHERE id = 2"),
		step("c", "b", "DELETE FROM pets"),
		step("d", "c", "INSERT INTO children (id, parent_id) VALUES (2, 7)")).Upgrade(t.Context(), "head")
	if want := "revision d (d_.go): 1 row of children"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
	wantApplied(t, db, "a", "b", "c")
	found, err := runner.Dangling(t.Context(), db)
	const want = "1 row of children references a missing row of parents"
	if err != nil || len(found) != 1 || found[0].Error() != want {
		t.Errorf("got %v and error %v, want %q", found, err, want)
	}
}

// TestOnDelete deletes referenced rows in revisions.
func TestOnDelete(t *testing.T) {
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
		"with changes that need no rebuild": {func(m *op.Migration) {
			m.AddColumn("children", op.Column("note", op.Text()))
			m.CreateIndex("idx_children_note", "children", "note")
			m.RenameColumn("parents", "id", "number")
			m.SQL("DELETE FROM parents WHERE number = 2")
		}, false},
		"with a rebuild": {func(m *op.Migration) {
			m.SQL(remove)
			m.AddCheck("chk_other", "other", "id > 0")
		}, true},
		"with a table dropped":        {func(m *op.Migration) { m.DropTable("other"); m.SQL(remove) }, true},
		"with a table dropped in SQL": {func(m *op.Migration) { m.SQL("DROP TABLE other; " + remove) }, true},
		"with a table dropped in Go": {func(m *op.Migration) {
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
				const want = "the revision must correct or delete them (in pets, to parents: rowid 1; in children, to " +
					"parents: rowid 2, 3); on SQLite, ON DELETE and ON UPDATE do not act in a revision that drops or " +
					"rebuilds a table: change the rows in a revision of their own, before it"
				if got := hint.Of(err); got != want {
					t.Errorf("got error %v with hint %q, want %q", err, got, want)
				}
				if children != 3 || owned != 1 {
					t.Errorf("got %d children and %d owned pets, want 3 and 1", children, owned)
				}
				wantApplied(t, db, "a")
				return
			}
			if err != nil || children != 1 || owned != 0 {
				t.Errorf("got %d children, %d owned pets and error %v, want 1, 0 and none", children, owned, err)
			}
		})
	}
}
