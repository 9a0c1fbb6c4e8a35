package users

import (
	"context"
	"reflect"
	"time"

	"gorm.io/gorm"
)

// PersonalData is what another feature stores of users. The feature implements this.
type PersonalData interface {
	// Sections returns what the feature stores of the user.
	Sections(db *gorm.DB, user *User) []Section
	// Erase deletes it, in the transaction tx.
	Erase(ctx context.Context, tx *gorm.DB, erasure Erasure) error
}

// Section is a part of what is stored of a user: a list.
type Section struct {
	Name string       // of the member of the exported document
	Of   reflect.Type // the elements' type
	// next returns the next elements, and whether there may be more.
	next func(ctx context.Context) (elements []any, more bool, err error)
}

// NewSection returns the section of the elements that read returns. It is called first with 0, and then with the
// position that it returned, until that is 0.
func NewSection[T any](
	name string, read func(ctx context.Context, after int64) (elements []T, position int64, err error),
) Section {
	var position int64
	return Section{name, reflect.TypeFor[T](), func(ctx context.Context) ([]any, bool, error) {
		found, last, err := read(ctx, position)
		position = last
		elements := make([]any, len(found))
		for i := range found {
			elements[i] = found[i]
		}
		return elements, last != 0, err
	}}
}

// Erasure is an account that is being erased.
type Erasure struct {
	UserID int64
	Email  string // which may be another account's by now
	// Until is the time until which what was stored under the address is of this account.
	Until time.Time
}
