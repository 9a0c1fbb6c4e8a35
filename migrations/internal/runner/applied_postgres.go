package runner

import (
	"fmt"

	"gorm.io/gorm"
)

// UnreadableError is returned if the role may not read the table of applied ids.
type UnreadableError struct {
	Table, Role string
	Schema      string // the schema that the role may not use; empty if it may not read the table
}

func (e *UnreadableError) Error() string {
	if e.Schema != "" {
		return fmt.Sprintf("cannot read the applied revisions: role %s may not use schema %s, which holds table %s",
			e.Role, e.Schema, e.Table)
	}
	return fmt.Sprintf("cannot read the applied revisions: role %s may not read table %s", e.Role, e.Table)
}

// Hint says what to do about it.
func (e *UnreadableError) Hint() string {
	grant := fmt.Sprintf("GRANT SELECT ON %s TO %s", e.Table, e.Role)
	if e.Schema != "" {
		grant = fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s and ", e.Schema, e.Role) + grant
	}
	return grant + ", or connect as the role that migrates"
}

// hasTablePostgres reads the system catalogue, because information_schema.tables leaves out tables on which the role
// has no right: the database would seem to have no revision.
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
		if err := h.checkSchema(tx); err != nil {
			return false, err
		}
		return false, h.checkPath(tx)
	case !found[0].Readable:
		return false, &UnreadableError{Table: h.table, Role: found[0].Role}
	}
	return true, nil
}

// checkSchema rejects a role without USAGE on the schema of the table: the search path skips such schemas (the manual,
// Schemas: The Schema Search Path).
func (h *History) checkSchema(tx *gorm.DB) error {
	var hidden []UnreadableError
	err := tx.Raw(`WITH path AS (
			SELECT CASE trim(item) WHEN '"$user"' THEN current_user::text
				ELSE trim(BOTH '"' FROM trim(item)) END AS name, position
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

// MisplacedError is returned if the search path leads to another schema than that of the table of applied ids: the
// database would seem to have no revision, and get a second table.
type MisplacedError struct {
	Table, Schema string // where the table is; Schema is empty if the path leads to no schema
	Current       string // the schema that the path leads to
	Path          string
}

func (e *MisplacedError) Error() string {
	if e.Schema == "" {
		return fmt.Sprintf("no schema in the search_path (%s) exists, so table %s cannot be found",
			e.Path, e.Table)
	}
	return fmt.Sprintf("table %s of applied revisions is in schema %s, but the search_path (%s) leads to schema %s",
		e.Table, e.Schema, e.Path, e.Current)
}

// Hint says what to do about it.
func (e *MisplacedError) Hint() string {
	if e.Schema == "" {
		return "correct the search_path, in the database URL or the settings of the role, or create the schema"
	}
	return fmt.Sprintf("put %[1]s first in the search_path, in the database URL or the settings of the role; "+
		"to give %[2]s revisions of its own, leave %[1]s out of it", e.Schema, e.Current)
}

// checkPath rejects a search path whose first schema has no table of ids while a later one has.
func (h *History) checkPath(tx *gorm.DB) error {
	var found MisplacedError
	err := tx.Raw(`SELECT coalesce(current_schema(), '') AS current, current_setting('search_path') AS path, coalesce((
			SELECT n.nspname FROM unnest(current_schemas(false)) WITH ORDINALITY AS p(name, position)
				JOIN pg_namespace n ON n.nspname = p.name
				JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND c.relname = ?
				JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
					AND a.atttypid IN ('text'::regtype, 'varchar'::regtype)
			ORDER BY p.position LIMIT 1), '') AS "schema"`, h.table).Scan(&found).Error
	switch {
	case err != nil:
		return fmt.Errorf("look for the table %s: %w", h.table, err)
	case found.Current == "" || found.Schema != "":
		found.Table = h.table
		return &found
	}
	return nil
}
