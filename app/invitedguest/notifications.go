package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/events"
	"guestlist/app/users"
)

// Frequency is how often an administrator of an event is notified of its guests' answers.
type Frequency string

// The frequencies.
const (
	Never  Frequency = "never"
	AtOnce Frequency = "at_once"
	Daily  Frequency = "daily"
)

// Notification is an administrator's request to be notified of an event's answers. Without one, the frequency is Never.
type Notification struct {
	ID      int64         `gorm:"primaryKey"`
	EventID int64         `gorm:"not null;uniqueIndex:idx_invited_guest_notifications_event_id_user_id,priority:1"`
	Event   *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	UserID  int64         `gorm:"not null;uniqueIndex:idx_invited_guest_notifications_event_id_user_id,priority:2;index"`
	User    *users.User   `gorm:"constraint:OnDelete:CASCADE"`
	Answers Frequency     `gorm:"size:10;not null"` // AtOnce or Daily
	// when the last daily mail was enqueued; at first, when the notification was created
	ToldAt    time.Time `gorm:"not null"`
	CreatedAt time.Time `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Notification) TableName() string { return "invited_guest_notifications" }

// News is an answer that has not been reported to an administrator yet.
type News struct {
	NotificationID int64         `gorm:"primaryKey"`
	Notification   *Notification `gorm:"constraint:OnDelete:CASCADE"`
	InvitedGuestID int64         `gorm:"primaryKey;index"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	MessageID      int64         `gorm:"not null;default:0;index"` // the mail that reports it; 0: none yet
	CreatedAt      time.Time     `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (News) TableName() string { return "invited_guest_news" }

// frequencyOf returns how often the user is notified of the event's answers.
func frequencyOf(ctx context.Context, db *gorm.DB, eventID, userID int64) (Frequency, error) {
	n, err := findNotification(ctx, db, eventID, userID)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Never, nil
	}
	if err != nil {
		return "", err
	}
	return n.Answers, nil
}

// findNotification returns the user's notification for the event, or gorm.ErrRecordNotFound.
func findNotification(ctx context.Context, db *gorm.DB, eventID, userID int64) (n Notification, err error) {
	if err := db.WithContext(ctx).Where("event_id = ? AND user_id = ?", eventID, userID).Take(&n).Error; err != nil {
		return n, fmt.Errorf("find a notification: %w", err)
	}
	return n, nil
}

// notificationsOf returns the user's notifications for all events.
func notificationsOf(ctx context.Context, db *gorm.DB, userID int64) (found []Notification, err error) {
	if err := db.WithContext(ctx).Where("user_id = ?", userID).Order("event_id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find the notifications of a user: %w", err)
	}
	return found, nil
}

// storeFrequency stores how often the user is notified of the event's answers. The frequency Never also deletes
// unreported news.
func storeFrequency(ctx context.Context, db *gorm.DB, eventID, userID int64, frequency Frequency) error {
	n := Notification{EventID: eventID, UserID: userID, Answers: frequency, ToldAt: db.NowFunc()}
	var err error
	if frequency == Never {
		err = db.WithContext(ctx).Where("event_id = ? AND user_id = ?", eventID, userID).Delete(&Notification{}).Error
	} else {
		err = db.WithContext(ctx).Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "event_id"}, {Name: "user_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"answers"}),
		}).Create(&n).Error
	}
	if err != nil {
		return fmt.Errorf("store a notification: %w", err)
	}
	return nil
}

// storeNews stores the guests' answers, in tx, as news for the event's notifications, except for that of the user by.
// It returns the IDs of the users to notify immediately.
func storeNews(
	ctx context.Context, tx *gorm.DB, eventID int64, guestIDs []int64, by int64,
) (immediate []int64, err error) {
	tx = tx.WithContext(ctx)
	for some := range slices.Chunk(guestIDs, rowsPerStatement) {
		err = tx.Exec("INSERT INTO invited_guest_news (notification_id, invited_guest_id, message_id, created_at) "+
			"SELECT invited_guest_notifications.id, invited_guests.id, 0, "+timestampParam(tx)+
			" FROM invited_guest_notifications "+
			"JOIN invited_guests ON invited_guests.event_id = invited_guest_notifications.event_id "+
			"WHERE invited_guest_notifications.event_id = ? AND invited_guest_notifications.user_id <> ? "+
			"AND invited_guests.id IN ? "+
			"ORDER BY invited_guest_notifications.id, invited_guests.id"+forKeyShareOf(tx, "invited_guest_notifications")+
			" ON CONFLICT (notification_id, invited_guest_id) DO UPDATE SET message_id = 0, created_at = excluded.created_at",
			tx.NowFunc(), eventID, by, some).Error
		if err != nil {
			return nil, fmt.Errorf("store the news of answers: %w", err)
		}
	}
	err = tx.Model(&Notification{}).Where("event_id = ? AND user_id <> ? AND answers = ?", eventID, by, AtOnce).
		Order("user_id").Pluck("user_id", &immediate).Error
	if err != nil {
		return nil, fmt.Errorf("find who is notified of answers at once: %w", err)
	}
	return immediate, nil
}

// deleteNews deletes the unreported news of the guests' answers.
func deleteNews(ctx context.Context, tx *gorm.DB, guestIDs []int64) error {
	for some := range slices.Chunk(guestIDs, rowsPerStatement) {
		if err := tx.WithContext(ctx).Where("invited_guest_id IN ?", some).Delete(&News{}).Error; err != nil {
			return fmt.Errorf("delete the news of answers: %w", err)
		}
	}
	return nil
}

// claimNews assigns the notification's unreported news to the message and returns the guests with their users, the
// latest answer first.
func claimNews(ctx context.Context, tx *gorm.DB, n *Notification, messageID int64) (guests []InvitedGuest, err error) {
	tx = tx.WithContext(ctx)
	err = tx.Model(&News{}).Where("notification_id = ? AND message_id = 0", n.ID).
		UpdateColumn("message_id", messageID).Error
	if err != nil {
		return nil, fmt.Errorf("claim the news of answers: %w", err)
	}
	told := tx.Model(&News{}).Select("invited_guest_id").Where("message_id = ? AND notification_id = ?", messageID, n.ID)
	err = tx.InnerJoins("User").Where("invited_guests.id IN (?) AND invited_guests.status <> ?", told, Invited).
		Order("invited_guests.answered_at DESC, invited_guests.id DESC").Find(&guests).Error
	if err != nil {
		return nil, fmt.Errorf("find the news of answers: %w", err)
	}
	return guests, nil
}

// claimDaily returns the daily notifications that were last mailed before the given time and have news from before it,
// and sets their ToldAt to now.
func claimDaily(ctx context.Context, tx *gorm.DB, since time.Time) (taken []Notification, err error) {
	news := tx.Model(&News{}).Select("1").
		Where("notification_id = invited_guest_notifications.id AND message_id = 0 "+
			"AND invited_guest_news.created_at < ?", since)
	err = tx.WithContext(ctx).Model(&taken).Clauses(clause.Returning{}).
		Where("answers = ? AND told_at < ? AND EXISTS (?)", Daily, since, news).UpdateColumn("told_at", tx.NowFunc()).Error
	if err != nil {
		return nil, fmt.Errorf("claim the daily notifications: %w", err)
	}
	return taken, nil
}
