package invitedguest

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/tags"
	"guestlist/app/utils"
)

// lockIfMatch locks the guest of the event, its tags and its user until the transaction ends, and returns the guest. It
// fails with utils.ErrGuestNotFound, and as utils.CheckIfMatch does. Every change to a guest starts with it. It locks
// the user before the guest, as ON UPDATE CASCADE does.
func lockIfMatch(ctx context.Context, tx *gorm.DB, eventID, id int64) (*guestRow, error) {
	user := clause.Locking{Strength: forNoKeyUpdate, Table: clause.Table{Name: "users"}}
	if _, err := find(ctx, tx.Clauses(user), eventID, id); err != nil {
		return nil, err
	}
	if err := lockGuest(ctx, tx, id); err != nil {
		return nil, err
	}
	row, err := find(ctx, tx, eventID, id) // read again: it may have changed while the locks waited
	if err != nil || !utils.IfMatch(ctx) {
		return row, err
	}
	tag, err := entityTag(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	return row, utils.CheckIfMatch(ctx, tag)
}

// lockGuest locks the guest and its tags until the transaction ends. Lock the event and the user first.
func lockGuest(ctx context.Context, tx *gorm.DB, id int64) error {
	guest := tx.WithContext(ctx).Clauses(clause.Locking{Strength: forUpdate}).Select("id").Where("id = ?", id)
	if err := guest.Find(&[]InvitedGuest{}).Error; err != nil {
		return fmt.Errorf("lock a guest: %w", err)
	}
	return nil
}

// entityTag reads the guest's tags and returns the entity tag.
func entityTag(ctx context.Context, db *gorm.DB, row *guestRow) (string, error) {
	found, err := tagsOf(ctx, db, []int64{row.ID})
	if err != nil {
		return "", err
	}
	return row.entityTag(found[row.ID])
}

// entityTag returns utils.ETag of the fields of the guest, its user and the tags that clients can read. The mail status
// is left out, because no editor changes it.
func (r *guestRow) entityTag(found []*tags.Tag) (string, error) {
	content := *r
	content.CreatedAt, content.SearchKey, content.LastnameKey, content.PrimaryLanguage = time.Time{}, nil, nil, ""
	content.MailStatus = ""
	rows := []any{content}
	for _, tag := range found {
		rows = append(rows, tag)
	}
	return utils.ETag(rows...)
}
