package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestWarnings checks that a change which existing rows may make fail has a warning, and one that they cannot has none.
func TestWarnings(t *testing.T) {
	t.Parallel()
	base := op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("age", op.Int(32)),
			op.Column("team_id", op.Int(64)),
			op.Check("chk_old", "age > 0"), op.ForeignKey("fk_old", "age").References("teams", "id"))
	})
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   string
	}{
		"a check": {
			func(m *op.Migration) { m.AddCheck("chk", "users", "age < 200") },
			"the check chk fails where rows of users do not meet it. Find them first: SELECT * FROM users WHERE NOT (age < 200)",
		},
		"the same check under another name": {func(m *op.Migration) {
			m.DropCheck("chk_old", "users")
			m.AddCheck("chk", "users", "(age > 0)")
		}, ""},
		"a check of a new column": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Int(32)))
			m.AddCheck("chk", "users", "size > 0")
		}, ""},
		"a check of a new column that has a default": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Int(32)).Default(7))
			m.AddCheck("chk", "users", "size > 0 AND (size <> -1.5)")
		}, "the check chk fails where rows of users do not meet it. Find them first: SELECT * FROM users WHERE NOT (7 > " +
			"0 AND (7 <> -1.5))"},
		"a check of a new column whose default meets it": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Int(32)).Default(0))
			m.AddColumn("users", op.Column("kind", op.Text()).Default("it's"))
			m.AddCheck("chk", "users", "(size >= 0 AND size < 100)")
			m.AddCheck("chk_kind", "users", "kind <> ''")
		}, ""},
		"unique values of a new column that has a default": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Int(32)).Default(0))
			m.CreateIndex("idx", "users", "size").Unique()
			m.AddColumn("users", op.Column("rank", op.Int(32)).Default(1))
			m.CreateIndex("idx_age", "users", "rank", "age").Unique().Where("rank = 1")
		}, "the unique index idx fails if users has more than one row, as all hold the default of size. Count " +
			"them first: " +
			"SELECT count(*) FROM users\n" +
			"the unique index idx_age fails where rows of users share rank, age. Find them first: SELECT age, count(*) " +
			"FROM users " +
			"WHERE (1 = 1) AND age IS NOT NULL GROUP BY age HAVING count(*) > 1"},
		"a check that a new column is not NULL": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Int(32)))
			m.AddCheck("chk", "users", "size IS NOT NULL")
		}, "the check chk fails where rows of users do not meet it. Find them first: SELECT * FROM users WHERE NOT (size " +
			"IS NOT NULL)"},
		"a foreign key": {
			func(m *op.Migration) { m.AddForeignKey("fk", "users", "team_id").References("teams", "id") },
			"the foreign key fk fails where rows of users reference no row of teams. Find them first: " +
				"SELECT t.* FROM users t LEFT JOIN teams r ON r.id = t.team_id WHERE t.team_id IS NOT NULL AND r.id IS NULL",
		},
		"a foreign key of a new column": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("other_id", op.Int(64)))
			m.AddForeignKey("fk", "users", "other_id").References("teams", "id")
		}, ""},
		"the same foreign key with another action": {func(m *op.Migration) {
			m.DropForeignKey("fk_old", "users")
			m.AddForeignKey("fk_old", "users", "age").References("teams", "id").OnDelete("CASCADE")
		}, ""},
		"a dropped table that rows point at": {
			func(m *op.Migration) {
				m.DropForeignKey("fk_old", "users")
				m.DropTable("teams")
			}, "drops table teams with its rows. Keep a copy of what you still need.\n" +
				"leaves rows of users that reference rows of teams by age. Count them first, and change them if they should " +
				"reference nothing: SELECT count(*) FROM users WHERE age IS NOT NULL",
		},
		"a dropped table that dropped columns point at": {
			func(m *op.Migration) {
				m.DropForeignKey("fk_old", "users")
				m.DropCheck("chk_old", "users")
				m.DropColumn("users", "age")
				m.DropTable("teams")
			}, "drops users.age with its values. Keep a copy of what you still need.\n" +
				"drops table teams with its rows. Keep a copy of what you still need.",
		},
		"a dropped table that a dropped table points at": {
			func(m *op.Migration) {
				m.DropTable("users")
				m.DropTable("teams")
			}, "drops table users with its rows. Keep a copy of what you still need.\n" +
				"drops table teams with its rows. Keep a copy of what you still need.",
		},
		"everything in a new table": {func(m *op.Migration) {
			m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()),
				op.Column("user_id", op.Int(64)).NotNull(), op.Unique("uni", "name"), op.Check("chk", "name <> ''"),
				op.ForeignKey("fk", "user_id").References("users", "id"))
			m.CreateIndex("idx", "pets", "user_id").Unique()
		}, ""},
	} {
		from, err := op.ApplyAll(schema.Schema{}, base)
		if err != nil {
			t.Fatal(err)
		}
		to, err := op.ApplyAll(from, op.Record(test.change))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p, err := diff.Diff(from, to)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, w := range p.Warnings() {
			got = append(got, w.String())
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), test.want)
		}
	}
}

// TestNotNullByWayOfACheck checks that NOT NULL has no warning if a valid check excludes NULL.
func TestNotNullByWayOfACheck(t *testing.T) {
	t.Parallel()
	from, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("age", op.Int(64)))
		m.AddCheck("chk", "users", `("age" IS NOT NULL)`).NotValid()
	}))
	if err != nil {
		t.Fatal(err)
	}
	for valid, change := range map[bool]func(m *op.Migration){
		false: func(m *op.Migration) { m.AlterColumn("users", "age").NotNull() },
		true: func(m *op.Migration) {
			m.ValidateCheck("chk", "users")
			m.AlterColumn("users", "age").NotNull()
		},
	} {
		operations := op.Record(change)
		to, err := op.ApplyAll(from, operations)
		if err != nil {
			t.Fatal(err)
		}
		p, err := diff.PlanOf(from, to, operations)
		if err != nil {
			t.Fatal(err)
		}
		if last := p.Upgrade[len(p.Upgrade)-1]; valid == (len(last.Warnings) > 0) {
			t.Errorf("with a valid check %t: got the warnings %v, want some: %t", valid, last.Warnings, !valid)
		}
	}
}

// TestDowngradeWarnings checks the warnings of constraints that a downgrade adds again: rows may not meet them by then.
func TestDowngradeWarnings(t *testing.T) {
	t.Parallel()
	table := func(m *op.Migration) { m.CreateTable("users", op.Column("email", op.Text())) }
	const want = "the unique index idx fails where rows of users share email. Find them first: " +
		"SELECT email, count(*) FROM users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1"
	for name, test := range map[string]struct {
		before, after func(m *op.Migration)
		want          string
	}{
		"an index that becomes partial": {
			func(m *op.Migration) { m.CreateIndex("idx", "users", "email").Unique() },
			func(m *op.Migration) { m.CreateIndex("idx", "users", "email").Unique().Where("email <> ''") }, want,
		},
		"an index that is no longer unique": {
			func(m *op.Migration) { m.CreateIndex("idx", "users", "email").Unique() },
			func(m *op.Migration) { m.CreateIndex("idx", "users", "email") }, want,
		},
		"an index that is unique by another name": {
			func(m *op.Migration) { m.CreateIndex("idx", "users", "email").Unique() },
			func(m *op.Migration) { m.AddUnique("uni", "users", "email") }, "",
		},
		"a table that rows point at": {
			func(m *op.Migration) {
				m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
				m.AddForeignKey("fk", "users", "email").References("teams", "id")
			},
			func(*op.Migration) {},
			"the foreign key fk fails where rows of users reference rows of teams, which has none yet. Fill it with " +
				"m.SQL first, " +
				"or find them: SELECT * FROM users WHERE email IS NOT NULL",
		},
		"a foreign key": {
			func(m *op.Migration) {
				m.AddForeignKey("fk", "users", "email").References("users", "email")
			},
			func(*op.Migration) {},
			"the foreign key fk fails where rows of users reference no row of users. Find them first: SELECT t.* FROM users t " +
				"LEFT JOIN users r ON r.email = t.email WHERE t.email IS NOT NULL AND r.email IS NULL",
		},
		"a check": {
			func(m *op.Migration) { m.AddCheck("chk", "users", "email <> ''") },
			func(*op.Migration) {},
			"the check chk fails where rows of users do not meet it. Find them first: SELECT * FROM users WHERE " +
				"NOT (email <> '')",
		},
		"a column that was not null": {
			func(m *op.Migration) { m.AlterColumn("users", "email").NotNull() },
			func(*op.Migration) {},
			"fails where users.email is NULL. Fill it first: m.SQL(\"UPDATE users SET email = … WHERE email IS NULL\")",
		},
	} {
		var schemas [2]schema.Schema
		for i, change := range []func(m *op.Migration){test.before, test.after} {
			var err error
			if schemas[i], err = op.ApplyAll(schema.Schema{}, append(op.Record(table), op.Record(change)...)); err != nil {
				t.Fatal(err)
			}
		}
		p, err := diff.Diff(schemas[0], schemas[1])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, step := range p.Downgrade {
			for _, w := range step.Warnings {
				got = append(got, w.String())
			}
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestConversionWarnings checks that GORM's and verbatim types have the same warnings, and that conversions by ddl are
// not reported as refused.
func TestConversionWarnings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		was, is schema.Type
		want    string
	}{
		{op.Type("boolean"), op.Bool(), ""},
		{op.Type("bytea"), op.Bytes(), ""},
		{op.Type("serial8"), op.Int(64), ""},
		{op.Type("serial8"), op.Int(32), "fails where a value of users.a does not fit into int(32). " +
			"Find such values first, and change them: " +
			"SELECT count(*) FROM users WHERE a NOT BETWEEN -2147483648 AND 2147483647"},
		{op.Bool(), op.Int(64), ""},
		{op.Bool(), op.Decimal(10, 2), ""},
		{op.Bool(), op.Time(), "fails on PostgreSQL, which does not convert users.a from bool to time " +
			"by itself. Give a conversion with Using(…).\n" +
			"on SQLite, fails where a value of users.a is not a valid time. Give a conversion with Using(…), or " +
			"change those that do not convert first: SELECT count(*) FROM users WHERE a IS NOT NULL"},
		{op.Type("bytea"), op.Int(32), "fails on PostgreSQL, which does not convert users.a from bytea to int(32) " +
			"by itself. Give a conversion with Using(…).\n" +
			"on SQLite, fails where a value of users.a is not a valid int(32). Give a conversion with Using(…), or " +
			"change those that do not convert first: SELECT count(*) FROM users WHERE a IS NOT NULL"},
	} {
		var schemas [2]schema.Schema
		for i, of := range []schema.Type{test.was, test.is} {
			table := schema.Table{Name: "users", Columns: []schema.Column{{Name: "a", Type: of}, {Name: "b", Type: op.Text()}}}
			schemas[i] = schema.New(table)
		}
		p, err := diff.Diff(schemas[0], schemas[1])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range p.Warnings() {
			got = append(got, w.String())
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s to %s: warned of %q, want %q", test.was, test.is, got, test.want)
		}
	}
}
