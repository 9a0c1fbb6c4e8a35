package diff_test

import (
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Login, login, indexed and moved are the same table with names in different case.
type Login struct {
	ID       int64
	Name     string `gorm:"column:Name;index:Idx_Name;unique"`
	ParentID int64
	Parent   *Login `gorm:"constraint:Fk_Parent,OnDelete:CASCADE"`
}

// TableName is in capitals.
func (Login) TableName() string { return "Logins" }

type login struct {
	ID       int64
	Name     string `gorm:"column:name;index:idx_name;unique"`
	ParentID int64
	Parent   *login `gorm:"constraint:fk_parent,OnDelete:CASCADE"`
}

func (login) TableName() string { return "logins" }

// indexed is Login with only the index in a different case.
type indexed struct {
	ID       int64
	Name     string `gorm:"column:Name;index:IDX_NAME;unique"`
	ParentID int64
	Parent   *indexed `gorm:"constraint:FK_PARENT,OnDelete:CASCADE"`
}

func (indexed) TableName() string { return "Logins" }

// moved has a column with the name, in a different case, of another column of Login.
type moved struct {
	ID       int64
	Title    string `gorm:"column:title;index:Idx_Name;unique:uni_Logins_name"`
	ParentID int64  `gorm:"column:NAME"`
	Parent   *moved `gorm:"constraint:Fk_Parent,OnDelete:CASCADE;foreignKey:ParentID"`
}

func (moved) TableName() string { return "Logins" }

func caseEdits() []sequence {
	rows := []string{`INSERT INTO "Logins" ("Name", parent_id) VALUES ('ann', 1), ('bob', 1)`}
	return []sequence{
		{name: "case: everything", models: [][]any{m(Login{}), m(login{}), m(Login{})}, rows: rows},
		{name: "case: index and key", models: [][]any{m(Login{}), m(indexed{}), m(login{})}, rows: rows},
	}
}

// TestNamesInAnotherCaseAreRenames checks that a change of case is a rename, and that declaring the rename changes
// nothing.
func TestNamesInAnotherCaseAreRenames(t *testing.T) {
	t.Parallel()
	from := schemaOf(t, m(Login{}))
	for _, list := range [][]any{m(login{}), m(indexed{})} {
		to := schemaOf(t, list)
		p, err := diff.Diff(from, to)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range diff.Operations(p.Upgrade) {
			switch o.(type) {
			case *op.RenameTable, *op.RenameColumn, *op.RenameIndex, *op.RenameConstraint:
			default:
				t.Errorf("got %s, want only renames", o)
			}
		}
		if c := diff.Candidates(from, to); len(c) > 0 {
			t.Errorf("got the candidates %v, want none", c)
		}
	}
	to := schemaOf(t, m(login{}))
	plan, _ := diff.Diff(from, to)
	var told []diff.Rename
	for _, said := range []string{
		"Logins=logins", "Logins.Name=name", "Logins.Idx_Name=idx_name", "Logins.Fk_Parent=fk_parent",
	} {
		r, err := diff.ParseRename(said, from, to)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, r)
		p, err := diff.Diff(from, to, told...)
		if err != nil || text(p.Upgrade) != text(plan.Upgrade) {
			t.Errorf("%v: %v\n%s\nwant\n%s", told, err, text(p.Upgrade), text(plan.Upgrade))
		}
	}
}

// TestColumnTakesANameInAnotherCase renames a column to the old name, in a different case, of another renamed column.
func TestColumnTakesANameInAnotherCase(t *testing.T) {
	t.Parallel()
	from, to := schemaOf(t, m(Login{})), schemaOf(t, m(moved{}))
	p, err := diff.Diff(from, to, column("Logins", "Name", "title"), column("Logins", "parent_id", "NAME"))
	if err != nil {
		t.Fatal(err)
	}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		db := created(t, s, from)
		before := db.Catalogue(t)
		db.Must(t, db.Must(t, from, diff.Operations(p.Upgrade)), diff.Operations(p.Downgrade))
		if got := db.Catalogue(t); got != before {
			t.Errorf("the downgrade left a different catalogue:%s", difftest.Difference(before, got))
		}
	})
}

// TestRenamesOfTheCallerStay checks that the renames by case are not written into the caller's list.
func TestRenamesOfTheCallerStay(t *testing.T) {
	t.Parallel()
	from, to := schemaOf(t, m(Login{})), schemaOf(t, m(moved{}))
	accepted := []diff.Rename{column("Logins", "Name", "title"), column("Logins", "parent_id", "NAME"), table("a", "b")}
	from = schema.New(append(from.Tables(), schema.Table{Name: "Teams"})...)
	to = schema.New(append(to.Tables(), schema.Table{Name: "teams"})...)
	if _, err := diff.Diff(from, to, accepted[:2]...); err != nil {
		t.Fatal(err)
	}
	if got, want := accepted[2], table("a", "b"); got != want {
		t.Errorf("got %s after the caller's renames, want %s", got, want)
	}
}
