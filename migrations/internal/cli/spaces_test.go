package cli

import (
	"strings"
	"testing"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/models"
)

type mood struct {
	ID   int64
	Name string `gorm:"size:20;uniqueIndex"`
}

func (mood) TableName() string { return "app.moods" }

type desk struct {
	ID     int64
	Code   string `gorm:"size:8;unique;check:chk_desks_code,code <> ''"`
	MoodID int64  `gorm:"index"`
	Mood   mood
	RoomID int64
	Room   room
}

func (desk) TableName() string { return "app.desks" }

type room struct {
	ID    int64
	Desks []visit `gorm:"foreignKey:RoomID"`
}

type visit struct {
	ID     int64
	RoomID int64
	MoodID int64
	Mood   mood
}

func (visit) TableName() string { return `Other Space.visits` }

type yard struct {
	ID int64
}

func (yard) TableName() string { return "public.yards" }

// TestCheckOfSchemasInNames checks tables whose names contain a schema of PostgreSQL, with various search paths.
func TestCheckOfSchemasInNames(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("only PostgreSQL has schemas")
	}
	for name, path := range map[string]string{
		"the usual path":      "public",
		"one is first":        "app, public",
		"one is second":       "public, app",
		"the odd one as well": `"Other Space", public, app`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestProject(t)
			do := func(statement string) {
				t.Helper()
				if err := w.db.Exec(statement).Error; err != nil {
					t.Fatal(err)
				}
			}
			do("CREATE SCHEMA app")
			do(`CREATE SCHEMA "Other Space"`)
			w.searchPath(path)
			w.migrateAndCompile("a", []any{&mood{}, &desk{}, &room{}, &visit{}, &yard{}})
			w.want("", "upgrade")
			w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
			do("ALTER TABLE app.moods ADD extra text")
			do("ALTER TABLE app.desks DROP CONSTRAINT uni_app_desks_code")
			do(`DROP TABLE "Other Space".visits`)
			const want = `column app.moods.extra is not in the history
constraint app.desks.uni_app_desks_code is missing
table Other Space.visits is missing
Error: The database differs from its revisions: 3 differences
`
			if got := w.run("check", "--database"); !strings.HasPrefix(got, want) {
				t.Errorf("got %s\nwant %s", got, want)
			}
			var left int64
			err := w.db.Raw("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'migrations%'").Scan(&left).Error
			if err != nil || left != 0 {
				t.Errorf("%d schemas are left, %v; want none, no error", left, err)
			}
		})
	}
}

func TestCheckOfTablePrefixWithSchema(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("only PostgreSQL has schemas")
	}
	type Order struct {
		ID   int64
		Code string `gorm:"unique"`
	}
	type Line struct {
		ID      int64
		OrderID int64
		Order   Order
	}
	w := newTestProject(t)
	w.env.Config = &gorm.Config{NamingStrategy: gormschema.NamingStrategy{TablePrefix: "sales."}}
	if err := w.db.Exec("CREATE SCHEMA sales").Error; err != nil {
		t.Fatal(err)
	}
	w.migrateAndCompile("a", []any{&Order{}, &Line{}})
	w.want("", "upgrade")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	if err := w.db.Exec("ALTER TABLE sales.lines ALTER order_id SET DEFAULT 7").Error; err != nil {
		t.Fatal(err)
	}
	const want = "column sales.lines.order_id is bigint default 7, not bigint\n"
	if got := w.run("check"); !strings.Contains(got, want) {
		t.Errorf("got %s, want %q in it", got, want)
	}
}

// searchPath sets the search path of the database, and opens it again.
func (w *testProject) searchPath(path string) {
	w.t.Helper()
	var name string
	if err := w.db.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.db.Exec("ALTER DATABASE " + name + " SET search_path = " + path).Error; err != nil {
		w.t.Fatal(err)
	}
	w.db = dbtest.Open(w.t, dbtest.Server(w.t, name))
}

// TestRenamesInTypesOfSchemasInNames renames tables and columns that types mention together with their schema.
func TestRenamesInTypesOfSchemasInNames(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("only PostgreSQL has schemas")
	}
	w := newTestProject(t)
	w.env.Config = &gorm.Config{NamingStrategy: gormschema.NamingStrategy{TablePrefix: "sales."}}
	if err := w.db.Exec("CREATE SCHEMA sales").Error; err != nil {
		t.Fatal(err)
	}
	{
		type Order struct {
			ID   int64
			Code string `gorm:"type:text UNIQUE CHECK (orders.code <> '')"`
		}
		type Line struct {
			ID   int64
			Code string `gorm:"type:text REFERENCES sales.orders (code)"`
		}
		w.migrateAndCompile("a", []any{&Order{}, &Line{}})
	}
	type Sale struct {
		ID     int64
		Number string `gorm:"type:text UNIQUE CHECK (sales.number <> '')"`
	}
	type Line struct {
		ID   int64
		Code string `gorm:"type:text REFERENCES sales.sales (number)"`
	}
	wantBody(t, w.migrateAndCompile("b", []any{&Sale{}, &Line{}}, "sales.orders=sales.sales",
		"sales.orders.code=sales.sales.number"),
		`m.RenameTable("sales.orders", "sales.sales")
m.RenameColumn("sales.sales", "code", "number")
--
m.RenameColumn("sales.sales", "number", "code")
m.RenameTable("sales.sales", "sales.orders")
`)
	for range 2 {
		w.want("", "upgrade")
		w.want(allFine, "check")
		w.want("", "downgrade", "--yes")
	}
	w.want("", "upgrade")
	type Bare struct {
		ID     int64
		Number string
	}
	w.migrateAndCompile("c", []any{models.Named{Table: "sales.sales", Model: &Bare{}},
		models.Named{Table: "sales.lines", Model: &struct {
			ID   int64
			Code string
		}{}}})
	w.want("", "upgrade")
	w.want(allFine, "check")
}
