package invitedguest_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/events"
)

// BenchmarkBulk invites 10,000 people, none of whom is a user, by one request. The yardstick stores the same rows in the
// same three tables, ids known before, by multi-row INSERTs on the same database, in turns.
func BenchmarkBulk(b *testing.B) {
	const count = 10_000
	// Not apptest.New, which logs every query.
	a := testApp{App: &apptest.App{App: app.New(apptest.Config(), apptest.Database(b, database.Options{})), Clock: apptest.NewClock()}}
	a.event = a.CreateEvent(b, "gala")
	a.admin = a.RegisterWithRole(b, "admin@example.org", a.event.ID, events.Administrator)
	var spent, spentOther time.Duration
	turn := 0
	for b.Loop() {
		turn++
		var table strings.Builder
		table.WriteString("email,firstname,lastname,role\n")
		for i := range count {
			fmt.Fprintf(&table, "guest%d-%d@example.org,Ann,Lee,guest\n", turn, i)
		}
		runtime.GC()
		begin := time.Now()
		var got bulkReport
		a.Send(b, apptest.Request{
			Method: http.MethodPost, Path: fmt.Sprint("/api/v1/invitedGuest/bulk?event_id=", a.event.ID), Body: table.String(),
			Token: a.admin.Token, Header: map[string]string{"Content-Type": "text/csv"},
		}).Decode(b, http.StatusOK, &got)
		spent += time.Since(begin)
		if got.Created != count {
			b.Fatalf("%d created", got.Created)
		}
		runtime.GC()
		begin = time.Now()
		storeBare(b, a, turn, count)
		spentOther += time.Since(begin)
	}
	b.ReportMetric(float64(spent.Milliseconds())/float64(turn), "ms/bulk")
	b.ReportMetric(float64(spentOther.Milliseconds())/float64(turn), "ms/yardstick")
	b.ReportMetric(spent.Seconds()/spentOther.Seconds(), "times-yardstick")
}

// storeBare stores as many users, guests and mails, 500 rows a statement, in one transaction.
func storeBare(b *testing.B, a testApp, turn, count int) {
	b.Helper()
	const rows = 500
	now := a.Clock.Now()
	first := int64(turn)*1_000_000_000 + 1
	err := a.DB.Transaction(func(tx *gorm.DB) error {
		insert := func(table string, columns int, values func(i int) []any) error {
			for from := 0; from < count; from += rows {
				var vars []any
				for i := range rows {
					vars = append(vars, values(from+i)...)
				}
				if _, err := tx.Statement.ConnPool.ExecContext(b.Context(), "INSERT INTO "+table+" VALUES "+places(rows, columns), vars...); err != nil {
					return err
				}
			}
			return nil
		}
		email := func(i int) string { return fmt.Sprintf("bare%d-%d@example.org", turn, i) }
		if err := insert("users (id, email, password_hash, firstname, lastname, user_title, primary_language, is_admin, token_generation, created_at, updated_at, search_key, lastname_key)", 13, func(i int) []any {
			return []any{first + int64(i), email(i), "", "Ann", "Lee", "", "en", false, 0, now, now, []byte(email(i) + "\x1fann\x1flee"), []byte("lee")}
		}); err != nil {
			return err
		}
		if err := insert("invited_guests (id, event_id, user_id, role, status, created_at, updated_at, search_key, lastname_key)", 9, func(i int) []any {
			return []any{first + int64(i), a.event.ID, first + int64(i), "guest", "invited", now, now, []byte(email(i) + "\x1fann\x1flee"), []byte("lee")}
		}); err != nil {
			return err
		}
		return insert("mail_messages (id, kind, recipient, language, data, state, due_at, attempts, created_at)", 9, func(i int) []any {
			return []any{first + int64(i), "invitation", fmt.Sprint(first + int64(i)), "en", "null", "pending", now, 0, now}
		})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// places are the parameters of so many rows.
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
