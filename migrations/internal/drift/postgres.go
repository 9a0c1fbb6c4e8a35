package drift

import (
	"context"
	"errors"
	"regexp"

	"gorm.io/gorm"
)

// scratchSchema lives no longer than the transaction that makes it; nobody else sees it.
const scratchSchema = "migrations_check"

// errRollback ends the transaction of a scratch schema.
var errRollback = errors.New("roll back")

// scratchPostgres calls use with a schema of its own in front of the search path, where extensions and their types are
// still found, and rolls everything back.
func scratchPostgres(ctx context.Context, db *gorm.DB, use func(tx *gorm.DB) error) error {
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, statement := range []string{
			"CREATE SCHEMA " + scratchSchema,
			"SELECT set_config('search_path', '" + scratchSchema + ", ' || current_setting('search_path'), true)",
		} {
			if err := tx.Exec(statement).Error; err != nil {
				return err
			}
		}
		if err := use(tx); err != nil {
			return err
		}
		return errRollback
	})
	if errors.Is(err, errRollback) {
		return nil
	}
	return err
}

// object is a row of the queries below.
type object struct{ Name, Text string }

// postgresQueries describe the tables of a list in the current schema. Names and definitions are those that the server
// writes for this search path, in which the schema goes without saying.
var postgresQueries = []string{
	`SELECT 'table ' || c.relname AS name, 'there' || coalesce(': ' || obj_description(c.oid, 'pg_class'), '') AS text
	FROM pg_class c
	WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND c.relname IN ?`,

	`SELECT 'column ' || c.relname || '.' || a.attname AS name,
		format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
			|| CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity' ELSE '' END
			|| CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
			|| CASE WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL(::|$)' THEN ' default ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
			|| coalesce(': ' || col_description(c.oid, a.attnum), '') AS text
	FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND c.relname IN ?`,

	`SELECT 'constraint ' || c.relname || '.' || k.conname AS name, pg_get_constraintdef(k.oid, true) AS text
	FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN ?`,

	`SELECT 'index ' || i.relname AS name,
		pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END AS text
	FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
	WHERE c.relnamespace = current_schema()::regnamespace
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid) AND c.relname IN ?`,
}

// sequence is the default of a serial column: the name of the sequence is older than a renaming of its table.
var sequence = regexp.MustCompile(`nextval\('[^']*(''[^']*)*'::regclass\)`)

func describePostgres(tx *gorm.DB, tables []string) (objects, error) {
	all := objects{}
	if len(tables) == 0 {
		return all, nil
	}
	for _, query := range postgresQueries {
		var rows []object
		if err := tx.Raw(query, tables).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			all[r.Name] = sequence.ReplaceAllString(r.Text, "the next of its sequence")
		}
	}
	return all, nil
}
