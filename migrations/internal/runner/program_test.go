package runner_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"strings"
	"testing"
	"time"

	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// reopen returns db under another configuration of GORM, on the same connections.
func reopen(t *testing.T, db *gorm.DB, config *gorm.Config) *gorm.DB {
	t.Helper()
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	dialector := gormsqlite.New(gormsqlite.Config{Conn: pool})
	if db.Name() == string(schema.Postgres) {
		dialector = postgres.New(postgres.Config{Conn: pool})
	}
	again, err := gorm.Open(dialector, config)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// guest is a model that steps of Go code use.
type guest struct {
	ID    int64
	Email string `gorm:"uniqueIndex"`
}

// fillGuests returns a revision that creates the table of guest, and fills it with various features of GORM.
func fillGuests(table string) revision.Revision {
	r := create("b", "a")
	r.Upgrade = func(m *op.Migration) {
		m.CreateTable(table, op.Column("id", op.Int(64)).PrimaryKey(), op.Column("email", op.String(80)))
		m.CreateIndex("idx_guests_email", table, "email").Unique()
		m.Run(func(tx *gorm.DB) error {
			prepared := tx.Session(&gorm.Session{PrepareStmt: true})
			for i := range int64(3) {
				if err := prepared.Create(&guest{ID: i + 1, Email: fmt.Sprint(i)}).Error; err != nil {
					return err
				}
			}
			err := tx.Transaction(func(nested *gorm.DB) error {
				return errors.Join(nested.Delete(&guest{}, 1).Error, errors.New("no such luck"))
			})
			var left int64
			if counted := tx.Model(&guest{}).Count(&left).Error; err == nil || counted != nil || left != 3 {
				return fmt.Errorf("got %d guests, want 3: %w, %w", left, err, counted)
			}
			return tx.Where("id > ?", 2).Delete(&guest{}).Error
		})
	}
	r.Downgrade = func(m *op.Migration) { m.DropTable(table) }
	return r
}

// TestAnyConfigurationOfGORM runs the engine under various configurations of GORM.
func TestAnyConfigurationOfGORM(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]*gorm.Config{
		"none":            {Logger: logger.Discard},
		"simple protocol": {Logger: logger.Discard, TranslateError: true},
		"prepared":        {Logger: logger.Discard, PrepareStmt: true},
		"translated":      {Logger: logger.Discard, TranslateError: true},
		"skipping":        {Logger: logger.Discard, SkipDefaultTransaction: true, QueryFields: true, CreateBatchSize: 2},
		"prefixed": {Logger: logger.Discard, PrepareStmt: true,
			NamingStrategy: gormschema.NamingStrategy{TablePrefix: "app_", SingularTable: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.URL(t)
			if name == "simple protocol" && dbtest.Postgres() {
				address += "&default_query_exec_mode=simple_protocol" // PreferSimpleProtocol of gorm.io/driver/postgres
			}
			db := reopen(t, dbtest.Open(t, address), config)
			r := newRunner(t, db, create("a"), fillGuests(db.NamingStrategy.TableName("guest")), create("c", "b"))
			for range 2 {
				if _, err := r.Upgrade(t.Context(), "head"); err != nil {
					t.Fatal(err)
				}
				var left int64
				if err := db.Model(&guest{}).Count(&left).Error; err != nil || left != 2 {
					t.Errorf("got %d guests and error %v, want 2", left, err)
				}
				if _, err := r.Downgrade(t.Context(), "a"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.Stamp(t.Context(), false, "c"); err != nil {
				t.Fatal(err)
			}
			wantApplied(t, db, "a", "b", "c")
		})
	}
}

// TestErrorsKeepTheirCodes checks that GORM translates errors for the program's steps, but not for the engine.
func TestErrorsKeepTheirCodes(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if db.Name() == string(schema.SQLite) {
		t.Skip("GORM's driver translates the errors of mattn/go-sqlite3 only")
	}
	again := steps("b", func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_a (id) VALUES (1), (1)").Error })
	again.DownRevision = []string{"a"}
	r := newRunner(t, db, create("a"), again)
	if _, err := r.Upgrade(t.Context(), "head"); !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Errorf("got %v, want %v", err, gorm.ErrDuplicatedKey)
	}
	r = newRunner(t, db, create("a"), create("b", "a"))
	if err := db.Exec("CREATE TABLE t_b (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err == nil || !strings.Contains(err.Error(), "42P07") {
		t.Errorf("got %v, want the code 42P07", err)
	}
}

// TestLogger checks that the program's own logger receives statements, but no errors about records not found.
func TestLogger(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	own := logger.New(log.New(&text, "", 0), logger.Config{LogLevel: logger.Info})
	db := reopen(t, dbtest.New(t), &gorm.Config{Logger: own})
	r := newRunner(t, db, create("a"))
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "INSERT INTO") || strings.Contains(text.String(), "record not found") {
		t.Errorf("got log %q, want INSERT INTO and no record not found", text.String())
	}
}

func TestTablesOfIDs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " ", "a.b", `a"b`, "a`b", "a'b", "a b", "a\n", strings.Repeat("ä", 32)} {
		if _, err := runner.NewHistory(name, nil); err == nil ||
			!strings.Contains(err.Error(), "the table of applied revisions") {
			t.Errorf("%q: got error %v, want the name rejected", name, err)
		}
	}
	address := dbtest.URL(t)
	db := reopen(t, dbtest.Open(t, address), &gorm.Config{
		Logger: logger.Discard, NamingStrategy: gormschema.NamingStrategy{TablePrefix: "app_"},
	})
	names := []string{runner.DefaultTable, "order", "Änderungen-2?", strings.Repeat("x", 63)}
	ids := map[string]string{}
	for i, name := range names {
		id := fmt.Sprintf("r%d", i)
		ids[name] = id
		upAndDown(t, db, address, name, id)
	}
	for _, name := range names {
		var got []string
		if err := db.Table("?", clause.Table{Name: name}).Pluck("id", &got).Error; err != nil || len(got) != 1 ||
			got[0] != ids[name] {
			t.Errorf("%s: got ids %q and error %v, want %s", name, got, err, ids[name])
		}
	}
}

// upAndDown runs a history with the given table of ids up and down, by runs and by scripts, and leaves id applied.
func upAndDown(t *testing.T, db *gorm.DB, address, table, id string) {
	t.Helper()
	history, err := runner.NewHistory(table, []revision.Revision{create(id), create(id+"_2", id)})
	if err != nil {
		t.Fatal(err)
	}
	r := &runner.Runner{DB: db, History: history, LockTimeout: time.Minute}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Downgrade(t.Context(), "-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Stamp(t.Context(), false, "head"); err != nil {
		t.Fatal(err)
	}
	plan, err := history.Graph.Downgrade([]string{id, id + "_2"}, id)
	if err != nil {
		t.Fatal(err)
	}
	script, err := history.Script(schema.Dialect(db.Name()), []string{id, id + "_2"}, plan)
	if err != nil {
		t.Fatal(err)
	}
	feed(t, address, strings.ReplaceAll(script.Text, "DROP TABLE", "DROP TABLE IF EXISTS"))
	text, err := history.StampScript(schema.Dialect(db.Name()), id)
	if err != nil {
		t.Fatal(err)
	}
	feed(t, address, text)
}
