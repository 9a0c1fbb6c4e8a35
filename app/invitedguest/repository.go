package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// guestRow is a guest with its user, as queries select it.
type guestRow struct {
	ID              int64
	EventID         int64
	UserID          int64
	Role            string
	Status          Status
	AnsweredAt      *time.Time
	Comment         string
	MailStatus      MailStatus
	CreatedAt       time.Time
	SearchKey       database.Bytes
	LastnameKey     database.Bytes
	Email           string
	Firstname       string
	Lastname        string
	UserTitle       string
	PrimaryLanguage string
}

// guestColumns are the columns of guestRow.
const guestColumns = "invited_guests.id, invited_guests.event_id, invited_guests.user_id, invited_guests.role, " +
	"invited_guests.status, invited_guests.answered_at, invited_guests.comment, " + mailStatusSQL + " AS mail_status, " +
	"invited_guests.created_at, invited_guests.search_key, invited_guests.lastname_key, " +
	"users.email, users.firstname, users.lastname, users.user_title, users.primary_language"

// joinUsers joins the guests' users. Users who deleted their accounts are no longer guests.
const joinUsers = "JOIN users ON users.id = invited_guests.user_id AND users.deleted_at IS NULL"

// guestQuery starts a query for guestRows.
func guestQuery(ctx context.Context, db *gorm.DB) *gorm.DB {
	return db.WithContext(ctx).Model(&InvitedGuest{}).Select(guestColumns).Joins(joinUsers)
}

// insertWithTags stores a new guest with tags of the event and sets its ID. It fails with utils.ErrGuestExists if the
// unique index has the guest already.
func insertWithTags(ctx context.Context, tx *gorm.DB, g *InvitedGuest, tagIDs []int64) error {
	err := insertGuest(ctx, tx, g)
	if err != nil {
		return err
	}
	_, err = attach(ctx, tx, guestTags(g.ID, tagIDs))
	return err
}

// insertGuest stores a new guest and sets its ID, or fails with utils.ErrGuestExists. It tries again if the duplicate
// is gone by the time it looks for it.
func insertGuest(ctx context.Context, tx *gorm.DB, g *InvitedGuest) error {
	for attempt := 1; ; attempt++ {
		err := tx.WithContext(ctx).Transaction(func(tx *gorm.DB) error { // a savepoint, so that the check below can run
			return tx.Create(g).Error
		})
		if err == nil {
			return nil
		}
		err = fmt.Errorf("store a guest: %w", err)
		if !errors.Is(err, gorm.ErrDuplicatedKey) {
			return err
		}
		switch there, findErr := IsGuest(ctx, tx, g.EventID, g.UserID); {
		case findErr != nil:
			return fmt.Errorf("%w: %w", err, findErr)
		case there:
			return fmt.Errorf("%w: %w", utils.ErrGuestExists, err)
		case attempt == maxAttempts: // a fork may have unique columns of its own
			return err
		}
	}
}

// maxAttempts is how often insertGuest tries.
const maxAttempts = 3

func guestTags(guestID int64, tagIDs []int64) (rows []GuestTag) {
	for _, id := range distinct(tagIDs) {
		rows = append(rows, GuestTag{InvitedGuestID: guestID, TagID: id})
	}
	return rows
}

// attach assigns tags to guests, skips those that they have, and returns how many it added.
func attach(ctx context.Context, tx *gorm.DB, rows []GuestTag) (added int64, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	done := tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, rowsPerStatement)
	if errors.Is(done.Error, gorm.ErrForeignKeyViolated) { // deleted since it was found
		return 0, fmt.Errorf("%w: %w", utils.ErrTagNotFound, done.Error)
	}
	if done.Error != nil {
		return 0, fmt.Errorf("store the tags of guests: %w", done.Error)
	}
	return done.RowsAffected, nil
}

// detach takes a tag from a guest and reports whether the guest had it.
func detach(ctx context.Context, db *gorm.DB, guestID, tagID int64) (removed bool, err error) {
	done := db.WithContext(ctx).Where("invited_guest_id = ? AND tag_id = ?", guestID, tagID).Delete(&GuestTag{})
	if done.Error != nil {
		return false, fmt.Errorf("take a tag from a guest: %w", done.Error)
	}
	return done.RowsAffected > 0, nil
}

// rowsPerStatement is how many rows one statement writes or names.
const rowsPerStatement = 500

func distinct(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// IsGuest reports whether the user is a guest of the event.
func IsGuest(ctx context.Context, db *gorm.DB, eventID, userID int64) (bool, error) {
	var count int64
	err := db.WithContext(ctx).Model(&InvitedGuest{}).Where("event_id = ? AND user_id = ?", eventID, userID).
		Count(&count).Error
	if err != nil {
		return false, fmt.Errorf("find whether a user is a guest: %w", err)
	}
	return count > 0, nil
}

// find returns the guest of the event, or utils.ErrGuestNotFound.
func find(ctx context.Context, db *gorm.DB, eventID, id int64) (*guestRow, error) {
	var rows []guestRow
	err := guestQuery(ctx, db).Where("invited_guests.id = ? AND invited_guests.event_id = ?", id, eventID).
		Find(&rows).Error
	switch {
	case err != nil:
		return nil, fmt.Errorf("find a guest: %w", err)
	case len(rows) == 0:
		return nil, utils.ErrGuestNotFound
	}
	return &rows[0], nil
}

// findOfUser returns all invitations of the user.
func findOfUser(ctx context.Context, db *gorm.DB, userID int64) (rows []guestRow, err error) {
	if err := guestQuery(ctx, db).Where("invited_guests.user_id = ?", userID).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the invitations of a user: %w", err)
	}
	return rows, nil
}

// load returns the guest that the query selects, with event and user, or utils.ErrGuestNotFound.
func load(ctx context.Context, query *gorm.DB) (*InvitedGuest, error) {
	var g InvitedGuest
	err := query.WithContext(ctx).InnerJoins("User").InnerJoins("Event").Take(&g).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, utils.ErrGuestNotFound
	case err != nil:
		return nil, fmt.Errorf("load a guest: %w", err)
	}
	return &g, nil
}

// lockUserOf locks the keys of the guest's user until tx ends, so that no code is mailed to an address that is being
// corrected.
func lockUserOf(ctx context.Context, tx *gorm.DB, guestID int64) error {
	of := tx.Model(&InvitedGuest{}).Select("user_id").Where("id = ?", guestID)
	var ids []int64
	err := users.LockKeys(tx.WithContext(ctx).Model(&users.User{})).Where("id IN (?)", of).Pluck("id", &ids).Error
	if err != nil {
		return fmt.Errorf("lock the user of a guest: %w", err)
	}
	return nil
}

// deleteGuest deletes the guest of the event, or fails with utils.ErrGuestNotFound.
func deleteGuest(ctx context.Context, tx *gorm.DB, eventID, id int64) error {
	done := tx.WithContext(ctx).Where("id = ? AND event_id = ?", id, eventID).Delete(&InvitedGuest{})
	switch {
	case done.Error != nil:
		return fmt.Errorf("remove a guest: %w", done.Error)
	case done.RowsAffected == 0:
		return utils.ErrGuestNotFound
	}
	return nil
}

// lockEvent locks the event, and so the set of its guests, until the transaction ends, or fails with
// utils.ErrEventNotFound. SQLite's transactions lock the whole database.
func lockEvent(ctx context.Context, tx *gorm.DB, eventID int64, strength string) error {
	var event events.Event
	err := tx.WithContext(ctx).Clauses(clause.Locking{Strength: strength}).Select("id").
		Where("id = ?", eventID).Take(&event).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return utils.ErrEventNotFound
	}
	if err != nil {
		return fmt.Errorf("lock an event: %w", err)
	}
	return nil
}

// lockOpenEvent locks an event before people are invited to it. It fails as lockEvent and checkOpen do.
func lockOpenEvent(ctx context.Context, tx *gorm.DB, eventID int64, strength string) error {
	if err := lockEvent(ctx, tx, eventID, strength); err != nil {
		return err
	}
	return checkOpen(ctx, tx, eventID)
}

// checkOpen fails with utils.ErrRegistrationClosed or utils.ErrEventCancelled if guests of the event can no longer
// answer, and with utils.ErrEventNotFound.
func checkOpen(ctx context.Context, db *gorm.DB, eventID int64) error {
	event, err := events.Find(ctx, db, eventID)
	if err != nil {
		return err
	}
	return checkInvitable(event, db.NowFunc())
}

// Lock strengths.
const (
	forUpdate      = clause.LockingStrengthUpdate // to invite many
	forNoKeyUpdate = "NO KEY UPDATE"              // to change columns that are not keys
	forKeyShare    = "KEY SHARE"                  // to invite one guest; PostgreSQL's foreign keys take the same
)

// checkTagsOf fails with utils.ErrTagNotFound unless all the tags are the event's.
func checkTagsOf(ctx context.Context, db *gorm.DB, eventID int64, ids []int64) error {
	ids = distinct(ids)
	if len(ids) == 0 {
		return nil
	}
	var count int64
	err := tags.Active(db.WithContext(ctx)).Model(&tags.Tag{}).Where("event_id = ? AND id IN ?", eventID, ids).
		Count(&count).Error
	if err != nil {
		return fmt.Errorf("find the tags of an event: %w", err)
	}
	if count < int64(len(ids)) {
		return utils.ErrTagNotFound
	}
	return nil
}

// tagsOf returns the tags of guests, by guest ID.
func tagsOf(ctx context.Context, db *gorm.DB, ids []int64) (map[int64][]*tags.Tag, error) {
	var found []GuestTag
	query := tags.Active(db.WithContext(ctx)).InnerJoins("Tag").Order("tag_id")
	if err := database.WhereIn(query, "invited_guest_id", ids).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find the tags of guests: %w", err)
	}
	result := map[int64][]*tags.Tag{}
	for _, row := range found {
		result[row.InvitedGuestID] = append(result[row.InvitedGuestID], row.Tag)
	}
	return result, nil
}

// storeAnswer stores the guest's answer and, unless it is nil, the comment. It reports whether either changed.
func storeAnswer(
	ctx context.Context, db *gorm.DB, g *InvitedGuest, status Status, comment *string,
) (changed bool, err error) {
	done := db.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ? AND status <> ?", g.ID, status).
		Updates(map[string]any{"status": status, "answered_at": db.NowFunc()})
	if done.Error != nil {
		return false, fmt.Errorf("store an answer: %w", done.Error)
	}
	changed = done.RowsAffected > 0
	g.Status = status
	if comment == nil {
		return changed, nil
	}
	done = db.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ? AND comment <> ?", g.ID, *comment).
		Update("comment", *comment)
	if done.Error != nil {
		return false, fmt.Errorf("store a comment: %w", done.Error)
	}
	g.Comment = *comment
	return changed || done.RowsAffected > 0, nil
}
