package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/drift"
)

// online writes a series, makes it part of the program, and returns it with the output of the command.
func (w *testProject) online(models []any, renames ...string) (autogen.Series, string) {
	w.t.Helper()
	w.env.Models = models
	arguments := []string{"migrate", "--online", "--rev-id", "part"}
	for _, r := range renames {
		arguments = append(arguments, "--rename", r)
	}
	text := w.run(arguments...)
	if strings.Contains(text, "Error") {
		return autogen.Series{}, text
	}
	files, err := filepath.Glob(filepath.Join(w.env.versions(), "part*.go"))
	if err != nil {
		w.t.Fatal(err)
	}
	texts := map[string][]byte{}
	for _, path := range files {
		if texts[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			w.t.Fatal(err)
		}
	}
	p := proposal{}
	p.ID = "part"
	change, accepted, err := w.session().compare(w.t.Context(), &p, renames)
	if err != nil {
		w.t.Fatal(err)
	}
	series, err := change.Series(func(n, of int) (string, error) { return w.session().partID(p, n, of) }, accepted...)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range series.Drafts {
		r := d.Revision()
		for name := range texts {
			if strings.HasPrefix(name, d.Node.ID+"_") {
				r.File = name
			}
		}
		if r.File == "" {
			w.t.Fatalf("no file of %s in %v", d.Node.ID, files)
		}
		w.env.Revisions.Register(r)
		w.files[r.File] = &fstest.MapFile{Data: texts[r.File]}
		if err := os.WriteFile(filepath.Join(w.env.versions(), r.File), texts[r.File], 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	return series, text
}

// noDrift checks that the schema of the database is what its revisions say.
func (w *testProject) noDrift() {
	w.t.Helper()
	s := w.session()
	applied, err := s.applied(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	want, err := s.SchemaAt(applied)
	if err != nil {
		w.t.Fatal(err)
	}
	if found, err := drift.Compare(w.t.Context(), w.db, want); err != nil || len(found) > 0 {
		w.t.Errorf("after %v: got the drift %v, %v; want none, no error", applied, found, err)
	}
}

func (w *testProject) exec(statements ...string) {
	w.t.Helper()
	for _, s := range statements {
		if err := w.db.Exec(s).Error; err != nil {
			w.t.Fatalf("%s: %v", s, err)
		}
	}
}

// good runs a command that must not fail.
func (w *testProject) good(arguments ...string) {
	w.t.Helper()
	if text := w.run(arguments...); strings.Contains(text, "Error") {
		w.t.Fatalf("db %s prints\n%s%s", strings.Join(arguments, " "), text, w.log.String())
	}
}

type onlineCase struct {
	before, after []any
	renames       []string
	rows          []string // statements to execute after the first revision
	refused       string
	// old and new are what the old and the new program execute at the rollout.
	old, new []string
	query    string
	want     []string
}

func TestOnline(t *testing.T) {
	t.Parallel()
	for name, c := range onlineCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runOnline(t, c)
		})
	}
}

// runOnline writes the series of a case. It upgrades a database with rows, downgrades it, and upgrades it again while
// both programs write.
func runOnline(t *testing.T, c onlineCase) {
	t.Helper()
	w := newTestProject(t)
	if dbtest.Postgres() {
		w.exec("CREATE SCHEMA app", "CREATE TYPE mood AS ENUM ('good', 'bad')")
	}
	w.migrateAndCompile("start", c.before)
	w.good("upgrade")
	w.exec(c.rows...)
	series, text := w.online(c.after, c.renames...)
	if c.refused != "" {
		if !strings.Contains(text, c.refused) {
			t.Errorf("got %s, want %s", text, c.refused)
		}
		if left, _ := filepath.Glob(filepath.Join(w.env.versions(), "part*")); len(left) > 0 {
			t.Errorf("the files %v are left, want none", left)
		}
		return
	}
	if len(series.Drafts) == 0 {
		t.Fatal(text, w.log.String())
	}
	var titles []string
	for _, d := range series.Drafts {
		titles = append(titles, d.Title)
	}
	t.Log(titles, series.Rollout)
	for round := range 2 {
		for n, d := range series.Drafts {
			w.good("upgrade", d.Node.ID)
			w.noDrift()
			if n+1 == series.Rollout && round == 1 {
				w.exec(c.old...)
				w.exec(c.new...)
				if c.query != "" {
					var got []string
					if err := w.db.Raw(c.query).Scan(&got).Error; err != nil || !slices.Equal(got, c.want) {
						t.Errorf("got %q, %v, want %q", got, err, c.want)
					}
				}
			}
		}
		if text := w.run("check"); strings.Contains(text, "Error") {
			t.Errorf("check: %s%s", text, w.log.String())
		}
		w.run("migrate", "--dry-run")
		if !strings.Contains(w.log.String(), "No changes in schema detected.") {
			t.Errorf("changes: %s", w.log.String())
		}
		if round == 1 {
			break
		}
		for n := len(series.Drafts) - 1; n >= 0; n-- {
			w.good("downgrade")
			w.noDrift()
		}
	}
}

type onlineBase struct {
	ID        uint
	Name      string `gorm:"size:40;not null;uniqueIndex"`
	Note      string
	DeletedAt gorm.DeletedAt `gorm:"index"`
}

func (onlineBase) TableName() string { return "users" }

type onlineUnique struct {
	ID        uint
	FullName  string `gorm:"size:40;not null;uniqueIndex"`
	Note      string
	DeletedAt gorm.DeletedAt `gorm:"index"`
}

func (onlineUnique) TableName() string { return "users" }

type onlineReserved struct {
	ID        uint
	Name      string         `gorm:"column:Select;size:40;not null;uniqueIndex"`
	Note      string         `gorm:"column:order"`
	DeletedAt gorm.DeletedAt `gorm:"index"`
}

func (onlineReserved) TableName() string { return "users" }

type onlinePeople struct {
	ID        uint
	FullName  string `gorm:"size:40;not null;uniqueIndex"`
	Note      string
	DeletedAt gorm.DeletedAt `gorm:"index"`
}

func (onlinePeople) TableName() string { return "people" }

type onlinePeopleWide struct {
	ID        uint
	Name      string         `gorm:"size:80;not null;uniqueIndex"`
	DeletedAt gorm.DeletedAt `gorm:"index"`
	Age       int64
}

func (onlinePeopleWide) TableName() string { return "people" }

type rich struct {
	ID     string  `gorm:"primaryKey;size:36"`
	Age    int32   `gorm:"not null;default:7;check:chk_age,age > 0;index:idx_both,priority:1;index:idx_part,where:age > 3;index:idx_expr,expression:(age + 1)"`
	Name   string  `gorm:"size:20;index:idx_both,priority:2"`
	BossID *string `gorm:"size:36"`
	Boss   *rich
	Price  float64    `gorm:"type:numeric(10,2)"`
	Seen   *time.Time `gorm:"precision:3"`
	Twice  int64      `gorm:"->;type:bigint GENERATED ALWAYS AS (1 + 1) STORED"`
	Big    int64      `gorm:"uniqueIndex"`
}

func (rich) TableName() string { return "rich" }

type richRenamed struct {
	ID      string  `gorm:"primaryKey;size:36"`
	Years   int32   `gorm:"not null;default:7;check:chk_age,years > 0;index:idx_both,priority:1;index:idx_part,where:years > 3;index:idx_expr,expression:(years + 1)"`
	Name    string  `gorm:"size:20;index:idx_both,priority:2"`
	ChiefID *string `gorm:"size:36"`
	Chief   *richRenamed
	Price   float64    `gorm:"type:numeric(10,2)"`
	Seen    *time.Time `gorm:"precision:3"`
	Twice   int64      `gorm:"->;type:bigint GENERATED ALWAYS AS (1 + 1) STORED"`
	Big     int64      `gorm:"uniqueIndex"`
}

func (richRenamed) TableName() string { return "rich" }

type richWide struct {
	ID     string  `gorm:"primaryKey;size:36"`
	Age    int64   `gorm:"not null;default:7;check:chk_age,age > 0;index:idx_both,priority:1;index:idx_part,where:age > 3;index:idx_expr,expression:(age + 1)"`
	Name   string  `gorm:"size:20;index:idx_both,priority:2"`
	BossID *string `gorm:"size:36"`
	Boss   *richWide
	Price  float64    `gorm:"type:numeric(12,4)"`
	Seen   *time.Time `gorm:"precision:6"`
	Twice  int64      `gorm:"->;type:bigint GENERATED ALWAYS AS (1 + 1) STORED"`
	Big    int64      `gorm:"uniqueIndex"`
}

func (richWide) TableName() string { return "rich" }

type richNarrow struct {
	ID     string  `gorm:"primaryKey;size:36"`
	Age    int32   `gorm:"not null;default:7;check:chk_age,age > 0;index:idx_both,priority:1;index:idx_part,where:age > 3;index:idx_expr,expression:(age + 1)"`
	Name   string  `gorm:"size:10;index:idx_both,priority:2"`
	BossID *string `gorm:"size:36"`
	Boss   *richNarrow
	Price  float64    `gorm:"type:numeric(10,2)"`
	Seen   *time.Time `gorm:"precision:3"`
	Twice  int64      `gorm:"->;type:bigint GENERATED ALWAYS AS (1 + 1) STORED"`
	Big    int64      `gorm:"uniqueIndex"`
}

func (richNarrow) TableName() string { return "rich" }

type richSmall struct {
	ID     string  `gorm:"primaryKey;size:36"`
	Age    int32   `gorm:"not null;default:7;check:chk_age,age > 0;index:idx_both,priority:1;index:idx_part,where:age > 3;index:idx_expr,expression:(age + 1)"`
	Name   string  `gorm:"size:20;index:idx_both,priority:2"`
	BossID *string `gorm:"size:36"`
	Boss   *richSmall
	Price  float64    `gorm:"type:numeric(10,2)"`
	Seen   *time.Time `gorm:"precision:3"`
	Twice  int64      `gorm:"->;type:bigint GENERATED ALWAYS AS (1 + 1) STORED"`
	Big    int32      `gorm:"uniqueIndex"`
}

func (richSmall) TableName() string { return "rich" }

type inSpace struct {
	A int    `gorm:"primaryKey;autoIncrement:false"`
	B string `gorm:"primaryKey;size:9"`
	N int32  `gorm:"index"`
	M *string
}

func (inSpace) TableName() string { return "app.pairs" }

type inSpaceAfter struct {
	A int    `gorm:"primaryKey;autoIncrement:false"`
	B string `gorm:"primaryKey;size:9"`
	N int64  `gorm:"index"`
	O *string
}

func (inSpaceAfter) TableName() string { return "app.pairs" }

type pairs struct {
	A int    `gorm:"primaryKey;autoIncrement:false"`
	B string `gorm:"primaryKey;size:9"`
	N int32  `gorm:"index"`
	M *string
}

func (pairs) TableName() string { return "pairs" }

type pairsAfter struct {
	A int    `gorm:"primaryKey;autoIncrement:false"`
	B string `gorm:"primaryKey;size:9"`
	N int64  `gorm:"index"`
	O *string
}

func (pairsAfter) TableName() string { return "pairs" }

type keyless struct{ Name string }

func (keyless) TableName() string { return "keyless" }

type keylessAfter struct{ Title string }

func (keylessAfter) TableName() string { return "keyless" }

func onlineCases() map[string]onlineCase {
	ann := []string{"INSERT INTO users (name, note) VALUES ('Ann', 'x'), ('Bob', NULL)"}
	someone := []string{"INSERT INTO rich (id, age, name, price, seen, big) VALUES ('a', 4, 'Ann', 1.25, '2026-01-02 " +
		"03:04:05+00:00', 1)",
		"INSERT INTO rich (id, boss_id, big) VALUES ('b', 'a', 2)"}
	two := []string{"INSERT INTO pairs (a, b, n, m) VALUES (1, 'x', 1, 'm'), (1, 'y', 2, NULL)"}
	cases := map[string]onlineCase{
		"a unique column": {before: []any{onlineBase{}}, after: []any{onlineUnique{}},
			renames: []string{"users.name=users.full_name"}, rows: ann,
			old: []string{"INSERT INTO users (name) VALUES ('C'), ('D')", "UPDATE users SET name = 'E' WHERE name = 'C'",
				"INSERT INTO users (name) VALUES ('Ann') ON CONFLICT (name) DO UPDATE SET name = 'Anna'"},
			new: []string{"INSERT INTO users (full_name) VALUES ('F'), ('G')",
				"UPDATE users SET full_name = 'H' WHERE full_name = 'F'",
				"INSERT INTO users (full_name) VALUES ('Bob') ON CONFLICT (full_name) DO UPDATE SET full_name = 'Bobby'",
				"INSERT INTO users (name, full_name) VALUES ('I', 'J')",
				"UPDATE users SET name = 'K', full_name = 'L' WHERE full_name = 'G'"},
			query: "SELECT name || '/' || full_name FROM users ORDER BY id",
			want:  []string{"Anna/Anna", "Bobby/Bobby", "E/E", "D/D", "H/H", "L/L", "J/J"}},
		"reserved words": {before: []any{onlineBase{}}, after: []any{onlineReserved{}},
			renames: []string{"users.name=users.Select", "users.note=users.order"}, rows: ann,
			old: []string{"UPDATE users SET note = NULL", "INSERT INTO users (name, note) VALUES ('C', 'y')"},
			new: []string{`UPDATE users SET "order" = NULL WHERE "Select" = 'C'`,
				`INSERT INTO users ("Select", "order") VALUES ('D', 'z')`},
			query: `SELECT name || '/' || "Select" || '/' || coalesce(note, '-') || '/' || ` +
				`coalesce("order", '-') FROM users ORDER BY id`,
			want: []string{"Ann/Ann/-/-", "Bob/Bob/-/-", "C/C/-/-", "D/D/z/z"}},
		"a table and a column": {before: []any{onlineBase{}}, after: []any{onlinePeople{}},
			renames: []string{"users=people", "users.name=people.full_name"}, rows: ann},
		"a table, a type, a drop": {before: []any{onlineBase{}}, after: []any{onlinePeopleWide{}},
			renames: []string{"users=people"}, rows: ann},
		"in everything": {before: []any{rich{}}, after: []any{richRenamed{}},
			renames: []string{"rich.age=rich.years", "rich.boss_id=rich.chief_id"}, rows: someone,
			old: []string{"INSERT INTO rich (id, age, boss_id, big) VALUES ('c', 9, 'a', 3)",
				"UPDATE rich SET boss_id = NULL WHERE id = 'b'"},
			new: []string{"INSERT INTO rich (id, years, chief_id, big) VALUES ('d', 10, 'a', 4)",
				"INSERT INTO rich (id, big) VALUES ('e', 5)"},
			query: "SELECT id || age || '/' || years || coalesce(boss_id, '-') || coalesce(chief_id, '-') FROM rich ORDER BY id",
			want:  []string{"a4/4--", "b7/7--", "c9/9aa", "d10/10aa", "e7/7--"}},
		"wider": {before: []any{rich{}}, after: []any{richWide{}}, rows: someone,
			old:   []string{"INSERT INTO rich (id, age, price, big) VALUES ('c', 9, 1.5, 3)"},
			query: "SELECT id || age FROM rich ORDER BY id", want: []string{"a4", "b7", "c9"}},
		"narrower": {before: []any{rich{}}, after: []any{richNarrow{}}, rows: someone, refused: "does not hold"},
		"smaller":  {before: []any{rich{}}, after: []any{richSmall{}}, rows: someone, refused: "does not hold"},
		"less":     {before: []any{richWide{}}, after: []any{rich{}}, rows: someone, refused: "does not hold"},
		"two keys": {before: []any{pairs{}}, after: []any{pairsAfter{}}, renames: []string{"pairs.m=pairs.o"}, rows: two},
		"no key": {before: []any{keyless{}}, after: []any{keylessAfter{}}, renames: []string{"keyless.name=keyless.title"},
			refused: "no primary key"},
	}
	if dbtest.Postgres() {
		cases["in a schema"] = onlineCase{before: []any{inSpace{}}, after: []any{inSpaceAfter{}},
			renames: []string{"app.pairs.m=app.pairs.o"},
			rows:    []string{"INSERT INTO app.pairs (a, b, n, m) VALUES (1, 'x', 1, 'm'), (1, 'y', 2, NULL)"}}
	}
	return cases
}
