package schema_test

import (
	"reflect"
	"testing"

	"guestlist/migrations/schema"
)

// staff returns a schema with a table that uses its columns everywhere that a name can appear, and a table that
// references it.
func staff(table, id, boss string) schema.Schema {
	quotedTable, quotedID, quotedBoss := table, id, boss
	if table != "staff" {
		quotedTable = `"` + table + `"`
	}
	if id != "id" {
		quotedID = `"` + id + `"`
	}
	if boss != "boss" {
		quotedBoss = `"` + boss + `"`
	}
	integer := schema.Type{Kind: schema.Int, Size: 64}
	return schema.New(
		schema.Table{
			Name: table,
			Columns: []schema.Column{
				{Name: id, Type: integer}, {Name: boss, Type: integer},
				{Name: "total", Type: integer, Generated: quotedID + " + " + quotedTable + "." + quotedBoss},
			},
			PrimaryKey: schema.PrimaryKey{Columns: []string{id}},
			Uniques:    []schema.Unique{{Name: "uni", Columns: []string{boss, id}}},
			Checks:     []schema.Check{{Name: "chk", Expression: quotedBoss + " <> " + quotedTable + "." + quotedID}},
			ForeignKeys: []schema.ForeignKey{
				{Name: "fk_boss", Columns: []string{boss}, RefTable: table, RefColumns: []string{id}},
			},
			Indexes: []schema.Index{{
				Name: "idx", Keys: []schema.IndexKey{{Column: boss}, {Expression: quotedID + " % 10"}},
				Where: quotedBoss + " > 0", Option: "INCLUDE (" + quotedID + ")",
			}},
		},
		schema.Table{
			Name: "desks", Columns: []schema.Column{{Name: "id", Type: integer}},
			ForeignKeys: []schema.ForeignKey{
				{Name: "fk_desk", Columns: []string{"id"}, RefTable: table, RefColumns: []string{id}},
				{Name: "fk_room", Columns: []string{"id"}, RefTable: "rooms", RefColumns: []string{"id"}},
			},
		},
		schema.Table{Name: "rooms", Columns: []schema.Column{{Name: "id", Type: integer}}},
	)
}

func TestRenamesEverywhere(t *testing.T) {
	t.Parallel()
	before := staff("staff", "id", "boss")
	for name, test := range map[string]struct{ got, want schema.Schema }{
		"table":            {before.RenameTable("staff", "people"), staff("people", "id", "boss")},
		"primary key":      {before.RenameColumn("staff", "id", "number"), staff("staff", "number", "boss")},
		"other column":     {before.RenameColumn("staff", "boss", "chief"), staff("staff", "id", "chief")},
		"no such table":    {before.RenameTable("none", "people"), before},
		"no such column":   {before.RenameColumn("staff", "none", "x"), before},
		"no table for one": {before.RenameColumn("none", "id", "x"), before},
	} {
		if got, want := test.got.Tables(), test.want.Tables(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", name, got, want)
		}
	}
	if got, want := before.Tables(), staff("staff", "id", "boss").Tables(); !reflect.DeepEqual(got, want) {
		t.Errorf("the renames changed the original schema to\n%+v\nwant\n%+v", got, want)
	}
}

func TestRenamed(t *testing.T) {
	t.Parallel()
	column := schema.Column{Name: "a", Generated: "a || b",
		Type: schema.Type{Kind: schema.Verbatim, SQL: schema.Both("text CHECK (a <> '')")}}
	want := schema.Column{Name: "z", Generated: `"z" || b`,
		Type: schema.Type{Kind: schema.Verbatim, SQL: schema.Both(`text CHECK ("z" <> '')`)}}
	if got := column.Renamed("z"); got != want {
		t.Errorf("the column is %+v, want %+v", got, want)
	}
	before, _ := staff("staff", "id", "boss").Table("staff")
	after, _ := staff("people", "id", "boss").Table("people")
	if got := before.Renamed("people"); !reflect.DeepEqual(got, after) {
		t.Errorf("the table is\n%+v\nwant\n%+v", got, after)
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	s := staff("staff", "id", "boss")
	for table, want := range map[string][]string{
		"staff": {"desks.fk_desk", "staff.fk_boss"}, "rooms": {"desks.fk_room"}, "desks": nil, "none": nil,
	} {
		var got []string
		for _, r := range s.References(table) {
			got = append(got, r.Table+"."+r.Key.Name)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is referenced by %q, want %q", table, got, want)
		}
	}
}

func TestIndexOwner(t *testing.T) {
	t.Parallel()
	s := staff("staff", "id", "boss")
	for _, test := range []struct {
		index, except, table string
		ok                   bool
	}{
		{"idx", "", "staff", true}, {"uni", "desks", "staff", true},
		{"idx", "staff", "", false}, {"chk", "", "", false}, {"none", "", "", false},
	} {
		if table, ok := s.IndexOwner(test.index, test.except); table != test.table || ok != test.ok {
			t.Errorf("IndexOwner(%q, %q) is %q, %t, want %q, %t",
				test.index, test.except, table, ok, test.table, test.ok)
		}
	}
	for name, want := range map[string]bool{
		"staff": true, "STAFF": true, "Idx": true, "uni": true, "chk": false, "id": false, "none": false,
	} {
		if got := s.HasName(name); got != want {
			t.Errorf("HasName(%q) is %t, want %t", name, got, want)
		}
	}
}

// TestNamesAfterValues checks that a name right after a value is taken for a keyword, not for a column.
func TestNamesAfterValues(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		`"a" b`: false, "'a' b": false, "f(a) b": false, "a[1] b": false, "a b": false, "b b": true,
		`"a" AND b`: true, "'a' = b": true, "b 'a'": false, "a::b": false, "a : : b": true, ":b": true, "::b": false,
		`a COLLATE "b"`: false, "CAST(a AS b)": false, "(b)": true, "b[1]": true, `a OPERATOR(pg_catalog.=) "b"`: true,
		"substring(a FROM 1 FOR b)": true, "overlay(a PLACING b FROM 1)": true, "f(VARIADIC b)": true,
		"xmlexists('/x' PASSING b)": true,
	} {
		if got := schema.Mentions(expression, "b"); got != want {
			t.Errorf("%s: got %t, want %t", expression, got, want)
		}
	}
}
