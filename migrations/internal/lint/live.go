package lint

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// Live returns the sizes of the tables of a schema in a PostgreSQL database, as its statistics estimate them. Tables
// that the database lacks are left out.
func Live(db *gorm.DB, s schema.Schema) (Sizes, error) {
	quoted := map[string]string{}
	for _, t := range s.Tables() {
		quoted[t.Name] = ddl.QuoteTable(schema.Postgres, t.Name)
	}
	names, err := json.Marshal(quoted)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Name string
		Size
	}
	err = db.Raw(`SELECT t.name, greatest(c.reltuples, s.n_live_tup, 0)::bigint AS rows,
			pg_total_relation_size(c.oid) AS bytes
		FROM json_each_text(?::json) AS t (name, quoted) JOIN pg_class c ON c.oid = to_regclass(t.quoted)
			LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid`, string(names)).
		Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the sizes of tables: %w", err)
	}
	sizes := Sizes{}
	for _, r := range rows {
		sizes[r.Name] = r.Size
	}
	return sizes, nil
}
