package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// storeReminders records in tx who gets the reminder, and returns the guests' ids. The primary key decides who got it
// before. Nobody gets it who wants none, or at an address for which the mail server has refused a mail for good. The
// guests are locked against removal in the order of their ids, so that two transactions cannot deadlock.
func storeReminders(ctx context.Context, tx *gorm.DB, eventID int64, reminder string) ([]int64, error) {
	var ids []int64
	err := tx.WithContext(ctx).Raw("INSERT INTO invited_guest_reminders (invited_guest_id, name, created_at) "+
		"SELECT invited_guests.id, CAST(? AS text), "+timestampParam(tx)+" FROM invited_guests "+joinUsers+
		" WHERE invited_guests.event_id = ? AND invited_guests.status = ? AND invited_guests.unsubscribed_at IS NULL"+
		" AND "+mailStatusSQL+" <> ? ORDER BY invited_guests.id"+forKeyShareOf(tx, "invited_guests")+
		" ON CONFLICT DO NOTHING RETURNING invited_guest_id",
		reminder, tx.NowFunc(), eventID, Invited, MailRefused).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("note who is reminded: %w", err)
	}
	return ids, nil
}

// usersOf returns the ids of the users whom the invitations of the guests are for.
func usersOf(ctx context.Context, tx *gorm.DB, guestIDs []int64) (ids []int64, err error) {
	query := database.Among(tx.WithContext(ctx).Model(&InvitedGuest{}), "id", guestIDs)
	if err := query.Order("id").Pluck("user_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("find the users of guests: %w", err)
	}
	return ids, nil
}

// timestampParam is a parameter for a time, where PostgreSQL cannot infer that from a column.
func timestampParam(db *gorm.DB) string {
	if db.Name() == "postgres" {
		return "CAST(? AS timestamptz)"
	}
	return "?"
}

// forKeyShareOf ends a query with a lock that keeps its rows of the table from being removed before the transaction
// ends. SQLite's transactions need none.
func forKeyShareOf(db *gorm.DB, table string) string {
	if db.Name() == "postgres" {
		return " FOR KEY SHARE OF " + table
	}
	return ""
}
