package dbtest

import (
	"database/sql"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// Plan returns the database's plan for a query that was built in a session with DryRun.
func Plan(t testing.TB, db *gorm.DB, query *gorm.DB) string {
	t.Helper()
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	explain := "EXPLAIN QUERY PLAN "
	if Postgres() {
		explain = "EXPLAIN "
	} else if _, err := conn.ExecContext(t.Context(),
		"SELECT count(*) FROM sqlite_schema"); err != nil { // else SQLite may not know of an ANALYZE
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(t.Context(), explain+query.Statement.SQL.String(), query.Statement.Vars...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for rows.Next() {
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(sql.RawBytes)
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines.Write(*into[len(into)-1].(*sql.RawBytes)) // SQLite has three columns before the text
		lines.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines.String()
}

// CheckSeek fails the test unless the plan for a page of a list reads along the index from where the page begins,
// without sorting and without reading a whole table. seek is the plan's text for how it finds that place.
func CheckSeek(t testing.TB, page, plan, index, seek string) {
	t.Helper()
	good := strings.Contains(plan, index) && strings.Contains(plan, seek)
	for _, slow := range []string{"Sort", "TEMP B-TREE", "Seq Scan", "SCAN "} {
		good = good && !strings.Contains(plan, slow)
	}
	if !good {
		t.Errorf("%s:\n%s", page, plan)
	}
}
