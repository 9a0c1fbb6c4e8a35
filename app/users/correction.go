package users

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Correction is a change to a guest's account by the administrators of an event. A nil field and an empty Language
// leave the value unchanged.
type Correction struct {
	Email     *string
	Firstname *string
	Lastname  *string
	UserTitle *string
	Language  string
}

// Validate returns what is wrong, by the names that the fields have in requests. It leaves Email in its canonical form.
func (c *Correction) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if c.Email != nil {
		email := *c.Email
		wrong.Add("email", canonicalise(&email))
		c.Email = &email
	}
	checkNames(&wrong, c.Firstname, c.Lastname, c.UserTitle)
	if c.Language != "" {
		wrong.Add("language", text.CheckLanguage(c.Language))
	}
	return wrong
}

// apply makes the correction to user and returns the changed fields' names in requests.
func (c *Correction) apply(user *User) (changed []string) {
	language := &c.Language
	if c.Language == "" {
		language = nil
	}
	for _, field := range []struct {
		name       string
		value, new *string
	}{
		{"email", &user.Email, c.Email}, {"firstname", &user.Firstname, c.Firstname},
		{"lastname", &user.Lastname, c.Lastname}, {"user_title", &user.UserTitle, c.UserTitle},
		{"language", &user.PrimaryLanguage, language},
	} {
		if field.new != nil && *field.new != *field.value {
			*field.value = *field.new
			changed = append(changed, field.name)
		}
	}
	return changed
}

// ErrNotOwn is returned when the administrators of an event may not correct an account: it is in use, has a role, or is
// invited to another event.
var ErrNotOwn = errors.New("the account is not the event's own")

// Elsewhere returns which of the locked users have a role, or an invitation to another event.
type Elsewhere func(ctx context.Context, tx *gorm.DB, userIDs []int64) (map[int64]bool, error)

// IsZero reports whether there is nothing to correct.
func (c *Correction) IsZero() bool { return *c == (Correction{}) }

// Lock returns the user with the id, and until tx ends keeps others from changing the user and new rows from referring
// to it. It fails with utils.ErrUserNotFound.
func Lock(ctx context.Context, tx *gorm.DB, id int64) (*User, error) {
	return Find(ctx, forUpdate(tx), id)
}

// Correct applies a valid correction to the account of a guest of the event; tx has locked the event. It returns the
// user as stored and the changed fields' names in requests, which are empty if the account already matches the
// correction. Correcting an address ends the codes that were mailed to the old one. Correct fails with
// utils.ErrUserNotFound, utils.ErrEmailInUse and ErrNotOwn. A caller that corrects several users does so in the order
// of their ids, so that no two transactions deadlock.
func Correct(
	ctx context.Context, tx *gorm.DB, eventID, userID int64, c Correction, elsewhere Elsewhere,
) (user *User, changed []string, err error) {
	if user, err = Find(ctx, tx, userID); err != nil { // not locked: most need no change, or may not be changed
		return nil, nil, err
	}
	wanted := *user
	if changed = c.apply(&wanted); len(changed) == 0 {
		return user, nil, nil
	}
	if !user.correctableBy(eventID) {
		return nil, nil, ErrNotOwn
	}
	if user, err = Lock(ctx, tx, userID); err != nil {
		return nil, nil, err
	}
	shared, err := elsewhere(ctx, tx, []int64{userID})
	switch {
	case err != nil:
		return nil, nil, err
	case shared[userID], !user.correctableBy(eventID):
		return nil, nil, ErrNotOwn
	}
	changed = c.apply(user)
	if err := storeCorrected(ctx, tx, user, changed); err != nil {
		return nil, nil, err
	}
	return user, changed, nil
}

// storeCorrected stores a locked user after apply. It fails with utils.ErrEmailInUse.
func storeCorrected(ctx context.Context, tx *gorm.DB, user *User, changed []string) error {
	if slices.Contains(changed, "email") {
		switch _, err := FindByEmail(ctx, tx, user.Email); { // needs no lock
		case err == nil:
			return utils.ErrEmailInUse
		case !errors.Is(err, utils.ErrUserNotFound):
			return err
		}
		if err := tx.WithContext(ctx).Where("user_id = ?", user.ID).Delete(&Code{}).Error; err != nil {
			return fmt.Errorf("end the codes to an address: %w", err)
		}
	}
	err := tx.WithContext(ctx).Transaction(func(tx *gorm.DB) error { // a savepoint: emailError queries after a failure
		return save(tx, user)
	})
	if err != nil {
		return emailError(ctx, tx, user, fmt.Errorf("correct a user: %w", err))
	}
	return nil
}
