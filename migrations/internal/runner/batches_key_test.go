package runner_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// keyed is a table with a primary key, and the values of its rows.
type keyed struct {
	columns  []op.TableItem
	values   string // of the key, as SQL expressions of the number i
	postgres bool
}

func keys() map[string]keyed {
	one := func(t schema.Type) []op.TableItem { return []op.TableItem{op.Column("id", t).PrimaryKey()} }
	return map[string]keyed{
		"composite": {columns: []op.TableItem{
			op.Column("b", op.Int(64)).NotNull(), op.Column("A\"'`?x", op.Text()).NotNull(), op.PrimaryKey("A\"'`?x", "b"),
		}, values: "i / 3, 'x' || (i % 3)"},
		"text":     {columns: one(op.Text()), values: "'ä''?' || i"},
		"bytes":    {columns: one(op.Bytes()), values: "X00FF"},
		"large":    {columns: one(op.Int(64)), values: "9223372036854775807 - 41 + i"},
		"negative": {columns: one(op.Int(64)), values: "-9223372036854775807 + i"},
		"bool": {columns: []op.TableItem{op.Column("a", op.Bool()).NotNull(), op.Column("b", op.Int(16)).NotNull(),
			op.PrimaryKey("a", "b")}, values: "i % 2 = 0, i"},
		"time":    {columns: one(op.Time(6)), values: "TIME"},
		"float":   {columns: one(op.Float(64)), values: "i / 3.0e0"},
		"decimal": {columns: one(op.Decimal(30, 20)), values: "i / 7.0"},
		"uuid":    {columns: one(op.Type("uuid")), values: "md5(i::text)::uuid", postgres: true},
		"zoneless": {columns: one(op.Type("timestamp")),
			values: "timestamp '1969-12-31 23:59:59.999990' + i * interval '1 microsecond'", postgres: true},
		"date": {columns: one(op.Type("date")), values: "date '0044-03-15' + i", postgres: true},
		"time of day": {columns: one(op.Type("time")), values: "time '00:00:00.000001' + i * interval '1 microsecond'",
			postgres: true},
		"inet":     {columns: one(op.Type("inet")), values: "inet '10.0.0.0' + i", postgres: true},
		"char":     {columns: one(op.Type("char(9)")), values: "'a' || i", postgres: true},
		"interval": {columns: one(op.Type("interval")), values: "i * interval '1 month 1 microsecond'", postgres: true},
	}
}

// valuesFor replaces placeholders with the SQL of a dialect.
func (k keyed) valuesFor(d string) string {
	if d == "postgres" {
		return strings.NewReplacer("X00FF", "decode('00ff' || lpad(to_hex(i), 4, '0'), 'hex')",
			"TIME", "timestamptz '2026-10-25 02:59:59.999990+02' + i * interval '1 microsecond'").Replace(k.values)
	}
	return strings.NewReplacer("X00FF", "CAST(X'00ff' || char(i) AS BLOB)",
		"TIME", "'2026-10-25 02:59:59.' || printf('%06d', i) || '+00:00'").Replace(k.values)
}

// TestBatchesByAnyKey stops the walk after each batch, so that every key makes a round trip through the table of
// progress.
func TestBatchesByAnyKey(t *testing.T) {
	t.Parallel()
	for name, k := range keys() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if k.postgres && !dbtest.Postgres() {
				t.Skip("only PostgreSQL has it")
			}
			table := "t_rows"
			if name == "composite" && dbtest.Postgres() {
				table = "app.t \"rows"
			}
			testKey(t, k, table)
		})
	}
}

func testKey(t *testing.T, k keyed, table string) {
	t.Helper()
	db := dbtest.New(t)
	first := revision.Revision{ID: "rows", Upgrade: func(m *op.Migration) {
		m.SQLFor(op.Dialects{Postgres: "CREATE SCHEMA app"})
		m.CreateTable(table, append(k.columns, op.Column("n", op.Int(64)).NotNull().Default(0))...)
		columns := strings.Count(k.values, ", ") + 1
		names := []string{"id", `"b", "A""'` + "`" + `?x"`}[columns-1]
		if columns == 2 && strings.Contains(k.values, "i % 2 = 0") {
			names = "a, b"
		}
		m.SQL("INSERT INTO " + quoted(table) + " (" + names +
			") WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s" +
			" WHERE i < 12) SELECT " + k.valuesFor(db.Name()) + " FROM s")
	}}
	left := 0
	stopped := errors.New("stopped")
	walk := revision.Revision{ID: "walk", DownRevision: []string{"rows"}, NoTransaction: true,
		Upgrade: func(m *op.Migration) {
			m.Batches(table, 5, func(tx *gorm.DB, rows op.Batch) error {
				if left == 0 {
					return stopped
				}
				left--
				return tx.Table("?", clause.Table{Name: table}).Where(rows).Update("n", gorm.Expr("n + 1")).Error
			})
		}}
	for batches := range 4 {
		left = min(batches, 1)
		if _, err := newRunner(t, db, first, walk).Upgrade(t.Context(), "head"); err != nil && !errors.Is(err, stopped) {
			t.Fatal(err)
		}
	}
	wantApplied(t, db, "rows", "walk")
	var wrong int64
	err := db.Raw("SELECT count(*) FROM " + quoted(table) + " WHERE n <> 1").Scan(&wrong).Error
	if err != nil || wrong > 0 {
		t.Errorf("got %d rows not updated exactly once and error %v, want 0", wrong, err)
	}
}

func quoted(table string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(table, `"`, `""`), ".", `"."`) + `"`
}
