package dbtest

import (
	"database/sql"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// Plan returns how the database would answer a query that was built in a session with DryRun, as it says itself.
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
		"SELECT count(*) FROM sqlite_schema"); err != nil { // else it may not know of an ANALYZE
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
		lines.Write(*into[len(into)-1].(*sql.RawBytes)) // SQLite has three columns before what it says
		lines.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines.String()
}

// CheckSeek fails the test unless the plan of a page of a list is to read along the index from the place where the page
// begins, without sorting and without reading a whole table. In seek are words of the plan for how the place is found.
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
