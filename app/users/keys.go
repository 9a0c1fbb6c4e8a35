package users

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/text"
)

// keyForm is the version of both keys' format, and the first byte of search keys. MakeKeys replaces keys with a lower
// version, and those of older programs, which have none: they begin with an address, or are empty. Raise it with every
// change of BeforeSave, and of package text where its TestStoredForms says so.
const (
	keyForm         = 1
	firstUnnumbered = 0x20
)

// ListKeys is part of the names of lists sorted by the keys. Cursors hold keys, so it changes with keyForm, which makes
// old cursors invalid.
const ListKeys = "1"

// BeforeSave is GORM's hook: it sets the keys from the names and the address. SearchKey holds the search forms of the
// address and both names; it begins with the address, so lists sorted by address use it too. LastnameKey holds the
// order keys of the last and then the first name.
func (u *User) BeforeSave(*gorm.DB) error {
	search := func(part string, atMost int) []byte { return cut([]byte(text.SearchForm(part)), atMost) }
	u.SearchKey = append([]byte{keyForm}, bytes.Join([][]byte{
		search(u.Email, text.MaxEmail), search(u.Firstname, maxNameKey), search(u.Lastname, maxNameKey),
	}, []byte{0x1f})...) // 0x1f sorts before every character of addresses, so that keys sort as the addresses do
	u.LastnameKey = bytes.Join([][]byte{
		cut(text.OrderKey(u.Lastname), maxOrderKey), cut(text.OrderKey(u.Firstname), maxNameKey),
	}, []byte{0, 0}) // sorts before every part of an order key
	return nil
}

// The forms of some characters are many times as long; keys are cut so that PostgreSQL can index both in a row (its
// B-trees take 2704 bytes a row) and a cursor has room for one.
const (
	maxNameKey  = maxName * utf8.UTFMax
	maxOrderKey = 6 * maxName // a weight of two bytes for each letter, a separator, and one for each accent
)

func cut(key []byte, atMost int) []byte { return key[:min(len(key), atMost)] }

// MakeKeys replaces keys that are not of the current format, such as those that an older program stored, and returns
// the number of accounts. ON UPDATE CASCADE updates the copies. It skips deleted accounts, which are in no list. If
// there is nothing to do, it costs two index look-ups.
func (s *Service) MakeKeys(ctx context.Context) (made int, err error) {
	for {
		ids, err := outdatedIDs(ctx, s.db)
		if err != nil || len(ids) == 0 {
			return made, err
		}
		for chunk := range slices.Chunk(ids, reindexBatch) {
			if err := s.makeKeysOf(ctx, chunk); err != nil {
				return made, err
			}
			made += len(chunk)
		}
	}
}

func (s *Service) makeKeysOf(ctx context.Context, ids []int64) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var rows []User
		err := forNoKeyUpdate(tx).Select("id", "email", "firstname", "lastname").
			Where("id IN ?", ids).Order("id").Find(&rows).Error
		if err != nil {
			return fmt.Errorf("read users: %w", err)
		}
		return storeManyKeys(tx, rows)
	})
}

// outdatedBatch is how many accounts are looked up at once. It is large because PostgreSQL's index keeps replaced keys
// until the table is vacuumed, and every look-up walks past them.
const outdatedBatch = 20 * reindexBatch

// outdatedIDs returns the ids of a batch of accounts whose keys are not of the current format; none if there are none.
func outdatedIDs(ctx context.Context, db *gorm.DB) (ids []int64, err error) {
	for _, query := range outdatedQueries(db.WithContext(ctx)) {
		var found []int64
		if err := query.Pluck("id", &found).Error; err != nil {
			return nil, fmt.Errorf("find users by the form of their keys: %w", err)
		}
		ids = append(ids, found...)
	}
	return ids, nil
}

// outdatedQueries returns queries for keys with a lower version and keys without one.
func outdatedQueries(db *gorm.DB) []*gorm.DB {
	query := func(where string, form byte) *gorm.DB {
		return db.Model(&User{}).Where(where, database.Bytes{form}).Order("search_key, id").Limit(outdatedBatch)
	}
	return []*gorm.DB{query("search_key < ?", keyForm), query("search_key >= ?", firstUnnumbered)}
}

// storeManyKeys recomputes the keys of locked users and stores them with one statement: a statement for each is far
// slower.
func storeManyKeys(tx *gorm.DB, rows []User) error {
	if len(rows) == 0 {
		return nil
	}
	bytesType := "BLOB"
	if tx.Name() == "postgres" {
		bytesType = "bytea"
	}
	row := fmt.Sprintf("(CAST(? AS bigint), CAST(? AS %s), CAST(? AS %[1]s))", bytesType)
	var values []any
	for i := range rows {
		if err := rows[i].BeforeSave(tx); err != nil {
			return err
		}
		values = append(values, rows[i].ID, rows[i].SearchKey, rows[i].LastnameKey)
	}
	err := tx.Exec("UPDATE users SET search_key = keys.column2, lastname_key = keys.column3 FROM (VALUES "+
		strings.TrimSuffix(strings.Repeat(row+", ", len(rows)), ", ")+") AS keys WHERE users.id = keys.column1",
		values...).Error
	if err != nil {
		return fmt.Errorf("store the keys of %d users: %w", len(rows), err)
	}
	return nil
}
