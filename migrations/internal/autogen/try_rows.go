package autogen

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// insertEach tries to insert one sample row per table, with the same value 1 everywhere, so that foreign keys match. If
// that fails, for example because of a check, it inserts only the required columns. Tables that it cannot fill stay
// empty.
func insertEach(db *gorm.DB, created []op.Operation) {
	for _, o := range created {
		create, ok := o.(*op.CreateTable)
		if !ok {
			continue
		}
		if insertRow(db, create.Table, func(schema.Column) bool { return true }) != nil {
			_ = insertRow(db, create.Table, func(c schema.Column) bool { // on failure, the table stays empty
				return c.NotNull && c.Default.Kind == schema.NoDefault
			})
		}
	}
}

func insertRow(db *gorm.DB, t schema.Table, wanted func(schema.Column) bool) error {
	var columns, values []string
	for _, c := range t.Columns {
		if wanted(c) && c.Generated == "" {
			columns = append(columns, quote(c.Name))
			values = append(values, sample(c.Type, schema.Dialect(db.Name())))
		}
	}
	table := quote(t.Name)
	if schema.Dialect(db.Name()) == schema.Postgres { // the name may be qualified
		table = strings.ReplaceAll(table, ".", `"."`)
	}
	if len(columns) == 0 {
		return db.Exec("INSERT INTO " + table + " DEFAULT VALUES").Error
	}
	return db.Exec("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ")" +
		" VALUES (" + strings.Join(values, ", ") + ")").Error
}

// sample returns an SQL literal for a column of the type. PostgreSQL converts a string literal to the type of the
// column.
func sample(t schema.Type, d schema.Dialect) string {
	name := strings.ToLower(t.For(d))
	contains := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
	}
	switch {
	case t.Kind == schema.Time:
		return "'2000-01-01 00:00:00+00:00'"
	case t.Kind == schema.Bytes && d == schema.SQLite:
		return "X'31'"
	case d == schema.SQLite && t.Kind != schema.String:
		return "1"
	case t.Kind != schema.Verbatim:
		return "'1'"
	case contains("[]"):
		return "'{}'"
	case contains("uuid"):
		return "'00000000-0000-0000-0000-000000000001'"
	case contains("inet", "cidr"):
		return "'127.0.0.1'"
	case contains("date", "timestamp"):
		return "'2000-01-01'"
	case contains("time") && !contains("interval"):
		return "'00:00'"
	}
	return "'1'"
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
