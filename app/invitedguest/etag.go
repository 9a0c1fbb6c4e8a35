package invitedguest

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// lockMatching returns the guest of the event and keeps others from changing it and its tags until the transaction ends.
// It fails with utils.ErrGuestNotFound, and as utils.CheckIfMatch does. What changes a guest begins with it.
func lockMatching(ctx context.Context, tx *gorm.DB, eventID, id int64) (*guestRow, error) {
	locked := tx.WithContext(ctx).Model(&InvitedGuest{}).Clauses(clause.Locking{Strength: forUpdate}).
		Select("id").Where("id = ? AND event_id = ?", id, eventID).Find(&[]InvitedGuest{})
	if locked.Error != nil {
		return nil, fmt.Errorf("lock a guest: %w", locked.Error)
	}
	row, err := find(ctx, tx, eventID, id) // apart from the lock: what it waited for has changed the user or the tags, too
	if err != nil || !utils.IfMatch(ctx) {
		return row, err
	}
	tag, err := entityTag(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	return row, utils.CheckIfMatch(ctx, tag)
}

// entityTag returns the entity tag of a guest, whose tags it reads.
func entityTag(ctx context.Context, db *gorm.DB, row *guestRow) (string, error) {
	found, err := tagsOf(ctx, db, []int64{row.ID})
	if err != nil {
		return "", err
	}
	return row.entityTag(found[row.ID])
}

// entityTag returns the entity tag of a guest with the tags: utils.ETag of what is read of both, and of the user.
func (r *guestRow) entityTag(found []*tags.Tag) (string, error) {
	content := *r
	content.MailStatus = "" // no change by an editor
	content.CreatedAt, content.SearchKey, content.LastnameKey, content.PrimaryLanguage = time.Time{}, nil, nil, ""
	rows := []any{content}
	for _, tag := range found {
		rows = append(rows, tag)
	}
	return utils.ETag(rows...)
}

// rowOf returns what would be read of a guest that was just stored.
func rowOf(g *InvitedGuest, user *users.User) *guestRow {
	return &guestRow{
		ID: g.ID, EventID: g.EventID, UserID: g.UserID, Role: g.Role, Status: g.Status, AnsweredAt: g.AnsweredAt,
		Email: user.Email, Firstname: user.Firstname, Lastname: user.Lastname, UserTitle: user.UserTitle,
	}
}
