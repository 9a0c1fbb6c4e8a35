package cli

import (
	"strings"
	"testing"
)

// TestTypesWithClausesAreAdopted checks that AutoMigrate and a revision make the same table from types with additional
// clauses, such as NOT NULL.
func TestTypesWithClausesAreAdopted(t *testing.T) {
	t.Parallel()
	type Sum struct {
		ID    int64  `gorm:"type:BIGINT NOT NULL;primaryKey"`
		Words string `gorm:"type:text DEFAULT 'it''s' NOT NULL"`
		Code  string `gorm:"type:varchar(9) CONSTRAINT code_there NOT NULL UNIQUE"`
		Plus  int    `gorm:"type:int CHECK (plus > 0) DEFAULT 3"`
		Twice int    `gorm:"type:int GENERATED ALWAYS AS (plus * 2) STORED"`
	}
	w := newTestProject(t)
	if err := w.db.AutoMigrate(&Sum{}); err != nil {
		t.Fatal(err)
	}
	w.migrateAndCompile("a", []any{&Sum{}})
	w.run("stamp", "head")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
}

// authors returns models whose types have additional clauses.
func authors() []any {
	type Author struct {
		ID     int64
		Email  string `gorm:"type:varchar(90) UNIQUE CHECK (email <> 'email')"`
		Age    int    `gorm:"type:int CHECK (age > 0)"`
		Twice  int    `gorm:"type:int GENERATED ALWAYS AS (age * 2) STORED"`
		Peak   int    `gorm:"type:int CHECK (peak >= age) CHECK (age < 200) CHECK (peak < 300)"`
		Low    int    `gorm:"type:int UNIQUE CHECK (low < peak)"`
		BossID *int64 `gorm:"type:bigint REFERENCES authors (id)"`
	}
	type Book struct {
		ID     int64
		Author string `gorm:"type:varchar(90) REFERENCES authors (email)"`
	}
	return []any{&Author{}, &Book{}}
}

// writers returns the models of authors after renames of every kind, of the table, of columns, and of two columns that
// swap their names, together with the renames.
func writers() ([]any, []string) {
	type Writer struct {
		ID       int64
		Mail     string `gorm:"type:varchar(90) UNIQUE CHECK (mail <> 'email')"`
		Years    int    `gorm:"type:int CHECK (years > 0)"`
		Twice    int    `gorm:"type:int GENERATED ALWAYS AS (years * 2) STORED"`
		Low      int    `gorm:"type:int CHECK (low >= years) CHECK (years < 200) CHECK (low < 300)"`
		Peak     int    `gorm:"type:int UNIQUE CHECK (peak < low)"`
		LeaderID *int64 `gorm:"type:bigint REFERENCES writers (id)"`
	}
	type Book struct {
		ID     int64
		Author string `gorm:"type:varchar(90) REFERENCES writers (mail)"`
	}
	return []any{&Writer{}, &Book{}}, []string{"authors=writers", "authors.email=writers.mail",
		"authors.age=writers.years",
		"authors.low=writers.peak", "authors.peak=writers.low", "authors.boss_id=writers.leader_id"}
}

// plainWriters returns the models of writers with only a few of the clauses.
func plainWriters() []any {
	type Writer struct {
		ID       int64
		Mail     string `gorm:"type:varchar(90) UNIQUE"`
		Years    int
		Twice    int  `gorm:"type:int GENERATED ALWAYS AS (years * 2) STORED"`
		Low      int  `gorm:"type:int CHECK (years < 200)"`
		Peak     *int `gorm:"type:bigint"`
		LeaderID *int64
	}
	type Book struct {
		ID     int64
		Author string `gorm:"type:varchar(90)"`
	}
	return []any{&Writer{}, &Book{}}
}

const (
	noChanges = "INFO  [migrations] No changes in schema detected.\n"
	allFine   = "No new upgrade operations detected.\nNo drift detected.\n"
)

// TestRenamesInTypesWithClauses renames what types mention, changes the types, and upgrades and downgrades repeatedly.
func TestRenamesInTypesWithClauses(t *testing.T) {
	t.Parallel()
	t.Run("upgraded", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		w.migrateAndCompile("a", authors())
		w.want("", "upgrade")
		renamesInTypes(t, w)
	})
	t.Run("adopted", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		if err := w.db.AutoMigrate(authors()...); err != nil {
			t.Fatal(err)
		}
		w.migrateAndCompile("a", authors())
		w.want("", "stamp", "head")
		renamesInTypes(t, w)
	})
}

func renamesInTypes(t *testing.T, w *testProject) {
	t.Helper()
	for _, row := range []string{
		`INSERT INTO authors (email, age, peak, low, boss_id) VALUES ('a@x', 1, 3, 2, NULL), ('b@x', 2, 4, 3, 1)`,
		`INSERT INTO books (author) VALUES ('a@x')`,
	} {
		if err := w.db.Exec(row).Error; err != nil {
			t.Fatal(err)
		}
	}
	renamed, renames := writers()
	wantBody(t, w.migrateAndCompile("b", renamed, renames...), `m.RenameTable("authors", "writers")
m.RenameColumn("writers", "age", "years")
m.RenameColumn("writers", "boss_id", "leader_id")
m.RenameColumn("writers", "email", "mail")
m.RenameColumn("writers", "low", "low_before")
m.RenameColumn("writers", "peak", "low")
m.RenameColumn("writers", "low_before", "peak")
--
m.RenameColumn("writers", "peak", "low_before")
m.RenameColumn("writers", "low", "peak")
m.RenameColumn("writers", "low_before", "low")
m.RenameColumn("writers", "mail", "email")
m.RenameColumn("writers", "leader_id", "boss_id")
m.RenameColumn("writers", "years", "age")
m.RenameTable("writers", "authors")
`)
	for range 2 {
		w.want("", "upgrade")
		w.want(allFine, "check")
		w.want("", "migrate")
		w.wantLog(noChanges)
		w.want("", "downgrade", "--yes")
		if got := w.run("check", "--database"); !strings.HasPrefix(got, "No drift detected.\n") {
			t.Errorf("after the downgrade check prints %s", got)
		}
	}
	w.want("", "upgrade")
	w.migrateAndCompile("c", plainWriters())
	for range 2 {
		w.want("", "upgrade")
		w.want(allFine, "check")
		w.want("", "downgrade", "--yes", "a")
		w.want("", "upgrade")
		w.want(allFine, "check")
		w.want("", "downgrade", "--yes", "b")
	}
	w.want("", "downgrade", "--yes", "base")
	w.want("", "upgrade")
	w.want(allFine, "check")
}

// TestQuestionsOfRenamesInTypesWithClauses checks that migrate asks about a table and columns whose types differ only
// in the names that they mention.
func TestQuestionsOfRenamesInTypesWithClauses(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("a", authors())
	w.env.Interactive = true
	w.env.Stdin = strings.NewReader(strings.Repeat("y\n", 9))
	type Scribe struct {
		ID     int64
		Mail   string `gorm:"type:varchar(90) UNIQUE CHECK (mail <> 'email')"`
		Age    int    `gorm:"type:int CHECK (age > 0)"`
		Twice  int    `gorm:"type:int GENERATED ALWAYS AS (age * 2) STORED"`
		Peak   int    `gorm:"type:int CHECK (peak >= age) CHECK (age < 200) CHECK (peak < 300)"`
		Low    int    `gorm:"type:int UNIQUE CHECK (low < peak)"`
		BossID *int64 `gorm:"type:bigint REFERENCES scribes (id)"`
	}
	type Book struct {
		ID     int64
		Author string `gorm:"type:varchar(90) REFERENCES scribes (mail)"`
	}
	wantBody(t, w.migrate("b", []any{&Scribe{}, &Book{}}), `m.RenameTable("authors", "scribes")
m.RenameColumn("scribes", "email", "mail")
--
m.RenameColumn("scribes", "mail", "email")
m.RenameTable("scribes", "authors")
`)
}

// TestNumbersOfConstraintsInTypes drops and restores columns whose types have constraints that PostgreSQL numbers.
func TestNumbersOfConstraintsInTypes(t *testing.T) {
	t.Parallel()
	type Span struct {
		ID    int64
		Start int
		Low   int
		Stop  int `gorm:"type:int CHECK (stop > start) CHECK (low > 0)"`
		High  int `gorm:"type:int CHECK (high > low) CHECK (low < 99)"`
	}
	w := newTestProject(t)
	w.migrateAndCompile("a", []any{&Span{}})
	w.want("", "upgrade")
	{
		type Span struct {
			ID    int64
			Start int
			Low   int
			High  int `gorm:"type:int CHECK (high > low) CHECK (low < 99)"`
		}
		w.migrateAndCompile("b", []any{&Span{}})
	}
	w.want("", "upgrade")
	w.want(allFine, "check")
	w.want("", "downgrade", "--yes")
	if got := w.run("check", "--database"); !strings.HasPrefix(got, "No drift detected.\n") {
		t.Errorf("after the downgrade check prints %s", got)
	}
	w.want("", "upgrade")
	w.want(allFine, "check")
	{
		type Span struct {
			ID    int64
			Start int
			Low   int
			Top   int `gorm:"type:int CHECK (top > low)"`
		}
		w.migrateAndCompile("c", []any{&Span{}}, "spans.high=spans.top")
	}
	for range 2 {
		w.want("", "upgrade")
		w.want(allFine, "check")
		w.want("", "downgrade", "--yes", "a")
	}
}
