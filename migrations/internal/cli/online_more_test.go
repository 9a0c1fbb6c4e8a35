package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/dbtest"
)

type aA struct {
	ID   uint
	Code *string `gorm:"size:9;unique"`
	Tags string  `gorm:"not null;default:''"`
	Sum  int32   `gorm:"unique"`
	UpID *int32
	When time.Time
	Flag bool   `gorm:"not null;default:true"`
	Mail string `gorm:"type:varchar(30);not null"`
	Low  string `gorm:"type:varchar(10) CHECK (low <> '')"`
}

func (aA) TableName() string { return "as" }

type aB struct {
	ID     uint
	Kode   *string `gorm:"size:9;unique"`
	Labels string  `gorm:"not null;default:''"`
	Sum    int64   `gorm:"unique"`
	UpID   *int64
	Moment time.Time
	Flag   bool   `gorm:"not null;default:true"`
	Mail   string `gorm:"type:varchar(30);not null"`
	Low    string `gorm:"type:varchar(10) CHECK (low <> '')"`
}

func (aB) TableName() string { return "as" }

type bA struct {
	ID   int32   `gorm:"primaryKey"`
	Subs []bSubA `gorm:"foreignKey:OwnerID"`
}

func (bA) TableName() string { return "bs" }

type bSubA struct {
	ID      uint
	OwnerID int32 `gorm:"not null;index"`
	N       int32 `gorm:"uniqueIndex:once;check:n > 0"`
	M       int   `gorm:"uniqueIndex:once"`
}

func (bSubA) TableName() string { return "bsubs" }

type bB struct {
	ID   int32   `gorm:"primaryKey"`
	Subs []bSubB `gorm:"foreignKey:HolderID"`
}

func (bB) TableName() string { return "bs" }

type bSubB struct {
	ID       uint
	HolderID int32 `gorm:"not null;index"`
	N        int64 `gorm:"uniqueIndex:once;check:n > 0"`
	M        int   `gorm:"uniqueIndex:once"`
}

func (bSubB) TableName() string { return "bsubs" }

type bSubC struct {
	ID      uint
	OwnerID int64 `gorm:"not null;index"`
	N       int32 `gorm:"uniqueIndex:once;check:n > 0"`
	M       int   `gorm:"uniqueIndex:once"`
}

func (bSubC) TableName() string { return "bsubs" }

type bC struct {
	ID   int32   `gorm:"primaryKey"`
	Subs []bSubC `gorm:"foreignKey:OwnerID"`
}

func (bC) TableName() string { return "bs" }

type swapA struct {
	ID uint
	A  string
	B  string
}

func (swapA) TableName() string { return "swaps" }

type swapB struct {
	ID uint
	B  string
	C  string
}

func (swapB) TableName() string { return "swaps" }

// longTable is the name of the longest table.
const longTable = "a_table_with_a_name_that_is_as_long_as_postgresql_takes_it_aaaa"

type longA struct {
	ID uint
	A  string `gorm:"column:a_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aaa"`
	B  string `gorm:"column:a_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aab"`
}

func (longA) TableName() string {
	return longTable
}

type longB struct {
	ID uint
	A  string `gorm:"column:b_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aaa"`
	B  string `gorm:"column:b_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aab"`
}

func (longB) TableName() string {
	return longTable
}

type caseA struct {
	ID   uint
	Name string
}

func (caseA) TableName() string { return "cases" }

type caseB struct {
	ID   uint
	Name string `gorm:"column:Name"`
}

func (caseB) TableName() string { return "cases" }

type uuidA struct {
	ID   string `gorm:"type:uuid;primaryKey"`
	Name string `gorm:"not null"`
	E    string `gorm:"type:mood;not null;default:'good'"`
}

func (uuidA) TableName() string { return "uu" }

type uuidB struct {
	ID    string  `gorm:"type:uuid;primaryKey"`
	Title string  `gorm:"not null"`
	F     string  `gorm:"type:mood;not null;default:'good'"`
	G     *string `gorm:"type:mood"`
	H     string  `gorm:"type:mood;not null;default:'good'"`
}

func (uuidB) TableName() string { return "uu" }

type renT struct {
	ID    uint
	Name  string `gorm:"index"`
	SubID *uint
	Sub   *renT
}

func (renT) TableName() string { return "renold" }

type renT2 struct {
	ID    uint
	Name  string `gorm:"index"`
	SubID *uint
	Sub   *renT2
	X     string `gorm:"not null;default:''"`
}

func (renT2) TableName() string { return "rennew" }

// TestOnlineMore has harder cases: keys, long names, special types and names, tables that reference each other.
func TestOnlineMore(t *testing.T) {
	t.Parallel()
	cases := map[string]onlineCase{
		"unique constraints": {before: []any{aA{}}, after: []any{aB{}},
			renames: []string{"as.code=as.kode", "as.tags=as.labels", "as.when=as.moment"},
			rows: []string{"INSERT INTO \"as\" (code, sum, mail, low, up_id) VALUES ('a', 1, 'm', 'l', 3), (NULL, 2, " +
				"'m', 'l', NULL)"},
			old: []string{"UPDATE \"as\" SET code = NULL", "INSERT INTO \"as\" (code, sum, mail, low) VALUES ('c', 3, 'm', 'l')",
				"INSERT INTO \"as\" (code, sum, mail, low) VALUES ('c', 4, 'm', 'l') ON CONFLICT (code) DO UPDATE SET tags = 'x'"},
			new: []string{"INSERT INTO \"as\" (kode, sum, mail, low) VALUES ('d', 5, 'm', 'l'), ('e', 6, 'm', 'l')",
				"INSERT INTO \"as\" (kode, labels, sum, mail, low) VALUES ('d', 'y', 7, 'm', 'l') ON CONFLICT (kode) DO UPDATE " +
					"SET labels = EXCLUDED.labels"},
			query: `SELECT coalesce(code, '-') || coalesce(kode, '-') || tags || labels || sum FROM "as" ORDER BY id`,
			want:  []string{"--1", "--2", "ccxx3", "ddyy5", "ee6"}},
		"a foreign key of another": {before: []any{bA{}, bSubA{}}, after: []any{bB{}, bSubB{}},
			renames: []string{"bsubs.owner_id=bsubs.holder_id"},
			rows: []string{"INSERT INTO bs (id) VALUES (1)",
				"INSERT INTO bsubs (owner_id, n, m) VALUES (1, 1, 1), (1, 2, 2)"}},
		"a wider foreign key": {before: []any{bA{}, bSubA{}}, after: []any{bC{}, bSubC{}},
			rows: []string{"INSERT INTO bs (id) VALUES (1)", "INSERT INTO bsubs (owner_id, n, m) VALUES (1, 1, 1), (1, 2, 2)"}},
		"names in a ring": {before: []any{swapA{}}, after: []any{swapB{}},
			renames: []string{"swaps.a=swaps.b", "swaps.b=swaps.c"}, refused: "Error",
			rows: []string{"INSERT INTO swaps (a, b) VALUES ('a', 'b')"}},
		"long names": {before: []any{longA{}}, after: []any{longB{}}, renames: []string{
			longTable + ".a_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aaa=" +
				longTable + ".b_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aaa",
			longTable + ".a_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aab=" +
				longTable + ".b_column_with_a_name_that_is_as_long_as_postgresql_takes_it_aab"}},
		"another case": {before: []any{caseA{}}, after: []any{caseB{}},
			rows: []string{"INSERT INTO cases (name) VALUES ('a')"}},
		"a table with rows": {before: []any{renT{}}, after: []any{renT2{}}, renames: []string{"renold=rennew"},
			rows: []string{"INSERT INTO renold (name) VALUES ('a')"}},
	}
	if dbtest.Postgres() {
		cases["uuids and enums"] = onlineCase{before: []any{uuidA{}}, after: []any{uuidB{}},
			renames: []string{"uu.name=uu.title", "uu.e=uu.f"},
			rows:    []string{"INSERT INTO uu (id, name) VALUES (gen_random_uuid(), 'a')"},
			old: []string{"INSERT INTO uu (id, name) VALUES (gen_random_uuid(), 'b')",
				"INSERT INTO uu (id, name, e) SELECT gen_random_uuid(), 'c', 'bad'"},
			new:   []string{"INSERT INTO uu (id, title) VALUES (gen_random_uuid(), 'd')"},
			query: "SELECT name || title || e || f FROM uu ORDER BY name", want: []string{"aagoodgood", "bbgoodgood", "ccbadbad",
				"ddgoodgood"}}
		c := cases["a table with rows"]
		c.old = []string{"INSERT INTO renold (name) VALUES ('b') ON CONFLICT (id) DO NOTHING",
			"UPDATE renold SET name = 'c' WHERE name = 'b'", "SELECT * FROM renold FOR UPDATE"}
		c.query, c.want = "SELECT name FROM rennew ORDER BY id", []string{"a", "c"}
		cases["a table with rows"] = c
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runOnline(t, c)
		})
	}
}

// TestOnlineFiles checks that a series that cannot be written, or is a dry run, leaves no files.
func TestOnlineFiles(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("q2", []any{onlineBase{}})
	w.env.Models = []any{onlineUnique{}}
	list := func() string {
		all, err := filepath.Glob(filepath.Join(w.env.versions(), "*"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(all, " "), w.env.versions()+"/", "")
	}
	before := list()
	for _, arguments := range []string{"--rev-id q", "--rev-id q2", "--rev-id r --dry-run",
		"--rev-id r --dry-run --json"} {
		text := w.run(append([]string{"migrate", "--online", "--rename", "users.name=users.full_name"},
			strings.Fields(arguments)...)...)
		if strings.Contains(text, "Error") == strings.Contains(arguments, "dry-run") {
			t.Errorf("migrate --online %s prints %s", arguments, text)
		}
		if after := list(); after != before {
			t.Errorf("migrate --online %s leaves %s, want %s", arguments, after, before)
		}
	}
	taken := filepath.Join(w.env.versions(), "r3_build.go")
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	before = list()
	if text := w.run("migrate", "--online", "--rename", "users.name=users.full_name", "--rev-id",
		"r"); !strings.Contains(text, "Error") {
		t.Errorf("a file that exists already: %s", text)
	}
	if after := list(); after != before {
		t.Errorf("a failed write leaves %s, want %s", after, before)
	}
}

// TestOnlineTwinsOfRows writes rows in other ways than one by one.
func TestOnlineTwinsOfRows(t *testing.T) {
	t.Parallel()
	c := onlineCase{before: []any{onlineBase{}}, after: []any{onlineUnique{}},
		renames: []string{"users.name=users.full_name"},
		rows:    []string{"INSERT INTO users (name) VALUES ('Ann'), ('Bob')"},
		query:   "SELECT name || '/' || full_name FROM users ORDER BY id"}
	if dbtest.Postgres() {
		c.old = []string{"INSERT INTO users (id, name) VALUES (1, 'R') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
			"WITH x AS (UPDATE users SET name = name || '2' RETURNING name) INSERT INTO users (id, name) SELECT 9, 'copy of " +
				"' || min(name) FROM x"}
		c.new = []string{"UPDATE users SET full_name = full_name || '!' WHERE id = 9",
			"MERGE INTO users USING (VALUES (9)) AS v (id) ON users.id = v.id WHEN MATCHED THEN UPDATE SET full_name = 'merged'"}
		c.want = []string{"R2/R2", "Bob2/Bob2", "merged/merged"}
	} else {
		c.old = []string{"PRAGMA recursive_triggers = ON", "INSERT OR REPLACE INTO users (id, name) VALUES (1, 'R')",
			"UPDATE users SET name = name || '2'", "INSERT INTO users (id, name) VALUES (9, 'x'), (10, 'y')"}
		c.new = []string{"REPLACE INTO users (id, full_name) VALUES (9, 'z')",
			"UPDATE OR REPLACE users SET full_name = 'R2' WHERE id = 10"}
		c.want = []string{"Bob2/Bob2", "z/z", "R2/R2"}
	}
	runOnline(t, c)
}
