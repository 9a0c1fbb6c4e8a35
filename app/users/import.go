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

// Imported is what became of accounts that were to be imported, by their addresses.
type Imported struct {
	There   map[string]Reference // had an account, which stays as it is
	Made    map[string]Reference // got one
	Deleted map[string]bool      // had one that was deleted here, and got none
}

// Import stores those of the valid accounts, none of them deleted, whose addresses nobody has or has had, in the
// transaction tx. The addresses differ. References are locked as Ensure's are.
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
	result.There, result.Made, err = ensure(ctx, tx, wanted)
	if err != nil || len(result.Made) == 0 {
		return result, err
	}
	for i := range accounts {
		if user, created := result.Made[accounts[i].Email]; created && accounts[i].Admin {
			err = errors.Join(err, audit.Record(ctx, tx, actor.Event(audit.AdminCreated, user.ID)))
		}
	}
	event := actor.Event(audit.AccountsImported, 0).With(map[string]any{"accounts": len(result.Made)})
	return result, errors.Join(err, audit.Record(ctx, tx, event))
}

// findImported is Import that stores nothing: nobody is Made.
func findImported(ctx context.Context, db *gorm.DB, accounts []Account) (result Imported, err error) {
	emails := addresses(accounts)
	if result.There, err = References(ctx, db, emails); err != nil {
		return Imported{}, err
	}
	result.Deleted, err = deletedAmong(ctx, db, emails)
	for email := range result.There { // registered again
		delete(result.Deleted, email)
	}
	return result, err
}

// ImportDeleted stores valid accounts that are deleted, in the transaction tx, but for those whose addresses a deleted
// account has. The addresses differ. It returns how many it stored.
func ImportDeleted(ctx context.Context, tx *gorm.DB, accounts []Account) (created int, err error) {
	there, err := deletedAmong(ctx, tx, addresses(accounts))
	if err != nil {
		return 0, err
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

func addresses(accounts []Account) []string {
	emails := make([]string, len(accounts))
	for i := range accounts {
		emails[i] = accounts[i].Email
	}
	return emails
}

// deletedAmong returns those of the canonical addresses that a deleted account has. The addresses differ.
func deletedAmong(ctx context.Context, db *gorm.DB, emails []string) (map[string]bool, error) {
	deleted := map[string]bool{}
	for some := range slices.Chunk(emails, manyAtOnce) {
		var found []string
		// No index has the addresses of deleted users: this reads those that are not erased, which have lost theirs. A join
		// would for each address.
		query := db.WithContext(ctx).Unscoped().Model(&User{}).
			Where("deleted_at IS NOT NULL AND erased_at IS NULL AND email IN ?", some)
		if err := query.Pluck("email", &found).Error; err != nil {
			return nil, fmt.Errorf("find deleted users: %w", err)
		}
		for _, email := range found {
			deleted[email] = true
		}
	}
	return deleted, nil
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
	found, err := i.storeAccounts(ctx, accounts)
	for email, n := range first {
		_, there := found.There[email]
		results[n].created = !there
		if found.Deleted[email] {
			results[n].wrong.Add("email", "is that of an account that was deleted here")
		}
	}
	return results, err
}

// storeAccounts stores the accounts. In a dry run it only finds who has one.
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
