package diff_test

import (
	"time"

	"gorm.io/datatypes"
	"gorm.io/gorm"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/schema"
)

// edit is a change of models.
type edit struct {
	name     string
	old, new []any
	renames  []diff.Rename
	// rows fill the tables before the upgrade, between before it and the downgrade what the upgrade could not keep.
	rows, between []string
	only          schema.Dialect // where GORM itself can create the new models
}

// m is a list of models.
func m(models ...any) []any { return models }

func edits() []edit {
	return append(append(append(tableEdits(), columnEdits()...), keyEdits()...), renameEdits()...)
}

func tableEdits() []edit {
	type (
		User struct {
			ID   int64
			Name string `gorm:"size:64;not null"`
		}
		Team struct {
			ID     int64
			Name   string `gorm:"size:64;uniqueIndex"`
			UserID int64  `gorm:"not null"`
			User   *User  `gorm:"constraint:OnDelete:CASCADE"`
		}
	)
	return []edit{
		{name: "create table", old: m(), new: m(&User{})},
		{name: "create tables", old: m(), new: m(&Team{}, &User{})},
		{name: "add table with foreign key", old: m(&User{}), new: m(&User{}, &Team{}), rows: users},
		{name: "drop table", old: m(&User{}, &Team{}), new: m(&User{}), rows: append(users, `INSERT INTO teams (name, user_id) VALUES ('a', 1)`)},
		{name: "drop all tables", old: m(&User{}, &Team{}), new: m()},
	}
}

var users = []string{`INSERT INTO users (name) VALUES ('ann'), ('bob')`}

func columnEdits() []edit {
	_ = time.Time{}
	_ = gorm.DeletedAt{}
	_ = datatypes.JSON{}
	return nil
}

func keyEdits() []edit { return nil }

func renameEdits() []edit { return nil }
