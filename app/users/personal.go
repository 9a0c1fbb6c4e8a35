package users

import (
	"context"
	"reflect"
	"time"

	"gorm.io/gorm"
)

// PersonalData exports and erases what another feature stores about users. The feature implements it.
type PersonalData interface {
	// Sections returns the feature's data about the user.
	Sections(db *gorm.DB, user *User) []Section
	// Erase deletes that data in tx.
	Erase(ctx context.Context, tx *gorm.DB, erasure Erasure) error
}

// Section is a list in a user's export.
type Section struct {
	Name string       // the member of the exported document
	Of   reflect.Type // the elements' type
	// next returns the next elements, and whether there may be more.
	next func(ctx context.Context) (elements []any, more bool, err error)
}

// NewSection returns a section of the elements from read. read is called with 0, and then with the position that it
// last returned, until that is 0.
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
	Email  string // another account may have it by now
	// Until is the time until which data stored under the address belongs to this account.
	Until time.Time
}
