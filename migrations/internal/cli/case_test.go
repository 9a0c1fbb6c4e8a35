package cli

import (
	"strings"
	"testing"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/models"
)

type Folk struct {
	ID      int64
	Email   string  `gorm:"size:100;unique;not null;check:\"Email\" <> ''"`
	Nick    string  `gorm:"default:none;index"`
	TribeID int64   `gorm:"uniqueIndex:idx_both"`
	Level   float64 `gorm:"uniqueIndex:idx_both;default:1.5"`
	Tribe   Tribe
	Crafts  []Craft `gorm:"many2many:FolkCrafts"`
}

type Tribe struct {
	ID   int64
	Name string `gorm:"unique"`
}

type Craft struct {
	Code  string `gorm:"primaryKey;size:10"`
	Folks []Folk `gorm:"many2many:FolkCrafts"`
}

func TestNoLowerCasePassesCheck(t *testing.T) {
	t.Parallel()
	all := []any{&Folk{}, &Tribe{}, &Craft{}}
	config := &gorm.Config{NamingStrategy: gormschema.NamingStrategy{NoLowerCase: true}}
	const fine = "No new upgrade operations detected.\nNo drift detected.\n"
	open := func(t *testing.T) *testProject {
		t.Helper()
		w := newTestProject(t)
		w.env.Config = config
		w.db = w.db.Session(&gorm.Session{NewDB: true})
		own := *w.db.Config
		own.NamingStrategy = config.NamingStrategy
		w.db.Config = &own
		return w
	}
	t.Run("upgraded", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		w.migrateAndCompile("a", all)
		w.want("", "upgrade")
		w.want(fine, "check")
		w.want("", "downgrade", "base", "--yes")
		w.want("", "upgrade")
		w.want(fine, "check")
	})
	t.Run("adopted", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		if err := w.db.AutoMigrate(all...); err != nil {
			t.Fatal(err)
		}
		w.migrateAndCompile("a", all)
		w.want("", "stamp", "head")
		w.want(fine, "check")
	})
}

// TestTablesWhoseNamesDifferByCaseAreOne adopts tables of SQLite, where case does not matter, and changes them.
func TestTablesWhoseNamesDifferByCaseAreOne(t *testing.T) {
	t.Parallel()
	type Band struct {
		ID   int64
		Name string `gorm:"size:20;unique;default:None"`
	}
	type Singer struct {
		ID     int64
		Name   string `gorm:"size:20;not null;index;check:chk_singers_name,name <> 'Nobody'"`
		Age    int64
		BandID int64
		Band   Band
	}
	w := newTestProject(t)
	w.db = dbtest.OpenOne(t, dbtest.SQLiteURL(t))
	do := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if err := w.db.Exec(s).Error; err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	do(`CREATE TABLE "Bands" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "Name" TEXT DEFAULT 'None',
			CONSTRAINT "Uni_Bands_Name" UNIQUE ("Name"))`,
		`CREATE TABLE "Singers" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "NAME" TEXT NOT NULL, AGE INTEGER, Band_Id INTEGER,
			CONSTRAINT FK_Singers_Band FOREIGN KEY ("BAND_ID") REFERENCES "BANDS" ("ID"),
			CONSTRAINT Chk_Singers_Name CHECK ("NAME" <> 'Nobody'),
			CHECK ("SINGERS".AGE <> 200))`,
		`CREATE INDEX "Idx_Singers_Name" ON "Singers" ("Name")`,
		"INSERT INTO bands (id, name) VALUES (1, 'B')",
		"INSERT INTO singers (id, name, age, band_id) VALUES (1, 'Ann', 7, 1), (9, 'Bob', 8, 1)",
		"DELETE FROM singers WHERE id = 9")
	w.migrateAndCompile("a", []any{&Band{}, &Singer{}})
	w.want("", "stamp", "head")
	const (
		own     = "check of Singers: \"SINGERS\" . age < > 200 is not in the history\n"
		rebuilt = "check of singers: age < > 200 is not in the history\n"
	)
	if got := w.run("check", "--database"); !strings.HasPrefix(got, own+"Error: ") {
		t.Errorf("adopted: %s", got)
	}
	type After struct {
		ID     int64
		Name   string `gorm:"size:40;not null;uniqueIndex:idx_singers_name;check:chk_singers_name,name <> 'nobody'"`
		Age    string `gorm:"size:10"`
		BandID int64
		Band   Band `gorm:"constraint:fk_singers_band,OnDelete:CASCADE"`
	}
	w.migrateAndCompile("b", []any{&Band{}, models.Named{Table: "singers", Model: &After{}}})
	w.want("", "upgrade")
	if got := w.run("check", "--database"); !strings.HasPrefix(got, rebuilt+"Error: ") {
		t.Errorf("changed: %s", got)
	}
	do("INSERT INTO singers (name, age, band_id) VALUES ('Cid', '9', 1)")
	var rows string
	err := w.db.Raw("SELECT group_concat(id || typeof(age), ' ') FROM (SELECT * FROM singers ORDER BY id)").
		Scan(&rows).Error
	if want := "1text 10text"; err != nil || rows != want {
		t.Errorf("the rows are %s, %v; want %s: the counter is lost, or the age is not text", rows, err, want)
	}
	w.want("", "downgrade", "--yes")
	if got := w.run("check", "--database"); !strings.HasPrefix(got, rebuilt+"Error: Target database is not up to date.") {
		t.Errorf("changed back: %s", got)
	}
	do("ALTER TABLE bands RENAME TO others",
		"CREATE TABLE BANDS (id integer PRIMARY KEY AUTOINCREMENT, name text DEFAULT 'none')")
	const other = "column bands.name is text default 'none', not text default 'None'\n"
	if got := w.run("check", "--database"); !strings.Contains(got, other) {
		t.Errorf("a string that differs in case: %s", got)
	}
}
