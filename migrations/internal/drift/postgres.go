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

// errRollback makes GORM roll the scratch transaction back.
var errRollback = errors.New("roll back")

// scratchPostgres calls use with the scratch schemas first in the search path, so that extensions and their types are
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

// buildPostgres builds the schema in one round trip, as a round trip takes as long as a statement. If that fails, it
// builds it operation by operation, so that the error names the one that failed.
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

// object is a row of postgresQueries and sqliteQueries.
type object struct{ Name, Text string }

// postgresQueries describe the tables of a list in one schema. The qualifier is what the history has before their
// names. The server omits the schema from definitions where the search path leads to it.
var postgresQueries = []string{
	`SELECT 'table ' || @qualifier || c.relname AS name,
		'there' || coalesce(': ' || obj_description(c.oid, 'pg_class'), '') AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p') AND n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'column ' || @qualifier || c.relname || '.' || a.attname AS name,
		format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
			|| CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity' ELSE '' END
			|| CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
			|| CASE WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL(::|$)'
				THEN ' default ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
			|| coalesce(': ' || col_description(c.oid, a.attnum), '') AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relkind IN ('r', 'p') AND n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'constraint ' || @qualifier || c.relname || '.' || k.conname AS name,
		pg_get_constraintdef(k.oid, true) AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')
	WHERE n.nspname = @space AND c.relname IN @tables`,

	`SELECT 'index ' || @qualifier || i.relname AS name,
		pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END AS text
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
	WHERE n.nspname = @space
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid)
		AND c.relname IN @tables`,
}

// sequence matches the default of a serial column: its sequence keeps its name when the table is renamed.
var sequence = regexp.MustCompile(`nextval\('[^']*(''[^']*)*'::regclass\)`)

// describePostgres adds the descriptions of tables in one schema to all.
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
