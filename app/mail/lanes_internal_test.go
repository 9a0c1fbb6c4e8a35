package mail

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
)

// TestLeasePlan checks how the database would find the messages of each lane: by seeking in the index, from the first
// that is due, however many are pending in the other lane.
func TestLeasePlan(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	messages := make([]Message, 20_000)
	for i := range messages {
		messages[i] = Message{Kind: "invitation", Recipient: "1", Language: "en", Data: "null", Group: "event:1", Bulk: true,
			State: Pending, DueAt: now, CreatedAt: now}
	}
	for i := range 100 {
		messages[200*i].Group, messages[200*i].Bulk, messages[200*i].Kind = "", false, "password_reset"
	}
	if err := db.CreateInBatches(&messages, 500).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	seek := "SEARCH "
	if dbtest.Postgres() {
		seek = "Index Cond: "
	}
	for name, l := range map[string]lane{"single": single, "bulk": bulk} {
		query := due(db.Session(&gorm.Session{DryRun: true}), l, []string{"invitation", "password_reset"}, now).
			Limit(leaseBatch)
		dbtest.CheckSeek(t, name, dbtest.Plan(t, db, query.Find(&[]Message{})), "idx_mail_messages_state_bulk_due_at", seek)
	}
}
