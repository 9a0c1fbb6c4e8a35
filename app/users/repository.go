package users

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// errNoUser is returned by queries for one user when no row matches.
var errNoUser = errors.New("no such user")

// create stores a new user, sets the ID, and calls also, in one transaction. It fails with utils.ErrEmailInUse; only
// the database's constraint decides whether the address is free. If the account that had it is deleted before
// emailError looks for it, create tries again.
func create(ctx context.Context, db *gorm.DB, user *User, also func(tx *gorm.DB, user *User) error) error {
	id := user.ID
	for attempt := 1; ; attempt++ {
		user.ID = id // discard an id from a rolled-back attempt
		err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if err := tx.Create(user).Error; err != nil {
				return err
			}
			return also(tx, user)
		})
		if err == nil {
			return nil
		}
		err = emailError(ctx, db, user, err)
		if !errors.Is(err, gorm.ErrDuplicatedKey) || errors.Is(err, utils.ErrEmailInUse) || attempt == maxAttempts {
			return fmt.Errorf("create a user: %w", err)
		}
	}
}

// emailError maps a duplicate-key error of storing the user to utils.ErrEmailInUse, but only if another user really has
// the address: GORM's translated error does not say which constraint it was, and a fork may add unique columns of its
// own.
func emailError(ctx context.Context, db *gorm.DB, user *User, err error) error {
	if !errors.Is(err, gorm.ErrDuplicatedKey) {
		return err
	}
	var count int64
	findErr := db.WithContext(ctx).Model(&User{}).Where("email = ? AND id <> ?", user.Email, user.ID).Count(&count).Error
	switch {
	case findErr != nil:
		return fmt.Errorf("%w, and find the holder of the address: %w", err, findErr)
	case count > 0:
		return fmt.Errorf("%w: %w", utils.ErrEmailInUse, err)
	}
	return err
}

// finder finds the user of a token, for every authenticated request. Its statement is built at the first call.
type finder func() (*database.Lookup[User], error)

func newFinder(db *gorm.DB) finder {
	return sync.OnceValues(func() (*database.Lookup[User], error) {
		return database.NewLookup[User](db, "id", database.LookupOptions{
			Where: "blocked_at IS NULL AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = $2)",
			Omit: []string{"password_hash", "policy_agreed_at", "blocked_at", "last_login", "created_at", "updated_at",
				"search_key", "lastname_key"},
		})
	})
}

// byToken returns the user of the token, without the columns that Current lacks. It returns errNoUser also if the user
// is blocked or the token was revoked.
func (f finder) byToken(ctx context.Context, db *gorm.DB, claims secrets.Claims) (*User, error) {
	lookup, err := f()
	if err != nil {
		return nil, err
	}
	user, err := lookup.Find(ctx, db, claims.ID, claims.TokenID)
	if errors.Is(err, database.ErrNoRow) {
		return nil, errNoUser
	}
	return user, err
}

// Find returns the user with the id, or utils.ErrUserNotFound.
func Find(ctx context.Context, db *gorm.DB, id int64) (*User, error) {
	return takeUser(db.WithContext(ctx).Where("id = ?", id))
}

// FindByEmail returns the user with the canonical address, or utils.ErrUserNotFound.
func FindByEmail(ctx context.Context, db *gorm.DB, email string) (*User, error) {
	return takeUser(db.WithContext(ctx).Where("email = ?", email))
}

func takeUser(query *gorm.DB) (*User, error) {
	var user User
	err := query.Take(&user).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, utils.ErrUserNotFound
	case err != nil:
		return nil, fmt.Errorf("find a user: %w", err)
	}
	return &user, nil
}

// markVerified marks the address as verified if the user still has it.
func markVerified(ctx context.Context, tx *gorm.DB, id int64, email string) error {
	err := tx.WithContext(ctx).Model(&User{}).Where("id = ? AND email = ? AND verified_at IS NULL", id, email).
		Update("verified_at", tx.NowFunc()).Error
	if err != nil {
		return fmt.Errorf("verify an address: %w", err)
	}
	return nil
}

// replaceHash stores a newer hash of the same password, unless the password was changed since old was read.
func replaceHash(ctx context.Context, db *gorm.DB, id int64, old, hash string) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ? AND password_hash = ?", id, old).
		UpdateColumn("password_hash", hash).Error
	if err != nil {
		return fmt.Errorf("replace a password hash: %w", err)
	}
	return nil
}

// lockByGeneration locks and returns the user with the ID. It fails with errNoUser if there is none, or if its tokens
// were ended since the generation was read.
func lockByGeneration(tx *gorm.DB, id, generation int64) (*User, error) {
	var user User
	err := forUpdate(tx).Where("id = ? AND token_generation = ?", id, generation).Take(&user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNoUser
	}
	if err != nil {
		return nil, fmt.Errorf("lock a user: %w", err)
	}
	return &user, nil
}

// lockForAddress locks and returns the user with the ID, and the other account that has the address, or nil. It fails
// with errNoUser.
func lockForAddress(ctx context.Context, tx *gorm.DB, id int64, email string) (user, holder *User, err error) {
	var found []User
	// Ordered by id, so that transactions cannot deadlock. SQLite uses the partial index of addresses only if the index's
	// condition is on the same side of the OR.
	err = tx.WithContext(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
		Where("id = ? OR email = ? AND deleted_at IS NULL", id, email).Order("id").Find(&found).Error
	if err != nil {
		return nil, nil, fmt.Errorf("lock a user and the holder of an address: %w", err)
	}
	for i := range found {
		if found[i].ID == id {
			user = &found[i]
		} else {
			holder = &found[i]
		}
	}
	if user == nil {
		return nil, nil, errNoUser
	}
	return user, holder, nil
}

// save stores every column of a locked user.
func save(tx *gorm.DB, user *User) error { return tx.Select("*").Updates(user).Error }

// remove soft-deletes the user and ends the tokens.
func remove(ctx context.Context, db *gorm.DB, id int64) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ?", id).UpdateColumns(map[string]any{
		"deleted_at": db.NowFunc(), "token_generation": nextGeneration,
	}).Error
	if err != nil {
		return fmt.Errorf("delete a user: %w", err)
	}
	return nil
}

var nextGeneration = gorm.Expr("token_generation + 1")

// endTokens ends every token that the user has.
func endTokens(ctx context.Context, db *gorm.DB, id int64) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ?", id).UpdateColumn("token_generation", nextGeneration).Error
	if err != nil {
		return fmt.Errorf("end a user's tokens: %w", err)
	}
	return nil
}

// noteLogin stores when the user signed in.
func noteLogin(ctx context.Context, db *gorm.DB, id int64, at time.Time) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ?", id).UpdateColumn("last_login", at).Error
	if err != nil {
		return fmt.Errorf("note a sign-in: %w", err)
	}
	return nil
}

// notePolicy stores when the user agreed to the privacy policy.
func notePolicy(ctx context.Context, db *gorm.DB, id int64, at time.Time) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ?", id).UpdateColumn("policy_agreed_at", at).Error
	if err != nil {
		return fmt.Errorf("note that a user agrees to the privacy policy: %w", err)
	}
	return nil
}

// revoke ends a token. It is idempotent.
func revoke(ctx context.Context, db *gorm.DB, tokenID string, expires time.Time) error {
	err := db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).
		Create(&RevokedToken{TokenID: tokenID, ExpiresAt: expires.UTC()}).Error
	if err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	return nil
}

// ProbeWrite writes a meaningless row, to check that the database is writable.
func ProbeWrite(ctx context.Context, db *gorm.DB) error {
	row := RevokedToken{TokenID: "nothing", ExpiresAt: db.NowFunc()} // not a token's id: those have 22 or 64 characters
	if err := db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("write to the database: %w", err)
	}
	return nil
}

// lockAdmins locks all users with the administrator role until tx ends, and the user with the id, if not 0. It returns
// the ids of the administrators in effect. It locks the others too, in one statement ordered by id: otherwise one whose
// role takes effect meanwhile would be locked out of order, and two transactions could deadlock.
func lockAdmins(tx *gorm.DB, id int64) (inEffect []int64, err error) {
	var found []User
	if err = forNoKeyUpdate(tx).Where("is_admin OR id = ?", id).Order("id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("lock the administrators: %w", err)
	}
	for i := range found {
		if found[i].Administers() {
			inEffect = append(inEffect, found[i].ID)
		}
	}
	return inEffect, nil
}

// AnyAdministrator reports whether there is a system administrator in effect.
func AnyAdministrator(ctx context.Context, db *gorm.DB) (bool, error) {
	var ids []int64
	err := InEffect(db.WithContext(ctx).Model(&User{}), "users").Where("is_admin").Limit(1).Pluck("id", &ids).Error
	if err != nil {
		return false, fmt.Errorf("look for an administrator: %w", err)
	}
	return len(ids) > 0, nil
}

// lockWithAdmins locks and returns a user who is about to be deleted or blocked, so that no new row can refer to them.
// If the user is a system administrator, it first locks all of them and returns the ids of those in effect. It fails
// with utils.ErrUserNotFound, and with ErrRoleGranted if the user was granted the role between the two steps.
func lockWithAdmins(ctx context.Context, tx *gorm.DB, id int64) (user *User, admins []int64, err error) {
	if user, err = Find(ctx, tx, id); err != nil {
		return nil, nil, err
	}
	locked := user.IsAdmin
	if locked {
		if admins, err = lockAdmins(tx.WithContext(ctx), id); err != nil {
			return nil, nil, err
		}
	}
	user, err = Find(ctx, forUpdate(tx), id)
	if err == nil && user.IsAdmin && !locked {
		err = ErrRoleGranted
	}
	return user, admins, err
}

// forUpdate takes a FOR UPDATE lock on the users that a query finds: until its transaction ends, others can neither
// change them nor add references to them. SQLite's transactions lock the whole database.
func forUpdate(query *gorm.DB) *gorm.DB {
	return query.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
}

// forNoKeyUpdate takes a FOR NO KEY UPDATE lock on the users that a query finds, to change columns that no foreign key
// refers to. SQLite's transactions lock the whole database.
func forNoKeyUpdate(query *gorm.DB) *gorm.DB {
	return query.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
}

func storeAdmin(tx *gorm.DB, id int64, admin bool) error {
	if err := tx.Model(&User{}).Where("id = ?", id).Update("is_admin", admin).Error; err != nil {
		return fmt.Errorf("store whether a user is an administrator: %w", err)
	}
	return nil
}
