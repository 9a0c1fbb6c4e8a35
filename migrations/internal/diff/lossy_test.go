package diff_test

import (
	"fmt"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Counts of affected rows: safe means no warning, unknown a warning without a query.
const safe, unknown = -1, -2

// retyping is a type change, values before it as SQL, the number of them that the warning's query finds on each
// database, and the databases on which the change fails.
type retyping struct {
	was, is          schema.Type
	values           []string
	postgres, sqlite int
	fails            string // on postgres, sqlite or both
}

const big = "9007199254740993" // 2^53 + 1

func retypings() []retyping {
	return []retyping{
		// digits
		{op.Type("numeric(20,10)"), op.Type("numeric(10,2)"), []string{"1.2345", "1.25", "NULL"}, 1, safe, ""},
		{op.Type("numeric(20,10)"), op.Type("DECIMAL (10, 2)"), []string{"1234567890.25", "1.25"}, 1, safe, "postgres"},
		{op.Type("numeric(4,2)"), op.Type("numeric(3,1)"), []string{"99.99", "1.5"}, 1, safe, "postgres"},
		{op.Type("numeric(10,2)"), op.Type("numeric(20,10)"), []string{"1.25"}, safe, safe, ""},
		{op.Decimal(20, 10), op.Decimal(10, 2), []string{"1.2345", "1.25"}, 1, safe, ""},
		{op.Float(64), op.Decimal(10, 2), []string{"1.2345", "1.25"}, 1, safe, ""},
		{op.Type("numeric"), op.Type("double precision"), []string{"0.1", "0.12345678901234567890"}, 1, 0, ""},
		{op.Type("numeric(10,2)"), op.Type("double precision"), []string{"0.1"}, safe, safe, ""},
		{op.Type("numeric(10,2)"), op.Type("real"), []string{"0.1", "12345678.9"}, 1, safe, ""},
		{op.Type("double precision"), op.Type("real"), []string{"0.5", "0.1", "NULL"}, 1, safe, ""},
		{op.Type("double precision"), op.Type("float(24)"), []string{"0.5", "1e300"}, 1, safe, "postgres"},
		{op.Type("double precision"), op.Type("numeric"), []string{"0.5", "0.30000000000000004"}, 1, safe, ""},
		{op.Type("double precision"), op.Type("numeric(5,1)"), []string{"0.5", "0.25", "123456"}, 2, safe, "postgres"},
		{op.Type("real"), op.Type("double precision"), []string{"0.5"}, safe, safe, ""},
		{op.Type("double precision"), op.Type("real"), []string{"0", "1e300", "1e-300"}, 2, safe, "postgres"},
		{op.Type("numeric"), op.Type("real"), []string{"0", "0.5", "1e300", "1e-300"}, 2, 0, "postgres"},
		{op.Type("numeric"), op.Type("double precision"), []string{"0.5", "1e300"}, 0, 0, ""},
		// whole numbers
		{op.Int(64), op.Int(32), []string{"1", "2147483648", "NULL"}, 1, 1, "both"},
		{op.Type("bigint"), op.Type("smallint"), []string{"1", "-32769"}, 1, 1, "both"},
		{op.Type("bigserial"), op.Type("INT"), []string{"1", "2147483648"}, 1, 1, "both"},
		{op.Int(32), op.Int(64), []string{"1"}, safe, safe, ""},
		{op.Float(64), op.Int(64), []string{"2", "1.5", "NULL"}, 1, 1, ""},
		{op.Type("numeric(10,2)"), op.Type("int"), []string{"2", "1.5"}, 1, 1, ""},
		{op.Type("numeric(12,2)"), op.Type("int"), []string{"2", "2147483648"}, 1, 1, "both"},
		{op.Type("double precision"), op.Type("bigint"), []string{"2", "1.5", "1e300"}, 2, 2, "both"},
		{op.Type("double precision"), op.Int(64), []string{"9223372036854774784", "9223372036854775807"}, 1, 1, "both"},
		{op.Type("real"), op.Type("bigint"), []string{"1", "9223372036854775807"}, 1, 1, "both"},
		{op.Int(64), op.Float(64), []string{big, "1"}, safe, 1, ""},
		{op.Type("bigint"), op.Type("double precision"), []string{big, "1"}, 1, 1, ""},
		{op.Type("int"), op.Type("double precision"), []string{"1"}, safe, safe, ""},
		{op.Type("int"), op.Type("real"), []string{"16777217", "1"}, 1, safe, ""},
		{op.Type("bigint"), op.Type("numeric(3,0)"), []string{"1000", "999"}, 1, safe, "postgres"},
		{op.Type("bigint"), op.Type("numeric"), []string{"1000"}, safe, safe, ""},
		{op.Int(64), op.Bool(), []string{"0", "1", "2"}, 1, 1, ""},
		{op.Bool(), op.Int(64), []string{"'0'", "'1'"}, safe, safe, ""},
		// texts
		{op.String(64), op.String(3), []string{"'abc'", "'abcd'"}, 1, safe, "postgres"},
		{op.Text(), op.String(3), []string{"'äöü'", "'abcd'"}, 1, safe, "postgres"},
		{op.Type("text"), op.Type("character varying (3)"), []string{"'abc'", "'abcd'"}, 1, safe, "postgres"},
		{op.Type("varchar(3)"), op.Type("char(5)"), []string{"'abc'"}, 1, safe, ""},
		{op.Type("char(5)"), op.Type("text"), []string{"'abc'", "'abcde'"}, 1, safe, ""},
		{op.Type("bigint"), op.Type("varchar(3)"), []string{"123", "1234"}, 1, safe, "postgres"},
		{op.Uint(32), op.String(5), []string{"12345", "123456"}, 1, safe, "postgres"},
		{op.Time(), op.Text(), []string{"'2026-01-02 03:04:05+00:00'"}, safe, safe, ""},
		// times
		{op.Time(), op.Type("date"), []string{"'2026-01-02 03:04:05+00:00'", "NULL"}, 1, safe, ""},
		{op.Type("timestamp"), op.Type("date"), []string{"'2026-01-02 03:04:05'", "'2026-01-02 00:00:00'"}, 1, safe, ""},
		{op.Time(), op.Type("timestamp without time zone"), []string{"'2026-01-02 03:04:05+00:00'"}, 1, safe, ""},
		{op.Type("timestamp"), op.Time(), []string{"'2026-01-02 03:04:05'"}, 1, safe, ""},
		{op.Type("date"), op.Type("timestamp"), []string{"'2026-01-02'"}, safe, safe, ""},
		{op.Time(), op.Time(3), []string{"'2026-01-02 03:04:05.1234+00:00'", "'2026-01-02 03:04:05.123+00:00'"}, 1, safe, ""},
		{op.Time(), op.Type("TIMESTAMPTZ (0)"), []string{"'2026-01-02 03:04:05.5+00:00'"}, 1, safe, ""},
		{op.Time(3), op.Time(), []string{"'2026-01-02 03:04:05+00:00'"}, safe, safe, ""},
		{op.Type("time(6)"), op.Type("time(0)"), []string{"'03:04:05.5'", "'03:04:05'"}, 1, safe, ""},
		{op.Type("time with time zone"), op.Type("time"), []string{"'03:04:05+02'"}, 1, safe, ""},
		{op.Type("timestamp"), op.Type("time"), []string{"'2026-01-02 03:04:05'"}, 1, 1, ""},
		{op.Type("interval"), op.Type("time"), []string{"'1 day 03:04:05'", "'03:04:05'"}, 1, safe, ""},
		{op.Type("json"), op.Type("jsonb"), []string{`'{"b":1,"a":2}'`, `'{"a": 2}'`}, 1, safe, ""},
		{op.Type("bit varying(8)"), op.Type("varbit(2)"), []string{"'111'"}, 1, unknown, "postgres"},
		// values that say nothing of the new type
		{op.Int(64), op.Time(), []string{"1700000000", "NULL"}, unknown, 1, "both"},
		{op.Time(), op.Int(64), []string{"'2026-01-02 03:04:05+00:00'"}, unknown, 1, "both"},
		{op.Int(64), op.Bytes(), []string{"1"}, unknown, 1, "both"},
		{op.Text(), op.Type("boolean"), []string{"'yes'", "'No'", "' on '", "'1'", "NULL"}, 0, 0, ""},
		{op.Type("text"), op.Type("boolean"), []string{"'yes'", "'oh'"}, 1, 1, "both"},
		{op.Text(), op.Bool(), []string{"'f'", "'2'"}, 1, 1, "both"},
		{op.Text(), op.Int(64), []string{"'42'", "'-7'", "NULL"}, 0, 0, ""},
		{op.Text(), op.Type("int"), []string{"'42'", "'x'", "''", "'1.5'"}, 3, 3, "both"},
		{op.Text(), op.Type("int"), []string{"'42'", "'2147483648'"}, 1, 1, "both"},
		{op.Text(), op.Type("numeric(5,2)"), []string{"'42.5'", "'x'", "NULL"}, 1, 1, "both"},
		{op.Text(), op.Float(64), []string{"'42.5'", "'1e3'", "'-.5'", "NULL"}, 0, 0, ""},
		{op.Text(), op.Float(64), []string{"'42.5'", "'x'"}, 1, 1, "both"},
		{op.Text(), op.Time(), []string{"'2026-01-02'", "'2026-01-02 03:04:05'", "'2026-01-02T03:04:05Z'", "NULL"}, 2, 2, ""},
		{op.Text(), op.Type("timestamptz"), []string{"'2026-01-02Z'", "'2026-01-02T00:00:00Z'", "'never'"}, 2, 2, "both"},
		{op.Text(), op.Type("time"), []string{"'03:04:05'", "'never'", "NULL"}, 1, 1, "both"},
		{op.Text(), op.Type("uuid"), []string{"'6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "'x'", "NULL"}, 1, 1, "both"},
		{op.Text(), op.Type("json"), []string{"'{}'", "'{'", "NULL"}, unknown, 1, "both"},
		{op.Bool(), op.Text(), []string{"'1'"}, safe, safe, ""},
		{op.Type("jsonb"), op.Type("int"), []string{"'7'", "'{}'", "NULL"}, unknown, 1, "both"},
		{op.Type("jsonb"), op.Type("boolean"), []string{"'true'", "NULL"}, unknown, 0, ""},
		{op.Type("name"), op.Type("int"), []string{"'7'", "'x'"}, unknown, unknown, "both"},
		{op.Type("name"), op.Type("time"), []string{"'03:04'", "'x'"}, unknown, safe, "postgres"},
	}
}

// TestRetyping checks that each lossy or failing type change has a warning, that its query finds exactly the affected
// rows, and that the change fails exactly on the databases given.
func TestRetyping(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		db := s.Open(t)
		for n, test := range retypings() {
			t.Run(test.was.String()+" to "+test.is.String(),
				func(t *testing.T) { retype(t, s, db, fmt.Sprintf("t%d", n), test) })
		}
	})
}

func retype(t *testing.T, s *difftest.Server, db *difftest.DB, name string, test retyping) {
	t.Helper()
	of := func(columnType schema.Type) schema.Schema {
		return schema.New(schema.Table{Name: name, Columns: []schema.Column{
			{Name: "id", Type: op.Int(64)}, {Name: "order", Type: columnType},
		}})
	}
	from := of(test.was)
	initial, err := diff.Diff(schema.Schema{}, from)
	if err != nil {
		t.Fatal(err)
	}
	db.Must(t, schema.Schema{}, diff.Operations(initial.Upgrade))
	for _, value := range test.values {
		db.Exec(t, fmt.Sprintf(`INSERT INTO %s (id, "order") VALUES (1, %s)`, name, value))
	}
	p, err := diff.Diff(from, of(test.is))
	if err != nil {
		t.Fatal(err)
	}
	want := test.postgres
	if s.Dialect == schema.SQLite {
		want = test.sqlite
	}
	if got := affected(t, db, s.Dialect, p.Warnings()); got != want {
		t.Errorf("got %d affected of %q, want %d: %v", got, test.values, want, p.Warnings())
	}
	_, err = db.Migrate(t, from, diff.Operations(p.Upgrade))
	if fails := test.fails == "both" || test.fails == string(s.Dialect); fails != (err != nil) {
		t.Errorf("got error %v, want one: %t", err, fails)
	}
}

// affected returns how many rows the queries of the warnings about a database count.
func affected(t *testing.T, db *difftest.DB, d schema.Dialect, warnings []diff.Warning) int {
	t.Helper()
	all := safe
	for _, w := range warnings {
		w, about := w.On(d)
		if !about {
			continue
		}
		if w.Query.IsZero() {
			return unknown
		}
		var n int
		if err := db.Raw(w.Query.For(d)).Scan(&n).Error; err != nil {
			t.Errorf("%s: %v", w, err)
		}
		all = max(all, 0) + n
	}
	return all
}
