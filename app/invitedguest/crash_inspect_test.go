package invitedguest_test

import (
	"database/sql"
	"net/http"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
)

// halves describes what a half-done invitation would leave, each with a query that counts it.
var halves = map[string]string{
	"guests without one mail": `SELECT COUNT(*) FROM invited_guests g WHERE
		(SELECT COUNT(*) FROM mail_messages m WHERE m.kind = 'invitation' AND m.recipient = CAST(g.id AS TEXT)) <> 1`,
	"mails to no guest": `SELECT COUNT(*) FROM mail_messages WHERE kind = 'invitation' AND
		recipient NOT IN (SELECT CAST(id AS TEXT) FROM invited_guests)`,
	"accounts made for nothing": `SELECT COUNT(*) FROM users u WHERE password_hash = '' AND
		NOT EXISTS (SELECT 1 FROM invited_guests g WHERE g.user_id = u.id)`,
	"guests without their tag": `SELECT COUNT(*) FROM invited_guests g WHERE
		NOT EXISTS (SELECT 1 FROM invited_guest_tags t WHERE t.invited_guest_id = g.id)`,
	"guests without an audit event": `SELECT COUNT(*) FROM invited_guests g WHERE role = 'one' AND
		NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.kind = 'guest_invited' AND e.user_id = g.user_id)`,
	"audit events without a guest": `SELECT COUNT(*) FROM audit_events e WHERE kind = 'guest_invited' AND
		NOT EXISTS (SELECT 1 FROM invited_guests g WHERE g.user_id = e.user_id)`,
	"lists with a kept response and no audit event, or the reverse": `SELECT
		(SELECT COUNT(*) FROM audit_events WHERE kind = 'guests_invited') -
		(SELECT COUNT(*) FROM invited_guest_bulk_answers)`,
}

// guestRow is the part of a guest that the test reads.
type guestRow struct {
	ID    int64
	Email string
	Role  string
}

// inspect checks the database in one transaction, because a PostgreSQL server may still be finishing what a killed
// client began.
func (r *rush) inspect(t *testing.T) {
	t.Helper()
	db, err := database.Open(r.address, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close(db)
	ids, listed := map[string]int64{}, 0
	err = db.Transaction(func(tx *gorm.DB) error {
		for what, query := range halves {
			var count int
			if err := tx.Raw(query).Scan(&count).Error; err != nil {
				return err
			}
			if count != 0 {
				t.Errorf("%s: got %d, want none", what, count)
			}
		}
		var rows []guestRow
		err := tx.Model(&invitedguest.InvitedGuest{}).Select("invited_guests.id, email, role").
			Joins("JOIN users ON users.id = user_id").Find(&rows).Error
		for _, row := range rows {
			if ids[row.Email] = row.ID; row.Role == "many" {
				listed++
			}
		}
		if len(ids) != len(rows) {
			t.Errorf("%d guests are invited more than once", len(rows)-len(ids))
		}
		if err != nil {
			return err
		}
		return checkKept(t, tx, ids, listed)
	}, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	r.checkAnswered(t, ids)
	if t.Failed() {
		t.FailNow() // later failures would only follow from this one
	}
}

// checkKept checks that the kept responses to lists name the guests of lists, and no others.
func checkKept(t *testing.T, tx *gorm.DB, ids map[string]int64, listed int) error {
	t.Helper()
	var kept []invitedguest.BulkResponse
	if err := tx.Find(&kept).Error; err != nil {
		return err
	}
	said := 0
	for _, answer := range kept {
		s := sending{kind: inviteMany, answer: apptest.Response{Status: http.StatusOK, Body: answer.Answer}}
		for email, id := range s.guests(t) {
			said++
			if ids[email] != id {
				t.Errorf("a kept response says that %s is guest %d, want %d", email, id, ids[email])
			}
		}
	}
	if said != listed {
		t.Errorf("the kept responses name %d guests, want %d", said, listed)
	}
	return nil
}

// checkAnswered checks that everyone is invited whose invitation got a response or was sent twice.
func (r *rush) checkAnswered(t *testing.T, ids map[string]int64) {
	t.Helper()
	for i, s := range r.sent {
		var said map[string]int64
		if s.answer.Status != 0 {
			said = s.guests(t)
		}
		for _, email := range s.emails {
			if said != nil && said[email] != ids[email] {
				t.Errorf("the response to %s says that %s is guest %d, want %d", s.kind, email, said[email], ids[email])
			}
			if ids[email] == 0 && i < r.again {
				t.Errorf("%s is not invited", email)
			}
		}
	}
}

// deliver sends the mails that are left, including those that a killed server had begun to send.
func (r *rush) deliver(t *testing.T) {
	t.Helper()
	a := apptest.On(t, r.address)
	count := func(condition string) (count int64) {
		if err := a.DB.Model(&mail.Message{}).Where("kind = 'invitation'").Where(condition).Count(&count).Error; err != nil {
			t.Fatal(err)
		}
		return count
	}
	left, begun := count("state = 'pending'"), count("state = 'pending' AND attempts > 0")
	sent := len(a.Mails(t))
	a.Clock.Advance(time.Hour) // every lease has ended
	sent += len(a.Mails(t))
	t.Logf("the servers mailed %d invitations and left %d, of which they had begun %d", count("state = 'sent'")-left,
		left, begun)
	if undone := count("state <> 'sent'"); undone != 0 || int64(sent) != left {
		t.Errorf("sent %d of %d mails, and %d are left; want all sent once and none left", sent, left, undone)
	}
}
