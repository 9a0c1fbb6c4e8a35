package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// Account is an account from another system.
type Account struct {
	Person

	PasswordHash string     // of a form that secrets.KnownHash accepts; empty: the user sets one with a mailed code
	Verified     bool       // whether the user proved to own the address
	Admin        bool       // a system administrator
	AgreedAt     *time.Time // when the user agreed to the policy; nil: now, if Person.PolicyAgreed
	DeletedAt    *time.Time // nil: not deleted
}

// Validate returns the errors by the fields' names in files. It makes Email canonical.
func (a *Account) Validate() utils.FieldErrors {
	wrong := a.Person.Validate()
	if a.PasswordHash != "" && !secrets.KnownHash(a.PasswordHash) {
		wrong.Add("password_hash", "is not a bcrypt or argon2id hash that can be checked")
	}
	return wrong
}

// user returns a new User, not yet stored. A deleted one has neither a password nor rights.
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

// Imported is the result of an import, by address.
type Imported struct {
	Existing map[string]Reference // accounts that existed, and are unchanged
	Created  map[string]Reference // new accounts
	Deleted  map[string]bool      // addresses of accounts that were deleted here, and are not created again
}

// Import stores, in tx, those accounts whose addresses no account has or has had. The accounts are valid and not
// deleted, and their addresses differ. References are locked as Ensure's are.
func Import(ctx context.Context, tx *gorm.DB, actor audit.Actor, accounts []Account) (result Imported, err error) {
	if result, err = findImported(ctx, tx, accounts); err != nil {
		return Imported{}, err
	}
	var wanted []User
	for i := range accounts {
		if !result.Deleted[accounts[i].Email] {
			wanted = append(wanted, accounts[i].user(tx.NowFunc()))
		}
	}
	result.Existing, result.Created, err = ensure(ctx, tx, wanted)
	if err != nil || len(result.Created) == 0 {
		return result, err
	}
	for i := range accounts {
		if user, created := result.Created[accounts[i].Email]; created && accounts[i].Admin {
			err = errors.Join(err, audit.Record(ctx, tx, actor.Event(audit.AdminCreated, user.ID)))
		}
	}
	event := actor.Event(audit.AccountsImported, 0).With(map[string]any{"accounts": len(result.Created)})
	return result, errors.Join(err, audit.Record(ctx, tx, event))
}

// findImported is Import without storing: Created is empty.
func findImported(ctx context.Context, db *gorm.DB, accounts []Account) (result Imported, err error) {
	emails := addresses(accounts)
	if result.Existing, err = References(ctx, db, emails); err != nil {
		return Imported{}, err
	}
	result.Deleted, err = deletedAmong(ctx, db, emails)
	for email := range result.Existing { // registered again
		delete(result.Deleted, email)
	}
	return result, err
}

// ImportDeleted stores valid deleted accounts in tx, except those whose addresses a deleted account has. The addresses
// differ. It returns the number of stored accounts.
func ImportDeleted(ctx context.Context, tx *gorm.DB, accounts []Account) (created int, err error) {
	existing, err := deletedAmong(ctx, tx, addresses(accounts))
	if err != nil {
		return 0, err
	}
	var missing []User
	for i := range accounts {
		if !existing[accounts[i].Email] {
			missing = append(missing, accounts[i].user(tx.NowFunc()))
		}
	}
	_, err = createMany(ctx, tx, missing)
	return len(missing), err
}

func addresses(accounts []Account) []string {
	emails := make([]string, len(accounts))
	for i := range accounts {
		emails[i] = accounts[i].Email
	}
	return emails
}

// deletedAmong returns which of the canonical addresses a deleted account has. The addresses differ.
func deletedAmong(ctx context.Context, db *gorm.DB, emails []string) (map[string]bool, error) {
	deleted := map[string]bool{}
	for chunk := range slices.Chunk(emails, insertBatch) {
		var found []string
		// No index has the addresses of deleted users: this reads all deleted users that are not erased, once per chunk. A
		// join would do so for each address.
		query := db.WithContext(ctx).Unscoped().Model(&User{}).
			Where("deleted_at IS NOT NULL AND erased_at IS NULL AND email IN ?", chunk)
		if err := query.Pluck("email", &found).Error; err != nil {
			return nil, fmt.Errorf("find deleted users: %w", err)
		}
		for _, email := range found {
			deleted[email] = true
		}
	}
	return deleted, nil
}

// importResult is the result of a row of an import.
type importResult struct {
	created bool // else the address was in use
	wrong   utils.FieldErrors
}

// importer stores the accounts of a file in batches.
type importer struct {
	service *Service
	dry     bool            // store nothing
	seen    map[string]bool // in a dry run, the addresses of earlier batches
}

// store stores, in one transaction, the valid accounts whose addresses no account has. It returns a result for each
// row.
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
	found, err := i.storeAccounts(ctx, accounts)
	for email, n := range first {
		_, existing := found.Existing[email]
		results[n].created = !existing
		if found.Deleted[email] {
			results[n].wrong.Add("email", "is that of an account that was deleted here")
		}
	}
	return results, err
}

// storeAccounts stores the accounts. In a dry run it only finds the existing ones.
func (i *importer) storeAccounts(ctx context.Context, accounts []Account) (found Imported, err error) {
	if len(accounts) == 0 {
		return Imported{}, nil
	}
	if i.dry {
		for n := range accounts {
			i.seen[accounts[n].Email] = true
		}
		return findImported(ctx, i.service.db, accounts)
	}
	err = i.service.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		found, err = Import(ctx, tx, audit.Operator(), accounts)
		return err
	})
	return found, err
}
