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

// MailStatus is the state of the last invitation or reminder to a guest.
type MailStatus string

// The mail statuses.
const (
	MailNone    MailStatus = "none"    // none was enqueued, it was dropped, or the address has changed
	MailQueued  MailStatus = "queued"  // an invitation waits in the outbox
	MailSent    MailStatus = "sent"    // the mail server accepted it
	MailRefused MailStatus = "refused" // the mail server rejected it for good, such as for an unknown address
	MailFailed  MailStatus = "failed"  // given up, such as when the mail server stayed unreachable
)

// mailStatuses are all mail statuses.
var mailStatuses = []MailStatus{MailNone, MailQueued, MailSent, MailRefused, MailFailed}

// mailStatusSQL selects the mail status of a guest joined with its user: a refusal counts only for the refused address.
const mailStatusSQL = "CASE WHEN invited_guests.mail_status = 'refused' AND invited_guests.refused_email <> " +
	"users.email" +
	" THEN 'none' ELSE invited_guests.mail_status END"

// enqueuedStatus returns the mail status of a guest whose invitation has just been enqueued.
func (s *Service) enqueuedStatus() MailStatus {
	if s.outbox.Silent() {
		return MailNone
	}
	return MailQueued
}

// setMailStatus stores the mail status of a locked guest. It does not touch updated_at.
func setMailStatus(ctx context.Context, tx *gorm.DB, guestID int64, status MailStatus) error {
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ?", guestID).
		UpdateColumns(map[string]any{"mail_status": status, "refused_email": ""}).Error
	if err != nil {
		return fmt.Errorf("store a mail status: %w", err)
	}
	return nil
}

// followInvitations is the mail.Follower of invitationMail and reminderMail.
func followInvitations(ctx context.Context, tx *gorm.DB, results []mail.Result) error {
	type outcome struct {
		status MailStatus
		to     string
	}
	guests := map[outcome][]int64{}
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
			key := outcome{status, r.To}
			guests[key] = append(guests[key], id)
		}
	}
	for o, ids := range guests {
		if err := storeMailStatuses(ctx, tx, ids, o.status, o.to); err != nil {
			return err
		}
	}
	return nil
}

// statusAfter returns the mail status of the guest after the mail, or "" to leave it unchanged.
func statusAfter(ctx context.Context, tx *gorm.DB, r mail.Result) (MailStatus, error) {
	switch {
	case r.End == mail.Sent:
		return MailSent, nil
	case r.Refused:
		return MailRefused, nil
	case r.End == mail.Failed:
		return MailFailed, nil
	case r.Kind == reminderMail: // dropped: the status before it stays
		return "", nil
	}
	last, err := mail.Newest(ctx, tx, invitationMail, r.Recipient, 1) // excludes dropped ones, such as this one
	if err != nil || len(last) == 0 {
		return MailNone, err
	}
	statuses := map[string]MailStatus{mail.Pending: MailQueued, mail.Sent: MailSent, mail.Failed: MailFailed}
	return statuses[last[0].State], nil
}

// storeMailStatuses stores the mail status of guests. It leaves out guests whose address is no longer to, the address
// mailed to, unless to is empty.
func storeMailStatuses(ctx context.Context, tx *gorm.DB, guestIDs []int64, status MailStatus, to string) error {
	columns := map[string]any{"mail_status": status, "refused_email": ""}
	if status == MailRefused {
		columns["refused_email"] = to
	}
	const id = "invited_guests.id"
	mailed := database.WhereIn(tx.Model(&InvitedGuest{}).Select(id), id, distinct(guestIDs))
	query := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("id IN (?)", mailed)
	if to != "" {
		query = query.Where("user_id IN (?)", tx.Model(&users.User{}).Select("id").Where("email = ?", to))
	}
	if err := query.UpdateColumns(columns).Error; err != nil {
		return fmt.Errorf("store mail statuses: %w", err)
	}
	return nil
}
