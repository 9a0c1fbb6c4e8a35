package cli

import (
	"strings"
	"testing"
)

func TestMigrateTriesTheRevision(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	type User struct {
		ID   int64
		Name string `gorm:"size:20;not null;index"`
		Age  int    `gorm:"not null"`
	}
	text := w.migrate("bbbb", []any{&User{}})
	for _, got := range []string{text, w.log.String()} {
		if want := "fails if users has rows"; !strings.Contains(got, want) {
			t.Errorf("got no warning %q:\n%s", want, got)
		}
		if strings.Contains(got, "on SQLite") {
			t.Errorf("got a warning about SQLite, too:\n%s", got)
		}
	}
	type Text struct {
		ID   int64
		Body string `gorm:"index:idx_body,expression:to_tsvector('simple'\\,body)"`
	}
	w = newTestProject(t)
	w.migrate("cccc", append(named(), &Text{}))
	if !strings.Contains(w.log.String(), "WARN  [migrations] not tried") {
		t.Errorf("it says\n%s", w.log.String())
	}
}

// TestTryTellsWhatNoWarningForesaw has a plan that warns, but not of what makes it fail.
func TestTryTellsWhatNoWarningForesaw(t *testing.T) {
	t.Parallel()
	type User struct {
		ID   int64
		Size int `gorm:"not null;default:(abs(0));check:size > 0"`
	}
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	w.migrate("bbbb", []any{&User{}})
	for _, want := range []string{"WARN  [migrations] drops users.name",
		"WARN  [migrations] on SQLite, it works only on empty tables"} {
		if !strings.Contains(w.log.String(), want) {
			t.Errorf("%q is not in\n%s", want, w.log.String())
		}
	}
}

// TestTryKeepsSilentWhereAWarningForesaw has plans that fail if there are rows, and already warn of that.
func TestTryKeepsSilentWhereAWarningForesaw(t *testing.T) {
	t.Parallel()
	type User struct {
		ID   int64
		Name string `gorm:"size:20;not null;index"`
		Age  int    `gorm:"not null"`
	}
	type Bare struct{ ID int64 }
	for name, lists := range map[string][2][]any{
		"a column without a default":                  {named(), {&User{}}},
		"a column without a default in the downgrade": {{&User{}}, named()},
		"a table that goes as well":                   {append(named(), &Bare{}), {&User{}}},
	} {
		w := newTestProject(t)
		w.migrateAndCompile("aaaa", lists[0])
		w.migrate("bbbb", lists[1])
		if strings.Contains(w.log.String(), "on SQLite") {
			t.Errorf("%s: it says\n%s", name, w.log.String())
		}
	}
}
