package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func shop(t *testing.T) schema.Schema {
	t.Helper()
	s, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()),
			op.Column("age", op.Int(32)).NotNull().Default(1))
		m.CreateIndex("idx_name", "users", "name").Unique()
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFindings(t *testing.T) {
	t.Parallel()
	before := shop(t)
	for name, test := range map[string]struct {
		change  func(m *op.Migration)
		outside bool // of a transaction
		safe    string
		want    []string // level and text of each finding
	}{
		"a new table": {change: func(m *op.Migration) {
			m.CreateTable("logs", op.Column("id", op.Int(64)))
			m.CreateIndex("i", "logs", "id").Unique()
			m.AddPrimaryKey("logs", "id")
		}},
		"a new table points at another": {change: func(m *op.Migration) {
			m.CreateTable("logs", op.Column("id", op.Int(64)))
			m.AddForeignKey("fk", "logs", "id").References("teams", "id")
		}, want: []string{"note: SHARE ROW EXCLUSIVE on teams for a moment"}},
		"an index": {change: func(m *op.Migration) { m.CreateIndex("i", "users", "age") }, want: []string{
			"warning: SHARE on users (about 1,200,000 rows, 300 MB) while an index on users is built: writes wait",
		}},
		"a concurrent index": {outside: true, change: func(m *op.Migration) {
			m.CreateIndex("i", "users", "age").Concurrently()
		},
			want: []string{"note: SHARE UPDATE EXCLUSIVE on users (about 1,200,000 rows, 300 MB) while an index " +
				"on users is built"}},
		"what follows a lock in the transaction": {change: func(m *op.Migration) {
			m.AddColumn("teams", op.Column("x", op.Text()))
			m.CreateIndex("i", "users", "age")
		}, want: []string{
			"note: ACCESS EXCLUSIVE on teams for a moment",
			"error: SHARE on users (about 1,200,000 rows, 300 MB) while an index on users is built: writes wait; " +
				"teams stays locked meanwhile, by \"add column teams.x text\": reads and writes wait",
		}},
		"what follows two locks on a table": {change: func(m *op.Migration) {
			m.CreateIndex("i", "teams", "name")
			m.AddColumn("teams", op.Column("x", op.Text()))
			m.CreateIndex("j", "users", "age")
		}, want: []string{
			"warning: SHARE on teams while an index on teams is built: writes wait",
			"note: ACCESS EXCLUSIVE on teams for a moment",
			"error: SHARE on users (about 1,200,000 rows, 300 MB) while an index on users is built: writes wait; " +
				"teams stays locked meanwhile, by \"add column teams.x text\": reads and writes wait",
		}},
		"what follows a lock, each in a transaction of its own": {outside: true, change: func(m *op.Migration) {
			m.AddColumn("teams", op.Column("x", op.Text()))
			m.ValidateCheck("chk", "users")
		}, want: []string{
			"note: ACCESS EXCLUSIVE on teams for a moment",
			"note: SHARE UPDATE EXCLUSIVE on users (about 1,200,000 rows, 300 MB) while all rows of users are read",
		}},
		"Go code after a lock": {change: func(m *op.Migration) {
			m.RenameColumn("teams", "name", "title")
			m.Run(func(*gorm.DB) error { return nil })
		}, want: []string{
			"note: ACCESS EXCLUSIVE on teams for a moment",
			"error: it is unknown what this locks, and for how long; " +
				"teams stays locked meanwhile, by \"rename column teams.name to title\": reads and writes wait",
		}},
		"rows": {change: func(m *op.Migration) { m.SQL("UPDATE teams SET name = 'x'") }, want: []string{
			"warning: ROW EXCLUSIVE on teams while rows of teams are changed: each stays locked until the transaction ends",
		}},
		"said to be safe": {safe: "it is small", change: func(m *op.Migration) { m.CreateIndex("i", "teams", "name") },
			want: []string{"note: SHARE on teams while an index on teams is built: writes wait"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := before
			if strings.Contains(name, "each in a transaction") {
				given, _ = op.ApplyAll(before,
					op.Record(func(m *op.Migration) { m.AddCheck("chk", "users", "age > 0").NotValid() }))
			}
			r := lint.Revision{Operations: op.Record(test.change), InTransaction: !test.outside, Safe: test.safe}
			found, err := lint.Find(given, r, lint.Sizes{"users": {Rows: 1_200_000, Bytes: 300 << 20}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Level.String()+": "+f.Text)
				if f.Level > lint.Note && f.Safer == "" {
					t.Errorf("%s: got no safer way, want one", f.Text)
				}
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestManyLockedTables checks that a finding names only a few of the tables that stay locked.
func TestManyLockedTables(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(shop(t), op.Record(func(m *op.Migration) {
		for i := range 6 {
			m.CreateTable(fmt.Sprintf("t%d", i), op.Column("id", op.Int(64)))
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	const index = "SHARE on users while an index on users is built: writes wait; "
	for _, test := range []struct {
		altered, indexed int // tables that get a column, and that get an index
		want             string
	}{
		{2, 0, index + "2 tables stay locked meanwhile, by earlier steps: reads and writes of t0 and t1 wait"},
		{3, 0, index + "3 tables stay locked meanwhile, by earlier steps: reads and writes of t0, t1 and t2 wait"},
		{5, 1, index + "6 tables stay locked meanwhile, by earlier steps: reads and writes of t0, t1, t2 and 2 more wait, " +
			"writes to t5 wait"},
		{0, 4, index + "4 tables stay locked meanwhile, by earlier steps: writes to t0, t1, t2 and 1 more wait"},
	} {
		operations := op.Record(func(m *op.Migration) {
			for i := range test.altered {
				m.AddColumn(fmt.Sprintf("t%d", i), op.Column("x", op.Text()))
			}
			for i := range test.indexed {
				m.CreateIndex(fmt.Sprintf("i%d", i), fmt.Sprintf("t%d", test.altered+i), "id")
			}
			m.CreateIndex("i", "users", "age")
		})
		found, err := lint.Find(before, lint.Revision{Operations: operations, InTransaction: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := found[len(found)-1].Text; got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}

func TestRolling(t *testing.T) {
	t.Parallel()
	before := shop(t)
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		breaks bool
		want   string
	}{
		"a table":  {func(m *op.Migration) { m.CreateTable("x", op.Column("id", op.Int(64))) }, false, ""},
		"an index": {func(m *op.Migration) { m.CreateIndex("i", "users", "age") }, false, ""},
		"a column": {func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) }, false, ""},
		"a filled column": {func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).NotNull().Default("")) },
			false, ""},
		"a counting column": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("x", op.Int(64)).NotNull().AutoIncrement())
		}, false, ""},
		"a column that is not null": {func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).NotNull()) },
			true,
			"it inserts into users without x, which is NOT NULL and has no default"},
		"a column that is not null by its type": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("x", op.Type("int NOT NULL")))
		}, true, "it inserts into users without x, which is NOT NULL and has no default"},
		"a dropped column": {func(m *op.Migration) { m.DropColumn("users", "age") }, true,
			"it uses column users.age, which is dropped"},
		"a dropped table": {func(m *op.Migration) { m.DropTable("users") }, true, "it uses table users, which is dropped"},
		"a dropped table of its own": {func(m *op.Migration) {
			m.CreateTable("x", op.Column("id", op.Int(64)))
			m.RenameTable("x", "y")
			m.DropTable("y")
		}, false, ""},
		"a renamed column": {func(m *op.Migration) { m.RenameColumn("users", "age", "years") }, true,
			"it uses column users.age, which is renamed to years"},
		"a renamed table": {func(m *op.Migration) { m.RenameTable("users", "people") }, true,
			"it uses table users, which is renamed to people"},
		"a wider type": {func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(64)) }, false,
			"it reads numbers from users.age that int(32) cannot hold"},
		"a smaller type": {func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(16)) }, true,
			"it reads and writes users.age as int(32)"},
		"another type": {func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Text()) }, true,
			"it reads and writes users.age as int(32)"},
		"not null": {func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() }, false,
			"it writes NULL into users.name"},
		"nullable": {func(m *op.Migration) { m.AlterColumn("users", "age").Nullable() }, false, ""},
		"no default": {func(m *op.Migration) { m.AlterColumn("users", "age").NoDefault() }, false,
			"it relies on the default of users.age"},
		"a unique": {func(m *op.Migration) { m.AddUnique("u", "users", "age") }, false,
			"it writes rows of users that have the same age"},
		"a unique of an index": {func(m *op.Migration) { m.AddUnique("u", "users", "name").UsingIndex("idx_name") },
			false, ""},
		"a unique index": {func(m *op.Migration) { m.CreateIndex("i", "users", "age").Unique() }, false,
			"it writes rows of users that the unique index i refuses"},
		"a check": {func(m *op.Migration) { m.AddCheck("c", "users", "age > 1") }, false,
			"it writes rows of users that do not meet age > 1"},
		"a foreign key": {func(m *op.Migration) { m.AddForeignKey("f", "users", "id").References("teams", "id") }, false,
			"it writes rows of users that reference no row of teams, or deletes rows there that are referenced"},
		"what SQL declares": {func(m *op.Migration) {
			m.SQL("ALTER TABLE users DROP age").Declares(func(m *op.Migration) { m.DropColumn("users", "age") })
		}, true, "it uses column users.age, which is dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r lint.Rolling
			if err := r.Add(before, lint.Revision{Operations: op.Record(test.change)}); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(lint.Texts(append(r.Breaks, r.Unless...)), "; ")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if r.CanRun() == test.breaks {
				t.Errorf("got CanRun %v, want %v", r.CanRun(), !test.breaks)
			}
		})
	}
}
