package runner

import (
	"fmt"

	"gorm.io/gorm"
)

// UnreadableError is a table of applied ids that is there, and that the role may not read.
type UnreadableError struct {
	Table, Role string
	Schema      string // which the role may not use; empty where it is only the table
}

func (e *UnreadableError) Error() string {
	if e.Schema != "" {
		return fmt.Sprintf("which revisions are applied cannot be read: role %s may not use the schema %s, which has the table %s",
			e.Role, e.Schema, e.Table)
	}
	return fmt.Sprintf("which revisions are applied cannot be read: role %s may not read the table %s", e.Role, e.Table)
}

// Hint says what to do about it.
func (e *UnreadableError) Hint() string {
	grant := fmt.Sprintf("GRANT SELECT ON %s TO %s", e.Table, e.Role)
	if e.Schema != "" {
		grant = fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s, and ", e.Schema, e.Role) + grant
	}
	return grant + ", or connect as the role that migrates"
}

// hasTablePostgres asks the system catalogue: information_schema.tables leaves out what the role has no right on, so
// that a database would seem to have no revision.
func (h *History) hasTablePostgres(tx *gorm.DB) (bool, error) {
	var found []struct {
		Role     string
		Readable bool
	}
	err := tx.Raw(`SELECT current_user AS role, has_any_column_privilege(c.oid, 'SELECT') AS readable
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname = ?`, h.table).Scan(&found).Error
	switch {
	case err != nil:
		return false, fmt.Errorf("look for the table %s: %w", h.table, err)
	case len(found) == 0:
		return false, h.checkSchema(tx)
	case !found[0].Readable:
		return false, &UnreadableError{Table: h.table, Role: found[0].Role}
	}
	return true, nil
}

// checkSchema refuses a role that has no USAGE on the schema of the table: the search path passes such schemas over
// (the manual, Schemas: The Schema Search Path).
func (h *History) checkSchema(tx *gorm.DB) error {
	var hidden []UnreadableError
	err := tx.Raw(`WITH path AS (
			SELECT CASE trim(item) WHEN '"$user"' THEN current_user::text ELSE trim(BOTH '"' FROM trim(item)) END AS name, position
			FROM unnest(string_to_array(current_setting('search_path'), ',')) WITH ORDINALITY AS p(item, position))
		SELECT c.relname AS "table", current_user AS role, n.nspname AS "schema"
		FROM path JOIN pg_namespace n ON n.nspname = path.name
			JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND c.relname = ?
		WHERE NOT has_schema_privilege(n.oid, 'USAGE')
			AND position < coalesce((SELECT min(position) FROM path WHERE name = current_schema()), position + 1)
		ORDER BY position`, h.table).Scan(&hidden).Error
	if err != nil {
		return fmt.Errorf("look for the table %s: %w", h.table, err)
	}
	if len(hidden) > 0 {
		return &hidden[0]
	}
	return nil
}
