package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Person is the data of a new account, from registration or from another user, as for an invited guest.
type Person struct {
	Email        string
	Firstname    string
	Lastname     string
	UserTitle    string
	Language     string // empty: the default
	PolicyAgreed bool
	InvitedTo    int64 // the event whose administrators chose the names; 0: none
}

// Validate returns the errors by the fields' names in requests. It makes Email canonical.
func (p *Person) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("email", canonicalise(&p.Email))
	wrong.Add("firstname", text.CheckLine(p.Firstname, maxName))
	wrong.Add("lastname", text.CheckLine(p.Lastname, maxName))
	wrong.Add("user_title", text.CheckLine(p.UserTitle, maxTitle))
	if p.Language != "" {
		wrong.Add("language", text.CheckLanguage(p.Language))
	}
	return wrong
}

// user returns a new User, not yet stored and without a password.
func (p *Person) user(now time.Time) User {
	user := User{
		Email: p.Email, Firstname: p.Firstname, Lastname: p.Lastname, UserTitle: p.UserTitle, PrimaryLanguage: p.Language,
		NamedFor: p.InvitedTo,
	}
	if user.PrimaryLanguage == "" {
		user.PrimaryLanguage = text.DefaultLanguage
	}
	if p.PolicyAgreed {
		user.PolicyAgreedAt = &now
	}
	return user
}

// Fullname returns the title and the names in one line; it may be empty.
func (u *User) Fullname() string {
	return strings.Join(strings.Fields(u.UserTitle+" "+u.Firstname+" "+u.Lastname), " ")
}

// Create stores a new user for a valid person, and calls also in the same transaction. It fails with
// utils.ErrEmailInUse.
func Create(ctx context.Context, db *gorm.DB, person Person, also func(tx *gorm.DB, user *User) error) error {
	user := person.user(db.NowFunc())
	return create(ctx, db, &user, also)
}

// insertBatch is how many rows are written by one statement.
const insertBatch = 500

// Reference is the foreign key by which rows of other tables refer to their user: see User.SearchKey.
type Reference struct {
	ID          int64
	SearchKey   database.Bytes
	LastnameKey database.Bytes
}

// Reference returns the reference to a user that was stored or read with all columns.
func (u *User) Reference() Reference { return Reference{u.ID, u.SearchKey, u.LastnameKey} }

// LockKeys takes a KEY SHARE lock on the users that a query finds, so that they cannot be deleted, and their sort keys
// and references to them cannot change, before its transaction ends. SQLite's transactions lock the whole database.
func LockKeys(query *gorm.DB) *gorm.DB {
	return query.Clauses(clause.Locking{Strength: "KEY SHARE", Table: clause.Table{Name: "users"}})
}

// LockByEmail returns the user with the canonical address, or utils.ErrUserNotFound, and locks its reference until the
// transaction tx ends.
func LockByEmail(ctx context.Context, tx *gorm.DB, email string) (*User, error) {
	return FindByEmail(ctx, LockKeys(tx), email)
}

// References returns references to the users with the canonical addresses, by address. The addresses differ.
func References(ctx context.Context, db *gorm.DB, emails []string) (map[string]Reference, error) {
	var found []struct {
		Reference
		Email string
	}
	query := db.WithContext(ctx).Model(&User{}).Select("users.id, users.search_key, users.lastname_key, users.email")
	// Ordered by id, like every lock on several users (see lockForAddress), so that transactions cannot deadlock.
	if err := database.WhereIn(query, "users.email", emails).Order("users.id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find users by their addresses: %w", err)
	}
	result := make(map[string]Reference, len(found))
	for _, user := range found {
		result[user.Email] = user.Reference
	}
	return result, nil
}

// Ensure creates accounts, in tx, for those of the valid people without one. It returns references by address to the
// accounts that existed and to those it created, locked until tx ends.
func Ensure(ctx context.Context, tx *gorm.DB, people []Person) (existing, created map[string]Reference, err error) {
	wanted := make([]User, len(people))
	for i := range people {
		wanted[i] = people[i].user(tx.NowFunc())
	}
	return ensure(ctx, tx, wanted)
}

// ensure is Ensure for users who are not yet stored.
func ensure(ctx context.Context, tx *gorm.DB, wanted []User) (existing, created map[string]Reference, err error) {
	emails := make([]string, len(wanted))
	for i := range wanted {
		emails[i] = wanted[i].Email
	}
	for attempt := 1; ; attempt++ {
		if existing, err = References(ctx, LockKeys(tx), emails); err != nil {
			return nil, nil, err
		}
		var missing []User
		for i := range wanted {
			if _, found := existing[wanted[i].Email]; !found {
				missing = append(missing, wanted[i])
			}
		}
		// Sorted, so that two concurrent calls cannot deadlock.
		slices.SortFunc(missing, func(a, b User) int { return strings.Compare(a.Email, b.Email) })
		created, err = createMany(ctx, tx, missing)
		if !errors.Is(err, gorm.ErrDuplicatedKey) || attempt == 3 { // by then, the duplicate is not an address
			return existing, created, err
		}
		// An account was registered meanwhile. Create the others and look for all of them again: that account too may be
		// deleted by then.
		err = tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(missing, insertBatch).Error
		if err != nil {
			return nil, nil, fmt.Errorf("create users: %w", err)
		}
	}
}

// createMany stores the users and returns references to them by address; on an error it stores none.
func createMany(ctx context.Context, tx *gorm.DB, users []User) (map[string]Reference, error) {
	if len(users) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	// A copy: the caller's users must not get ids that a rollback takes back.
	users = slices.Clone(users)
	err := tx.WithContext(ctx).Transaction(func(tx *gorm.DB) error { // a savepoint
		return tx.CreateInBatches(users, insertBatch).Error
	})
	if err != nil {
		return nil, fmt.Errorf("create users: %w", err)
	}
	created := make(map[string]Reference, len(users))
	for i := range users {
		created[users[i].Email] = users[i].Reference()
	}
	return created, nil
}
