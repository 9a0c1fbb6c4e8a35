package invitedguest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/events"
)

const bulkSize = 10_000

// BenchmarkBulk invites 10,000 people, none of whom is a user, with one request. To compare, it stores the same rows in
// the same four tables of the same database, with IDs that are known in advance: with INSERTs of many rows, and on
// PostgreSQL with COPY. The ways take turns. Then it sends the request again, when all are invited already.
func BenchmarkBulk(b *testing.B) {
	// Not apptest.New, which logs every query.
	clock := apptest.NewClock()
	server := app.New(apptest.Config(), apptest.Database(b, database.Options{Now: clock.Now}), app.WithClock(clock.Now))
	a := testApp{App: &apptest.App{App: server, Clock: clock}}
	a.event = a.CreateEvent(b, "gala")
	a.admin = a.RegisterWithRole(b, "admin@example.org", a.event.ID, events.Administrator)
	ways := map[string]func(turn int){
		"bulk":   func(turn int) { bulkTable(b, a, turn, bulkSize) },
		"insert": func(turn int) { storeBare(b, a, 3*turn+1, insertRows) },
	}
	if dbtest.Postgres() {
		ways["copy"] = func(turn int) { storeBare(b, a, 3*turn+2, copyRows) }
	}
	spent := map[string]time.Duration{}
	for turn := 0; b.Loop(); turn++ {
		for name, way := range ways {
			runtime.GC()
			begin := time.Now()
			way(turn)
			spent[name] += time.Since(begin)
		}
		begin := time.Now()
		bulkTable(b, a, turn, 0)
		spent["again"] += time.Since(begin)
	}
	for name := range spent {
		b.ReportMetric(float64(spent[name].Milliseconds())/float64(b.N), "ms/"+name)
		b.ReportMetric(spent["bulk"].Seconds()/spent[name].Seconds(), "bulk/"+name)
	}
}

func bulkTable(b *testing.B, a testApp, turn, created int) {
	b.Helper()
	var table strings.Builder
	table.WriteString("email,firstname,lastname,role\n")
	for i := range bulkSize {
		fmt.Fprintf(&table, "guest%d-%d@example.org,Ann,Lee,guest\n", turn, i)
	}
	var got bulkReport
	a.Send(b, apptest.Request{
		Method: http.MethodPost, Path: fmt.Sprint("/api/v1/invitedGuest/bulk?event_id=", a.event.ID), Body: table.String(),
		Token: a.admin.Token, Header: map[string]string{"Content-Type": "text/csv"},
	}).Decode(b, http.StatusOK, &got)
	if got.Created != created {
		b.Fatalf("%d created, want %d", got.Created, created)
	}
}

// storing stores the rows of a table in a transaction.
type storing func(ctx context.Context, tx *sql.Conn, table string, columns []string, values func(i int) []any) error

// storeBare stores as many users, guests, mails and audit events as a bulk does, in one transaction.
func storeBare(b *testing.B, a testApp, turn int, store storing) {
	b.Helper()
	now, first := a.Clock.Now(), int64(turn+1)*1_000_000_000+1
	email := func(i int) string { return fmt.Sprintf("bare%d-%d@example.org", turn, i) }
	key, lastname := func(i int) []byte { return []byte(email(i) + "\x1fann\x1flee") }, []byte("lee")
	pool, err := a.DB.DB()
	if err != nil {
		b.Fatal(err)
	}
	tx, err := pool.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	_, err = tx.ExecContext(b.Context(), "BEGIN")
	for _, table := range []struct {
		name, columns string
		values        func(i int) []any
	}{
		{
			"users", "id email password_hash firstname lastname user_title primary_language is_admin token_generation " +
				"created_at updated_at search_key lastname_key",
			func(i int) []any {
				return []any{first + int64(i), email(i), "", "Ann", "Lee", "", "en", false, 0, now, now, key(i), lastname}
			},
		},
		{
			"invited_guests", "id event_id user_id role status created_at updated_at search_key lastname_key",
			func(i int) []any {
				return []any{first + int64(i), a.event.ID, first + int64(i), "guest", "invited", now, now, key(i), lastname}
			},
		},
		{
			"mail_messages", "id kind recipient language data state due_at attempts created_at",
			func(i int) []any {
				return []any{first + int64(i), "invitation", fmt.Sprint(first + int64(i)), "en", "null", "pending", now, 0, now}
			},
		},
		{
			"audit_events", "id created_at kind user_id actor_id address request_id detail",
			func(i int) []any {
				return []any{first + int64(i), now, "guest_invited", first + int64(i), a.admin.ID, "192.0.2.1", "r",
					`{"account":"created","event_id":1}`}
			},
		},
	} {
		if err == nil {
			err = store(b.Context(), tx, table.name, strings.Fields(table.columns), table.values)
		}
	}
	if err == nil {
		_, err = tx.ExecContext(b.Context(), "COMMIT")
	}
	if err = errors.Join(err, tx.Close()); err != nil {
		b.Fatal(err)
	}
}

// insertRows inserts 500 rows per statement.
func insertRows(ctx context.Context, tx *sql.Conn, table string, columns []string, values func(i int) []any) error {
	const rows = 500
	insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + places(rows, len(columns))
	for from := 0; from < bulkSize; from += rows {
		var vars []any
		for i := range rows {
			vars = append(vars, values(from+i)...)
		}
		if _, err := tx.ExecContext(ctx, insert, vars...); err != nil {
			return err
		}
	}
	return nil
}

// copyRows copies the rows in PostgreSQL's binary format.
func copyRows(ctx context.Context, tx *sql.Conn, table string, columns []string, values func(i int) []any) error {
	return tx.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns,
			pgx.CopyFromSlice(bulkSize, func(i int) ([]any, error) { return values(i), nil }))
		return err
	})
}

// places returns the placeholders for the given number of rows.
func places(rows, columns int) string {
	var text strings.Builder
	for i := range rows {
		for j := range columns {
			switch {
			case j > 0:
				text.WriteString(", ")
			case i > 0:
				text.WriteString("), (")
			default:
				text.WriteString("(")
			}
			if dbtest.Postgres() {
				fmt.Fprintf(&text, "$%d", i*columns+j+1)
			} else {
				text.WriteString("?")
			}
		}
	}
	text.WriteString(")")
	return text.String()
}
