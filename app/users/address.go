package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// undoFor is how long a change of address can be undone from the old address, counted from the request and again from
// the moment it took effect. A code that confirms a change is not valid for longer.
const undoFor = 7 * 24 * time.Hour

// addressChange is the data of the queued mails about a change of address.
type addressChange struct {
	UserID     int64  `json:"user_id"`
	Email      string `json:"email"`      // the new address
	Proved     bool   `json:"proved"`     // whether the old one was verified
	Generation int64  `json:"generation"` // Code.Generation
}

// aboutChanges selects the mails about changes of the user's address, to any recipient, by their addressChange.
func aboutChanges(userID int64) mail.DataFilter {
	return mail.DataFilter{Kinds: []string{changeEmailMail, emailChangeMail}, Data: fmt.Sprintf(`{"user_id":%d,`, userID)}
}

// requestChange sets the locked user's pending address, which the caller saves, and enqueues mails to both addresses.
// The last request counts. It fails with utils.ErrEmailInUse.
func (s *Service) requestChange(ctx context.Context, tx *gorm.DB, actor audit.Actor, user *User, email string) error {
	switch _, err := FindByEmail(ctx, tx, email); {
	case err == nil:
		return utils.ErrEmailInUse
	case !errors.Is(err, utils.ErrUserNotFound):
		return err
	}
	// for the same address, the last code stays valid: LIMIT_MAIL_PER_ADDRESS may suppress another mail
	if user.PendingEmail != email {
		if err := voidCodes(ctx, tx, user.ID, changeEmail); err != nil {
			return err
		}
		user.PendingEmail = email
	}
	data := addressChange{user.ID, email, user.VerifiedAt != nil, user.TokenGeneration}
	return errors.Join(
		extendUndo(ctx, tx, user.ID, user.Email),
		s.outbox.Enqueue(ctx, tx,
			mail.Request{Kind: changeEmailMail, Recipient: email, Language: text.DefaultLanguage, Data: data},
			mail.Request{Kind: emailChangeMail, Recipient: user.Email, Language: text.DefaultLanguage, Data: data},
		),
		audit.Record(ctx, tx, actor.Event(audit.EmailChangeRequested, user.ID)),
	)
}

// confirmChange gives the user of a changeEmail code the address to which it was mailed. It is idempotent. It fails
// with errNoCode and utils.ErrEmailInUse.
func (s *Service) confirmChange(ctx context.Context, actor audit.Actor, code *Code) error {
	var user *User
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		var holder *User
		user, holder, err = lockForAddress(ctx, tx, code.UserID, code.Email)
		switch {
		case err != nil:
			return err
		case user.Email == code.Email: // the link was opened before
			return code.exists(ctx, tx)
		case user.PendingEmail != code.Email:
			return fmt.Errorf("%w: another address was asked for", errNoCode)
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		return s.changeAddress(ctx, tx, actor, user, holder)
	})
	return emailError(ctx, s.db, user, err)
}

// changeAddress gives the locked user the pending address, which the user has just verified. holder is the locked
// account that has the address, or nil; an unverified holder loses it. Belongings of an unverified old address stay
// with that address.
func (s *Service) changeAddress(ctx context.Context, tx *gorm.DB, actor audit.Actor, user, holder *User) error {
	old, proved := user.Email, user.VerifiedAt != nil
	store := func(tx *gorm.DB) error {
		email := user.PendingEmail
		user.PendingEmail = ""
		return s.storeVerified(ctx, tx, actor, user, holder, email)
	}
	if proved {
		err := errors.Join(store(tx), extendUndo(ctx, tx, user.ID, old))
		if err != nil {
			return err
		}
	} else {
		// The owner of the old address may be a stranger to the account, and must not be able to take it over.
		err := errors.Join(s.leaveBelongings(ctx, tx, user, store), voidUndo(ctx, tx, user.ID, "email = ?", old))
		if err != nil {
			return err
		}
	}
	return errors.Join(
		voidCodes(ctx, tx, user.ID, verifyEmail, resetPassword),
		audit.Record(ctx, tx, actor.Event(audit.EmailChanged, user.ID)),
	)
}

// storeVerified stores the locked user with a verified address, takes it from the locked holder, if any, and ends the
// user's tokens. It fails as takeOver does.
func (s *Service) storeVerified(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, user, holder *User, email string,
) error {
	store := func(tx *gorm.DB) error {
		now := tx.NowFunc()
		user.Email, user.VerifiedAt = email, &now
		user.TokenGeneration++
		return save(tx, user)
	}
	if holder == nil {
		return store(tx)
	}
	return s.takeOver(ctx, tx, actor, holder, user, store)
}

// refuseChange cancels a pending change of address at the request of the new address's owner.
func (s *Service) refuseChange(ctx context.Context, actor audit.Actor, code *Code) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		user, _, err := lockForAddress(ctx, tx, code.UserID, "")
		if err != nil {
			return err
		}
		if user.PendingEmail != code.Email {
			return fmt.Errorf("%w: another address was asked for", errNoCode)
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		user.PendingEmail = ""
		return errors.Join(save(tx, user), audit.Record(ctx, tx, actor.Event(audit.EmailChangeRefused, user.ID)))
	})
}

// undoCode returns the code if it undoes a change of address. It fails with utils.ErrVerifyCodeNotValid.
func (s *Service) undoCode(ctx context.Context, text string) (*Code, error) {
	code, err := findCode(ctx, s.db, text, undoEmail)
	if err == nil && code.expired(s.db.NowFunc()) {
		err = fmt.Errorf("%w: it has expired", errNoCode)
	}
	return code, codeError(err)
}

// UndoChange restores the address to which the code was mailed, or cancels the change if it has not taken effect. It
// ends all tokens and all codes that set a password, and is idempotent. It returns the code. It fails with
// utils.ErrVerifyCodeNotValid, and with utils.ErrEmailInUse if another account has verified the address since.
func (s *Service) UndoChange(ctx context.Context, actor audit.Actor, text string) (*Code, error) {
	code, err := s.undoCode(ctx, text)
	if err != nil {
		return nil, err
	}
	var user *User
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		var holder *User
		if user, holder, err = lockForAddress(ctx, tx, code.UserID, code.Email); err != nil {
			return err
		}
		if err := code.exists(ctx, tx); err != nil {
			return err
		}
		return s.undo(ctx, tx, actor.As(user.ID), code, user, holder)
	})
	return code, codeError(emailError(ctx, s.db, user, err))
}

func (s *Service) undo(ctx context.Context, tx *gorm.DB, actor audit.Actor, code *Code, user, holder *User) error {
	moved := user.Email != code.Email
	user.PendingEmail = ""
	var err error
	if moved {
		err = s.storeVerified(ctx, tx, actor, user, holder, code.Email)
	} else {
		user.TokenGeneration++
		err = save(tx, user)
	}
	if err != nil {
		return err
	}
	return errors.Join(
		voidCodes(ctx, tx, user.ID, verifyEmail, resetPassword, changeEmail),
		code.supersede(ctx, tx, user),
		s.logins.Clear(tx, code.Email),
		audit.Record(ctx, tx, actor.Event(audit.EmailChangeUndone, user.ID).With(map[string]any{"had_taken_effect": moved})),
	)
}
