package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

func TestCheckSaysSeveralHeads(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("cccc11110001", "right", "aaaa11110001")
	const (
		heads = "Multiple heads are present: bbbb11110001, cccc11110001\n"
		merge = "db merge heads joins them; label branches that should stay apart (--branch-label)\n"
	)
	s.want("No drift detected.\n"+heads+"Error: Target database is not up to date.\n"+
		"3 revisions are not applied: db upgrade heads applies them\n", "check")
	s.want("", "upgrade", "heads")
	out, err := s.run("check", "--json")
	var report struct {
		Heads []string `json:"heads"`
	}
	if failed := json.Unmarshal([]byte(out), &report); failed != nil || err == nil || len(report.Heads) != 2 {
		t.Errorf("as JSON: got %v, the error %v and\n%s\nwant an error and two heads", failed, err, out)
	}
	s.want("No drift detected.\n"+heads+"Error: "+heads+merge, "check")
	if err := db.Exec("DROP TABLE tbbbb11110001").Error; err != nil {
		t.Fatal(err)
	}
	s.want("table tbbbb11110001 is missing\n"+heads+"Error: The database differs from its revisions: 1 difference\n"+
		"change the database back, or write a revision of the difference and stamp it; "+
		"if a revision was edited after it was applied: db stamp <parent> and db upgrade again\n", "check", "--database")
}

// TestCheckOfModelsNeedsNoDatabase checks that check --models does not open the database. It also checks that check
// reports everything that is wrong, beginning with what the reference reports.
func TestCheckOfModelsNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	type Guest struct{ ID int64 }
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.env.Models = []any{&Guest{}}
	open := s.env.Open
	s.env.Open = func(context.Context) (*gorm.DB, error) { return nil, errors.New("the database was opened") }
	const pending = "New upgrade operations detected: [create table guests]\n"
	s.want("Error: "+pending+"db migrate writes them into a revision\n", "check", "--models")
	s.env.Open = open
	s.env.Revisions.Register(revision.Revision{ID: "aaaa11110001", File: "aaaa11110001_init.go",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("others", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		}})
	s.files["aaaa11110001_init.go"] =
		&fstest.MapFile{Data: []byte("// init\n//\n// Revision ID: aaaa11110001\nfunc init() {\n")}
	s.want("No drift detected.\nError: Target database is not up to date. New upgrade operations detected: "+
		"[create table guests, drop table others]\n"+
		"1 revision is not applied: db upgrade applies it; db migrate writes them into a revision\n", "check")
}

func TestBranchesWithLabelsMayStayApart(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "shop")
	for _, id := range []string{"bbbb11110001", "cccc11110001"} {
		file := id + "_branch.go"
		s.files[file] = &fstest.MapFile{Data: []byte("// branch\n//\n// Revision ID: " + id + "\nfunc init() {\n")}
		s.env.Revisions.Register(revision.Revision{ID: id, File: file, BranchLabels: []string{"l" + id}})
	}
	s.want("", "upgrade", "heads")
	s.want("No drift detected.\nMultiple heads are present: aaaa11110001, bbbb11110001, cccc11110001\n", "check")
}

func TestCheckNamesRowsThatDangle(t *testing.T) {
	t.Parallel()
	db := dbtest.OpenOne(t, dbtest.SQLiteURL(t))
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.want("", "upgrade")
	for _, statement := range []string{
		"PRAGMA foreign_keys = OFF",
		"CREATE TABLE strays (of integer REFERENCES taaaa11110001, name text REFERENCES names (name))",
		"CREATE TABLE names (name text)",
		"INSERT INTO strays (of) VALUES (3), (4)",
		"CREATE TABLE others (of integer REFERENCES taaaa11110001)",
		"INSERT INTO others (of) VALUES (3)",
		"PRAGMA foreign_keys = ON",
	} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	s.want("No drift detected.\n"+
		"1 row of others references a missing row of taaaa11110001; "+
		"PRAGMA foreign_key_check('others') lists them: correct or delete them\n"+
		"2 rows of strays reference missing rows of taaaa11110001; "+
		"PRAGMA foreign_key_check('strays') lists them: correct or delete them\n"+
		"a foreign key of strays does not match: it references columns of names that are neither a primary key nor unique; "+
		"give the columns a unique index, or drop the foreign key: SQLite rejects writes to strays\n", "check")
}
