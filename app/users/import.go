package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// Account is an account that was made elsewhere.
type Account struct {
	Person

	PasswordHash string     // secrets.KnownHash; empty: none, and the user sets a password by a mailed code
	Verified     bool       // whether the user proved to own the address
	Admin        bool       // of the system
	AgreedAt     *time.Time // when the user agreed to the policy; nil: now, if Person.PolicyAgreed
	DeletedAt    *time.Time // nil: it is not deleted
}

// Validate returns what is wrong, by the names that the fields have in files. It leaves Email in its canonical form.
func (a *Account) Validate() utils.FieldErrors {
	wrong := a.Person.Validate()
	if a.PasswordHash != "" && !secrets.KnownHash(a.PasswordHash) {
		wrong.Add("password_hash", "is not a bcrypt or argon2id hash that can be checked")
	}
	return wrong
}

// user returns a new User, not yet stored. One who is deleted has neither a password nor rights.
func (a *Account) user(now time.Time) User {
	user := a.Person.user(now)
	if a.AgreedAt != nil {
		user.PolicyAgreedAt = a.AgreedAt
	}
	if a.Verified {
		user.VerifiedAt = &now
	}
	if a.DeletedAt != nil {
		user.DeletedAt = gorm.DeletedAt{Time: *a.DeletedAt, Valid: true}
		return user
	}
	user.PasswordHash, user.IsAdmin = a.PasswordHash, a.Admin
	return user
}

// Import stores those of the valid accounts, none of them deleted, whose addresses nobody has, in the transaction tx.
// The addresses differ. It returns what Ensure returns: accounts that are there stay as they are.
func Import(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, accounts []Account,
) (there, made map[string]Reference, err error) {
	wanted := make([]User, len(accounts))
	for i := range accounts {
		wanted[i] = accounts[i].user(tx.NowFunc())
	}
	there, made, err = ensure(ctx, tx, wanted)
	if err != nil || len(made) == 0 {
		return there, made, err
	}
	for i := range accounts {
		if user, created := made[accounts[i].Email]; created && accounts[i].Admin {
			err = errors.Join(err, audit.Record(ctx, tx, actor.Event(audit.AdminCreated, user.ID)))
		}
	}
	event := actor.Event(audit.AccountsImported, 0).With(map[string]any{"accounts": len(made)})
	return there, made, errors.Join(err, audit.Record(ctx, tx, event))
}

// ImportDeleted stores valid accounts that are deleted, in the transaction tx, but for those whose addresses a deleted
// account has. The addresses differ. It returns how many it stored.
func ImportDeleted(ctx context.Context, tx *gorm.DB, accounts []Account) (created int, err error) {
	emails := make([]string, len(accounts))
	for i := range accounts {
		emails[i] = accounts[i].Email
	}
	var found []string
	query := tx.WithContext(ctx).Unscoped().Model(&User{}).Where("users.deleted_at IS NOT NULL").Distinct()
	if err := database.Among(query, "users.email", emails).Pluck("users.email", &found).Error; err != nil {
		return 0, fmt.Errorf("find deleted users: %w", err)
	}
	there := map[string]bool{}
	for _, email := range found {
		there[email] = true
	}
	var missing []User
	for i := range accounts {
		if !there[accounts[i].Email] {
			missing = append(missing, accounts[i].user(tx.NowFunc()))
		}
	}
	_, err = createMany(ctx, tx, missing)
	return len(missing), err
}

// importResult is what became of a row of an import.
type importResult struct {
	created bool // else the address was in use
	wrong   utils.FieldErrors
}

// importer stores the accounts of a file, batch by batch.
type importer struct {
	service *Service
	dry     bool            // store nothing
	seen    map[string]bool // in a dry run, the addresses of the batches before
}

// store stores the accounts that are valid and whose addresses nobody has, in a transaction. Results are by row.
func (i *importer) store(ctx context.Context, rows []importRow) ([]importResult, error) {
	results := make([]importResult, len(rows))
	first := map[string]int{} // the row of each address
	var accounts []Account
	for n := range rows {
		account, wrong := rows[n].account()
		if results[n].wrong = wrong; len(wrong) > 0 {
			continue
		}
		if _, twice := first[account.Email]; !twice && !i.seen[account.Email] {
			first[account.Email] = n
			accounts = append(accounts, account)
		}
	}
	made, err := i.storeAccounts(ctx, accounts)
	for email := range made {
		results[first[email]].created = true
	}
	return results, err
}

// storeAccounts returns references to the accounts that it stored, or would store, by address.
func (i *importer) storeAccounts(ctx context.Context, accounts []Account) (made map[string]Reference, err error) {
	if len(accounts) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	if !i.dry {
		err = i.service.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			_, made, err = Import(ctx, tx, audit.Operator(), accounts)
			return err
		})
		return made, err
	}
	emails := make([]string, len(accounts))
	for n := range accounts {
		emails[n] = accounts[n].Email
	}
	there, err := References(ctx, i.service.db, emails)
	made = map[string]Reference{}
	for _, email := range emails {
		if _, found := there[email]; !found {
			made[email], i.seen[email] = Reference{}, true
		}
	}
	return made, err
}
