package sqlite_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-gormigrate/gormigrate/v2"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/sqlite"
)

// TestTypesAreThoseOfTheDriver compares the types of all kinds of fields with those of GORM's driver, with tags that
// the driver reads.
func TestTypesAreThoseOfTheDriver(t *testing.T) {
	t.Parallel()
	kinds := []gormschema.DataType{
		gormschema.Bool, gormschema.Int, gormschema.Uint, gormschema.Float, gormschema.String, gormschema.Time,
		gormschema.Bytes, "", "uuid", "numeric(12,4)", "INT", "serial",
	}
	for _, kind := range kinds {
		for _, size := range []int{0, 8, 16, 32, 64, 4294967295} {
			for _, counts := range []bool{false, true} {
				for _, tags := range []map[string]string{nil, {"TYPE": "date"}} {
					f := &gormschema.Field{DataType: kind, Size: size, Precision: size, AutoIncrement: counts, TagSettings: tags}
					want, got := gormsqlite.Dialector{}.DataTypeOf(f), sqlite.Dialector{}.DataTypeOf(f)
					if got != want {
						t.Errorf("%s, size %d, counts %v, tags %v: got %q, want %q", kind, size, counts, tags, got, want)
					}
				}
			}
		}
	}
}

func TestQuotingIsThatOfTheDriver(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "a.b", "a b", "`a`", "`a`.`b`", "a.`b`", "select", "weiß", `"a"`} {
		var want, got strings.Builder
		gormsqlite.Dialector{}.QuoteTo(&want, name)
		sqlite.Dialector{}.QuoteTo(&got, name)
		if want.String() != got.String() {
			t.Errorf("%s: got %s, want %s", name, got.String(), want.String())
		}
	}
}

func TestGormigrateRunsOnIt(t *testing.T) {
	t.Parallel()
	db := memory(t)
	migration := &gormigrate.Migration{
		ID:       "a",
		Migrate:  func(tx *gorm.DB) error { return tx.Exec("CREATE TABLE made (id integer)").Error },
		Rollback: func(tx *gorm.DB) error { return tx.Exec("DROP TABLE made").Error },
	}
	g := gormigrate.New(db, &gormigrate.Options{UseTransaction: true}, []*gormigrate.Migration{migration})
	for range 2 {
		if err := g.Migrate(); err != nil {
			t.Fatal(err)
		}
	}
	var rows []string
	if err := db.Raw("SELECT id FROM migrations").Scan(&rows).Error; err != nil || len(rows) != 1 {
		t.Errorf("got recorded ids %q, %v; want one, no error", rows, err)
	}
	if !db.Migrator().HasTable("made") {
		t.Error("got no table made, want one")
	}
	if err := g.RollbackLast(); err != nil {
		t.Error(err)
	}
	if db.Migrator().HasTable("made") {
		t.Error("got table made after the rollback, want none")
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	db := memory(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.Exec("CREATE TABLE parents (id integer PRIMARY KEY, at datetime)").Error)
	must(db.Exec("CREATE TABLE children (parent_id integer REFERENCES parents)").Error)
	if err := db.Exec("INSERT INTO children VALUES (1)").Error; err == nil {
		t.Error("got foreign keys off, want them on")
	}
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.FixedZone("", 3600))
	must(db.Exec("INSERT INTO parents VALUES (1, ?)", at).Error)
	var hour string
	must(db.Raw("SELECT strftime('%H', at) FROM parents").Scan(&hour).Error)
	if hour != "14" {
		t.Errorf("the hour is %q, want 14", hour)
	}
	var tables int64
	must(memory(t).Raw("SELECT count(*) FROM sqlite_master").Scan(&tables).Error)
	if tables != 0 {
		t.Errorf("got %d tables in a second database, want 0", tables)
	}
	err := db.Transaction(func(tx *gorm.DB) error {
		_ = tx.Transaction(func(tx *gorm.DB) error {
			must(tx.Exec("DELETE FROM parents").Error)
			return gorm.ErrInvalidData
		})
		return nil
	})
	var left int64
	if db.Table("parents").Count(&left); err != nil || left != 1 {
		t.Errorf("got %d rows, want 1; %v", left, err)
	}
}

func memory(t *testing.T) *gorm.DB {
	t.Helper()
	db, err := sqlite.Memory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		if err != nil {
			t.Errorf("close the in-memory database: %v", err)
		}
	})
	return db
}
