package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// storeReminders inserts the reminder for all guests who should get it and returns their IDs; the primary key leaves
// out those who got it before. Guests who ended reminders or whose address was refused for good are left out too. The
// guests are locked against deletion in the order of their IDs, so that two transactions cannot deadlock.
func storeReminders(ctx context.Context, tx *gorm.DB, eventID int64, reminder string) ([]int64, error) {
	var ids []int64
	err := tx.WithContext(ctx).Raw("INSERT INTO invited_guest_reminders (invited_guest_id, name, created_at) "+
		"SELECT invited_guests.id, CAST(? AS text), "+timestampParam(tx)+" FROM invited_guests "+joinUsers+
		" WHERE invited_guests.event_id = ? AND invited_guests.status = ? AND invited_guests.unsubscribed_at IS NULL"+
		" AND "+mailStatusSQL+" <> ? ORDER BY invited_guests.id"+forKeyShareOf(tx, "invited_guests")+
		" ON CONFLICT DO NOTHING RETURNING invited_guest_id",
		reminder, tx.NowFunc(), eventID, Invited, MailRefused).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("store reminders: %w", err)
	}
	return ids, nil
}

// usersOf returns the user IDs of the guests.
func usersOf(ctx context.Context, tx *gorm.DB, guestIDs []int64) (ids []int64, err error) {
	query := database.WhereIn(tx.WithContext(ctx).Model(&InvitedGuest{}), "id", guestIDs)
	if err := query.Order("id").Pluck("user_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("find the users of guests: %w", err)
	}
	return ids, nil
}

// timestampParam returns a placeholder for a time where PostgreSQL cannot infer the type from a column.
func timestampParam(db *gorm.DB) string {
	if db.Name() == "postgres" {
		return "CAST(? AS timestamptz)"
	}
	return "?"
}

// forKeyShareOf returns the clause that locks a query's rows of the table against deletion until the transaction ends.
// SQLite's transactions need none.
func forKeyShareOf(db *gorm.DB, table string) string {
	if db.Name() == "postgres" {
		return " FOR KEY SHARE OF " + table
	}
	return ""
}
