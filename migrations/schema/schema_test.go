package schema_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// TestTypesAreGORMs compares the types with those of GORM's own dialectors.
func TestTypesAreGORMs(t *testing.T) {
	t.Parallel()
	kinds := []schema.Kind{schema.Bool, schema.Int, schema.Uint, schema.Float, schema.String, schema.Time, schema.Bytes}
	for _, kind := range kinds {
		for _, size := range []int{0, 8, 15, 16, 17, 31, 32, 33, 64, 255, 10485760, 10485761} {
			for _, digits := range [][2]int{{0, 0}, {3, 0}, {10, 2}, {0, 2}} {
				field := &gormschema.Field{DataType: gormschema.DataType(kind), Size: size,
					Precision: digits[0], Scale: digits[1]}
				ours := schema.Type{Kind: kind, Size: size, Precision: digits[0], Scale: digits[1]}
				if got, want := ours.For(schema.Postgres), (postgres.Dialector{}).DataTypeOf(field); got != want {
					t.Errorf("%+v on PostgreSQL: got %s, want %s", ours, got, want)
				}
				if got, want := ours.For(schema.SQLite), (sqlite.Dialector{}).DataTypeOf(field); got != want {
					t.Errorf("%+v on SQLite: got %s, want %s", ours, got, want)
				}
			}
		}
	}
}

func TestTypesAreEqualIfNoDialectTellsThemApart(t *testing.T) {
	t.Parallel()
	verbatim := func(text string) schema.Type { return schema.Type{Kind: schema.Verbatim, SQL: schema.Both(text)} }
	for _, c := range []struct {
		a, b  schema.Type
		equal bool
	}{
		{schema.Type{Kind: schema.Uint, Size: 32}, schema.Type{Kind: schema.Int, Size: 64}, true},
		{schema.Type{Kind: schema.Float, Size: 32}, schema.Type{Kind: schema.Float, Size: 64}, true},
		{schema.Type{Kind: schema.String, Size: 32}, schema.Type{Kind: schema.String, Size: 33}, false},
		{schema.Type{Kind: schema.String}, verbatim("TEXT"), true},
		{verbatim("numeric(10, 2)"), verbatim("NUMERIC (10,2)"), true},
		{verbatim("citext"), verbatim("text"), false},
	} {
		if c.a.Equal(c.b) != c.equal {
			t.Errorf("%s and %s: equal is %t, want %t", c.a, c.b, !c.equal, c.equal)
		}
	}
}

func TestDefaultsAreToldApart(t *testing.T) {
	t.Parallel()
	different := []schema.Default{{}, schema.Literal(""), schema.Literal("0"), schema.Literal(0),
		schema.Literal(false), schema.Literal("null"), schema.Expression(schema.Both("now()")),
		schema.Expression(schema.Both("0")), schema.Literal(time.Time{})}
	for i, a := range different {
		for j, b := range different {
			if a.Equal(b) != (i == j) {
				t.Errorf("%+v and %+v: equal is %t, want %t", a, b, i != j, i == j)
			}
		}
	}
	same := [][2]schema.Default{
		{schema.Literal(1.5), {Kind: schema.NumberDefault, Text: "1.50"}},
		{schema.Literal(uint8(7)), schema.Literal(7.0)},
		{schema.Expression(schema.Both("NOW( )")), schema.Expression(schema.Both("(now())"))},
		{schema.Expression(schema.Both("NULL")), schema.Literal(nil)},
		{schema.Literal(nil), {}},
	}
	for _, pair := range same {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%+v and %+v are not equal", pair[0], pair[1])
		}
	}
}

func TestTokensJoinToTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "a", "'it''s' || \"a\"\"b\" -- end", "/* x */ `a``b` [c d] a[1]", "E'a\\'b' 'a\\' c", "'open", "\"open", "é = ü",
		"/* open", "x::text->>'k'", "\x00\xff",
	} {
		var b strings.Builder
		for _, token := range schema.Tokens(text) {
			b.WriteString(token.Text)
		}
		if b.String() != text {
			t.Errorf("got %q, want %q", b.String(), text)
		}
	}
}

func TestNormalText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Age>0":                           "age > 0",
		" ( age  > 0 ) ":                  "age > 0",
		"(a) OR (b)":                      "( a ) or ( b )",
		"((a OR (b)))":                    "a or ( b )",
		`"name" <> 'A  B'`:                "name <> 'A  B'",
		"`Name` = [odd one]":              `"Name" = "odd one"`,
		"a -- why\n = 1":                  "a = 1",
		"E'it\\'s'":                       "e 'it\\'s'",
		`tags[1] = "1st"`:                 `tags [ 1 ] = "1st"`,
		"lower(email) COLLATE \"nocase\"": "lower ( email ) collate nocase",
	} {
		want = strings.ReplaceAll(want, "<>", "< >")
		if got := schema.NormalText(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		"phone > 0":         true,
		"PHONE > 0":         true,
		"users.phone > 0":   true,
		`"phone" IS NULL`:   true,
		`"Phone" IS NULL`:   false,
		"phone(1) > 0":      false,
		"phone.x > 0":       false,
		"x = 'phone'":       false,
		"telephone > 0":     false,
		"my_phone > 0":      false,
		"phone_2 > 0":       false,
		"lower(phone) <> x": true,
	} {
		if got := schema.Mentions(expression, "phone"); got != want {
			t.Errorf("%s: got %t, want %t", expression, got, want)
		}
	}
}

// TestRenameLeavesKeywordsAlone renames columns whose names also appear in expressions as keywords, types or the like.
func TestRenameLeavesKeywordsAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ column, expression, want string }{
		{"order", "(SELECT max(x) FROM y ORDER BY x) > 0", "(SELECT max(x) FROM y ORDER BY x) > 0"},
		{"order", `"order" > 0 OR t."order" IS NULL`, `"new" > 0 OR t."new" IS NULL`},
		{"end", "end > start AND CASE WHEN end > 0 THEN 1 ELSE 2 END = 1",
			`"new" > start AND CASE WHEN "new" > 0 THEN 1 ELSE 2 END = 1`},
		{"desc", "lower(desc) DESC", `lower("new") DESC`},
		{"desc", "desc DESC NULLS LAST", `"new" DESC NULLS LAST`},
		{"null", "a IS NOT NULL", "a IS NOT NULL"},
		{"text", "text::text <> CAST(text AS text)", `"new"::text <> CAST("new" AS text)`},
		{"date", "date > date '2020-01-01'", `"new" > date '2020-01-01'`},
		{"e", "e <> E'it\\'s'", `"new" <> E'it\'s'`},
		{"nocase", "a COLLATE nocase = nocase", `a COLLATE nocase = "new"`},
		{"low", "a BETWEEN low AND high", `a BETWEEN "new" AND high`},
		{"high", "a NOT BETWEEN low AND high", `a NOT BETWEEN low AND "new"`},
		{"tz", "at AT TIME ZONE tz IS DISTINCT FROM tz", `at AT TIME ZONE "new" IS DISTINCT FROM "new"`},
		{"is", "a is null", "a is null"},
		{"a", "(a, b) IN ((a, 1)) OR -a = b[a] || a", `("new", b) IN (("new", 1)) OR -"new" = b["new"] || "new"`},
	} {
		s := schema.New(schema.Table{
			Name: "t", Columns: []schema.Column{{Name: test.column}},
			Checks: []schema.Check{{Name: "c", Expression: test.expression}},
		})
		renamed, _ := s.RenameColumn("t", test.column, "new").Table("t")
		if got := renamed.Checks[0].Expression; got != test.want {
			t.Errorf("%s in %s: got %s, want %s", test.column, test.expression, got, test.want)
		}
		if got := schema.Mentions(test.expression, test.column); got != (test.expression != test.want) {
			t.Errorf("%s in %s: got mentioned %t, want %t", test.column, test.expression, got, !got)
		}
	}
}

func TestEqualIgnoresOrder(t *testing.T) {
	t.Parallel()
	text := schema.Type{Kind: schema.String}
	a := schema.New(
		schema.Table{Name: "a", Columns: []schema.Column{{Name: "x", Type: text}, {Name: "y", Type: text}},
			Indexes: []schema.Index{{Name: "i", Keys: []schema.IndexKey{{Column: "x", Order: "asc"}}, Method: "BTREE"}}},
		schema.Table{Name: "b", ForeignKeys: []schema.ForeignKey{{Name: "k", OnDelete: "no  action", OnUpdate: "set null"}}},
	)
	b := schema.New(
		schema.Table{Name: "b", ForeignKeys: []schema.ForeignKey{{Name: "k", OnUpdate: "SET NULL"}},
			Checks: []schema.Check{}},
		schema.Table{Name: "a", Columns: []schema.Column{{Name: "y", Type: text}, {Name: "x", Type: text}},
			Indexes: []schema.Index{{Name: "i", Keys: []schema.IndexKey{{Column: "x"}}}}},
	)
	if !schema.Equal(a, b) {
		t.Errorf("got different schemas, want them equal:\n%+v\n%+v", a.Normal().Tables(), b.Normal().Tables())
	}
	table, _ := b.Table("a")
	table.PrimaryKey.Columns = []string{"x"}
	b = b.With(table)
	if schema.Equal(a, b) {
		t.Error("got equal schemas with different primary keys, want them different")
	}
}

func TestNothingIsChangedInPlace(t *testing.T) {
	t.Parallel()
	text := schema.Type{Kind: schema.String}
	s := schema.New(schema.Table{Name: "a", Columns: []schema.Column{{Name: "x", Type: text}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"x"}}, Uniques: []schema.Unique{{Name: "u", Columns: []string{"x"}}},
		Checks: []schema.Check{{Name: "c", Expression: "x > 0"}}})
	_ = s.RenameColumn("a", "x", "y").RenameTable("a", "b").Without("b").With(schema.Table{Name: "a"})
	table, ok := s.Table("a")
	if !ok {
		t.Fatalf("got the tables %+v, want a", s.Tables())
	}
	got := [...]string{table.Columns[0].Name, table.PrimaryKey.Columns[0], table.Uniques[0].Columns[0],
		table.Checks[0].Expression}
	if want := [...]string{"x", "x", "x", "x > 0"}; got != want {
		t.Errorf("got the column, the keys and the check %q, want %q", got, want)
	}
}

func TestTablesAreSortedAndOneOfAName(t *testing.T) {
	t.Parallel()
	table := func(name string) schema.Table { return schema.Table{Name: name} }
	s := schema.New(table("b"), table("c"), table("a"), schema.Table{Name: "b", Comment: "new"})
	less := s.Without("a").Without("none")
	for _, test := range []struct {
		schema schema.Schema
		want   string
	}{
		{s, "a b(new) c "},
		{less, "b(new) c "},
		{less.With(table("bb")), "b(new) bb c "},
		{less.Without("b").Without("c"), ""},
	} {
		got := ""
		for _, table := range test.schema.Tables() {
			got += strings.TrimSuffix(table.Name+"("+table.Comment+")", "()") + " "
		}
		if got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
