package invitedguest

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// MailStatus is what became of the last invitation or reminder to a guest.
type MailStatus string

// The mail statuses there are.
const (
	MailNone    MailStatus = "none"    // none was asked for, it was not needed any more, or the address is another since
	MailQueued  MailStatus = "queued"  // an invitation that waits to go out
	MailSent    MailStatus = "sent"    // the mail server has taken it
	MailRefused MailStatus = "refused" // the mail server will never take it, as for an address that does not exist
	MailFailed  MailStatus = "failed"  // given up: the mail server could not be reached, say
)

// mailStatuses are all of them.
var mailStatuses = []MailStatus{MailNone, MailQueued, MailSent, MailRefused, MailFailed}

// mailStatusSQL is the mail status of a guest, joined to its user: a refusal counts for the address that it was of.
const mailStatusSQL = "CASE WHEN invited_guests.mail_status = 'refused' AND invited_guests.refused_email <> users.email" +
	" THEN 'none' ELSE invited_guests.mail_status END"

// asked returns the mail status of a guest to whom an invitation was enqueued.
func (s *Service) enqueuedStatus() MailStatus {
	if s.outbox.Silent() {
		return MailNone
	}
	return MailQueued
}

// setMailStatus stores the mail status of a locked guest. That is no change to the guest: updated_at stays.
func setMailStatus(ctx context.Context, tx *gorm.DB, guestID int64, status MailStatus) error {
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ?", guestID).
		UpdateColumns(map[string]any{"mail_status": status, "refused_email": ""}).Error
	if err != nil {
		return fmt.Errorf("store what becomes of a mail: %w", err)
	}
	return nil
}

// follow is the mail.Follower of invitationMail and reminderMail.
func followInvitations(ctx context.Context, tx *gorm.DB, results []mail.Result) error {
	type end struct {
		status MailStatus
		to     string
	}
	guests := map[end][]int64{}
	for _, r := range results {
		id, err := strconv.ParseInt(r.Recipient, 10, 64)
		if err != nil {
			return fmt.Errorf("the recipient of mail %d: %w", r.ID, err)
		}
		status, err := statusAfter(ctx, tx, r)
		if err != nil {
			return err
		}
		if status != "" {
			guests[end{status, r.To}] = append(guests[end{status, r.To}], id)
		}
	}
	for end, ids := range guests {
		if err := storeMailStatuses(ctx, tx, ids, end.status, end.to); err != nil {
			return err
		}
	}
	return nil
}

// statusAfter returns the status of the guest to whom the mail was, or "" if it stays as it is.
func statusAfter(ctx context.Context, tx *gorm.DB, r mail.Result) (MailStatus, error) {
	switch {
	case r.End == mail.Sent:
		return MailSent, nil
	case r.Refused:
		return MailRefused, nil
	case r.End == mail.Failed:
		return MailFailed, nil
	case r.Kind == reminderMail: // it was not needed: what there was before counts
		return "", nil
	}
	last, err := mail.Newest(ctx, tx, invitationMail, r.Recipient, 1) // beside this one
	if err != nil || len(last) == 0 {
		return MailNone, err
	}
	statuses := map[string]MailStatus{mail.Pending: MailQueued, mail.Sent: MailSent, mail.Failed: MailFailed}
	return statuses[last[0].State], nil
}

// storeMailStatuses stores what became of mails to the guests, unless the address to which they were made is no longer that of
// the guest. to is empty if they were made for none.
func storeMailStatuses(ctx context.Context, tx *gorm.DB, guestIDs []int64, status MailStatus, to string) error {
	columns := map[string]any{"mail_status": status, "refused_email": ""}
	if status == MailRefused {
		columns["refused_email"] = to
	}
	among := database.Among(tx.Model(&InvitedGuest{}).Select("invited_guests.id"), "invited_guests.id", distinct(guestIDs))
	query := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("id IN (?)", among)
	if to != "" {
		query = query.Where("user_id IN (?)", tx.Model(&users.User{}).Select("id").Where("email = ?", to))
	}
	if err := query.UpdateColumns(columns).Error; err != nil {
		return fmt.Errorf("store what became of mails: %w", err)
	}
	return nil
}
