package drift

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// errRollback ends the transaction of a scratch schema.
var errRollback = errors.New("roll back")

// scratchPostgres calls use with schemas of its own in front of the search path, where extensions and their types are
// still found, and rolls everything back.
func (s spaces) scratchPostgres(ctx context.Context, db *gorm.DB, use func(tx *gorm.DB) error) error {
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var made []string
		for _, space := range s.all {
			if slices.Contains(made, space.scratch) {
				continue
			}
			if err := tx.Exec("CREATE SCHEMA " + space.scratch).Error; err != nil {
				return err
			}
			made = append(made, space.scratch)
		}
		err := tx.Exec("SELECT set_config('search_path', concat_ws(', ', ?::text, "+
			"nullif(current_setting('search_path'), '')), true)",
			strings.Join(s.path, ", ")).Error
		if err != nil {
			return err
		}
		if err := use(tx); err != nil {
			return err
		}
		return errRollback
	})
	if errors.Is(err, errRollback) {
		return nil
	}
	return unchecked(err)
}

// buildPostgres sends all that makes the schema at once, as one round trip for each statement takes as long as the
// statement. If that fails, it makes the schema one operation after another, so that the error names the one.
func buildPostgres(ctx context.Context, tx *gorm.DB, want schema.Schema) error {
	text, err := script(want)
	if err != nil {
		return err
	}
	err = tx.Transaction(func(tx *gorm.DB) error { // a savepoint
		_, err := tx.Statement.ConnPool.ExecContext(ctx, text)
		return err
	})
	if err == nil {
		return nil
	}
	var now schema.Schema
	for _, o := range operations(schema.Postgres, want) {
		if now, err = ddl.Execute(ctx, tx, o, now); err != nil {
			return err
		}
	}
	return nil
}

// script returns the statements that make the schema on PostgreSQL.
func script(want schema.Schema) (string, error) {
	var text strings.Builder
	var now schema.Schema
	for _, o := range operations(schema.Postgres, want) {
		statements, err := ddl.Statements(schema.Postgres, o, now)
		if err == nil {
			now, err = o.Apply(now)
		}
		if err != nil {
			return "", err
		}
		for _, s := range statements {
			text.WriteString(s.String() + "\n")
		}
	}
	return text.String(), nil
}

// object is a row of the queries below.
type object struct{ Name, Text string }

// postgresQueries describe the tables of a list in a schema; before their names comes what the history has there.
// Definitions are those that the server writes for this search path, in which the schema mostly goes without saying.
var postgresQueries = []string{
	`SELECT 'table ' || @qualifier || c.relname AS name, 'there' || coalesce(': ' || obj_description(c.oid, 'pg_class'), '') AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p') AND n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'column ' || @qualifier || c.relname || '.' || a.attname AS name,
		format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
			|| CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity' ELSE '' END
			|| CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
			|| CASE WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL(::|$)' THEN ' default ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
			|| coalesce(': ' || col_description(c.oid, a.attnum), '') AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relkind IN ('r', 'p') AND n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'constraint ' || @qualifier || c.relname || '.' || k.conname AS name, pg_get_constraintdef(k.oid, true) AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')
	WHERE n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'index ' || @qualifier || i.relname AS name,
		pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
	WHERE n.nspname = @space
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid) AND c.relname IN @tables`,
}

// sequence is the default of a serial column: the name of the sequence is older than a renaming of its table.
var sequence = regexp.MustCompile(`nextval\('[^']*(''[^']*)*'::regclass\)`)

// describePostgres adds the tables of one schema.
func describePostgres(tx *gorm.DB, qualifier, space string, tables []string, all objects) error {
	if len(tables) == 0 {
		return nil
	}
	arguments := map[string]any{"qualifier": qualifier, "space": space, "tables": tables}
	for _, query := range postgresQueries {
		var rows []object
		if err := tx.Raw(query, arguments).Scan(&rows).Error; err != nil {
			return err
		}
		for _, r := range rows {
			all[r.Name] = sequence.ReplaceAllString(r.Text, "the next of its sequence")
		}
	}
	return nil
}
