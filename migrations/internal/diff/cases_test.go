package diff_test

import (
	"slices"
	"time"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/schema"
)

// edit is a change of models.
type edit struct {
	name     string
	old, new []any
	renames  []diff.Rename
	// rows fill the tables before the upgrade; between makes room for a downgrade that cannot work on rows.
	rows, between []string
	// keeps is a query, and answer its result after the upgrade: renamed and altered columns keep their values.
	keeps, answer string
	only          schema.Dialect // the only dialect on which GORM can create the new models
	on            schema.Dialect // the only dialect that supports them
	respelled     bool           // the database holds another spelling of the same
}

// m returns a list of models.
func m(models ...any) []any { return models }

func edits() []edit {
	return slices.Concat(tableEdits(), relationEdits(), columnEdits(), alterEdits(), defaultEdits(),
		indexEdits(), constraintEdits(), keyEdits(), renameEdits(), tableRenameEdits())
}

// Base holds the columns of the table that most edits change; a field of the embedding struct overrides one of the same
// name.
type Base struct {
	ID     int64
	Name   string `gorm:"size:64"`
	Email  string `gorm:"size:254;not null"`
	Age    int32
	Score  float64
	Active bool `gorm:"default:true"`
	Bio    string
	Born   time.Time
	Data   []byte
}

// plain returns the models before most edits.
func plain() []any {
	type User struct{ Base }
	return m(User{})
}

func people() []string {
	return []string{`INSERT INTO users (name, email, age, score, active, bio, born) VALUES
		('ann', 'a@x', 41, 1.5, true, '{"a": 1}', '2026-01-02 03:04:05'),
		('bob', 'b@x', 42, 2, false, '[]', '2026-01-02 03:04:05')`}
}

// of returns an edit of the plain table, with rows.
func of(name string, models []any) edit {
	return edit{name: name, old: plain(), new: models, rows: people()}
}

func nobody() []string { return []string{"DELETE FROM users"} }
