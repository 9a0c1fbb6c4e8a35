package ddl

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	const trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END"
	const function = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END"
	for _, test := range []struct {
		d    schema.Dialect
		text string
		want []string
	}{
		{schema.SQLite, "", nil},
		{schema.SQLite, " ; -- nothing\n ; /* open", nil},
		{schema.SQLite, "SELECT 1; SELECT ';' ;", []string{"SELECT 1", "SELECT ';'"}},
		{schema.SQLite, "SELECT [a;b], `c;d`, \"e;f\" -- ;\n; SELECT 2", []string{
			"SELECT [a;b], `c;d`, \"e;f\" -- ;", "SELECT 2"}},
		{schema.SQLite, "SELECT [a;]; SELECT `c;`; SELECT \"e;\"", []string{"SELECT [a;]", "SELECT `c;`", "SELECT \"e;\""}},
		{schema.SQLite, "SELECT (1; 2)", []string{"SELECT (1", "2)"}}, // only psql counts parentheses
		{schema.SQLite, trigger + "; SELECT 3", []string{trigger, "SELECT 3"}},
		{schema.SQLite, "CREATE TEMP" + trigger[6:] + "; SELECT 3", []string{"CREATE TEMP" + trigger[6:], "SELECT 3"}},
		{schema.SQLite, "CREATE TABLE t (a); SELECT 3", []string{"CREATE TABLE t (a)", "SELECT 3"}},
		{schema.Postgres, "SELECT (1; 2); SELECT 3", []string{"SELECT (1; 2)", "SELECT 3"}},
		{schema.Postgres, "SELECT 1); SELECT (2); SELECT 3", []string{"SELECT 1)", "SELECT (2)", "SELECT 3"}},
		{schema.Postgres, "SELECT $$a;b$$; SELECT $x$a;$$;b$x$", []string{"SELECT $$a;b$$", "SELECT $x$a;$$;b$x$"}},
		{schema.Postgres, "SELECT E'a\\';b'; SELECT 'a\\'; SELECT 3", []string{
			"SELECT E'a\\';b'", "SELECT 'a\\'", "SELECT 3"}},
		{schema.Postgres, "/* a /* b; */ c; */ SELECT 1; SELECT 2", []string{"/* a /* b; */ c; */ SELECT 1", "SELECT 2"}},
		{schema.Postgres, "/*/ a; */ SELECT 1; SELECT 2", []string{"/*/ a; */ SELECT 1", "SELECT 2"}},
		{schema.SQLite, "/*/ a; */ SELECT 1; SELECT 2", []string{"/*/ a; */ SELECT 1", "SELECT 2"}},
		{schema.SQLite, "/* a /* b; */ SELECT 1; SELECT 2", []string{"/* a /* b; */ SELECT 1", "SELECT 2"}},
		{schema.Postgres, function + "; SELECT 3", []string{function, "SELECT 3"}},
		{schema.Postgres, "CREATE FUNCTION f(a int DEFAULT CASE WHEN true THEN 1 END) BEGIN ATOMIC SELECT 1; END; SELECT 3",
			[]string{"CREATE FUNCTION f(a int DEFAULT CASE WHEN true THEN 1 END) BEGIN ATOMIC SELECT 1; END", "SELECT 3"}},
		{schema.Postgres, "CREATE FUNCTION f() LANGUAGE sql AS 'SELECT 1'; SELECT 3", []string{
			"CREATE FUNCTION f() LANGUAGE sql AS 'SELECT 1'", "SELECT 3"}},
		{schema.Postgres, "SELECT $1; SELECT $2, a$; SELECT $a b$; SELECT $", []string{
			"SELECT $1", "SELECT $2, a$", "SELECT $a b$", "SELECT $"}},
		{schema.Postgres, "SELECT $1$; SELECT $a1$;$a1$", []string{"SELECT $1$", "SELECT $a1$;$a1$"}},
		{schema.Postgres, "BEGIN; SELECT 1; END", []string{"BEGIN", "SELECT 1", "END"}},
	} {
		got, err := split(test.d, test.text)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %s: got %q, %v, want %q", test.d, test.text, got, err, test.want)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	t.Parallel()
	const open = "unterminated quote or comment at "
	for _, test := range []struct {
		d          schema.Dialect
		text, want string
	}{
		{schema.SQLite, "SELECT [a", open + "[a"},
		{schema.SQLite, "SELECT 'a''", open + "'a''"},
		{schema.SQLite, "SELECT `a", open + "`a"},
		{schema.SQLite, `SELECT "` + strings.Repeat("é", 29), open + `"` + strings.Repeat("é", 29)},
		{schema.SQLite, `SELECT "` + strings.Repeat("é", 30), open + `"` + strings.Repeat("é", 29) + "…"},
		{schema.Postgres, "SELECT $x$ a $$\nb", open + "$x$ a $$"},
		{schema.Postgres, "/* a /* b */", open + "/* a /* b */"},
		{schema.Postgres, `SELECT 1 \g`, `a \ outside quotes`},
		{schema.Postgres, "COPY a FROM STDIN", "COPY FROM STDIN has nothing to read"},
		{schema.SQLite, ".tables", "begins with ."},
		{schema.SQLite, "# a", "begins with #"},
		{schema.SQLite, "SELECT ?", "the parameter ?"},
		{schema.SQLite, "SELECT :a", "the parameter :a"},
		{schema.SQLite, "SELECT @a", "the parameter @a"},
		{schema.SQLite, "SELECT $a", "the parameter $a"},
	} {
		if got, err := split(test.d, test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %s: got %q, %v, want an error with %q", test.d, test.text, got, err, test.want)
		}
	}
}

// TestLine checks that psql and sqlite3 read a line as the database reads the statement.
func TestLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		d         schema.Dialect
		sql, want string
	}{
		{schema.Postgres, "SELECT :a", "SELECT : a;"},
		{schema.Postgres, "SELECT :'a', :\"b\", :{?c}", "SELECT : 'a', : \"b\", : {?c};"},
		{schema.Postgres, "SELECT a::text, a:::b", "SELECT a::text, a::: b;"},
		{schema.Postgres, "SELECT :$$a$$", "SELECT :$$a$$;"},
		{schema.SQLite, "SELECT :a", "SELECT :a;"},
		{schema.SQLite, "SELECT 1\n/\n2", "SELECT 1\n/**/ /\n2;"},
		{schema.SQLite, "SELECT 1\n go \n+ 2", "SELECT 1\n /**/ go \n+ 2;"},
		{schema.SQLite, "SELECT 1 / 2", "SELECT 1 / 2;"},
		{schema.SQLite, "SELECT 1\n/ 2", "SELECT 1\n/ 2;"},
		{schema.SQLite, "SELECT 1 /\n2", "SELECT 1 /\n2;"},
		{schema.SQLite, "SELECT 1 AS\ngo", "SELECT 1 AS\n/**/ go;"},
		{schema.SQLite, "SELECT 1 AS go\n", "SELECT 1 AS go\n;"},
		{schema.Postgres, "SELECT 1\n/\n2", "SELECT 1\n/\n2;"},
		{schema.SQLite, "SELECT 1 -- one", "SELECT 1 -- one\n;"},
		{schema.SQLite, "SELECT 1 /* open", "SELECT 1 /* open*/;"},
		{schema.SQLite, "SELECT 1 /*/", "SELECT 1 /*/*/;"},
		{schema.SQLite, "SELECT 1 /* one */", "SELECT 1 /* one */;"},
	} {
		if got := strings.TrimSpace(Statement{SQL: test.sql}.Line(test.d)); got != test.want {
			t.Errorf("%s: %q: got %q, want %q", test.d, test.sql, got, test.want)
		}
	}
}

func TestConcurrentStatements(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"CREATE INDEX CONCURRENTLY i ON a (b)":               true,
		"create unique index /* why */ concurrently i":       true,
		"DROP INDEX CONCURRENTLY i":                          true,
		"REINDEX (VERBOSE) TABLE CONCURRENTLY a":             false, // it is only the sixth lexeme
		"REINDEX TABLE CONCURRENTLY a":                       true,
		"CREATE INDEX i ON a (b)":                            false,
		"SELECT CONCURRENTLY":                                false,
		"CREATE INDEX IF NOT EXISTS CONCURRENTLY":            false,
		"CREATE TABLE a (b text DEFAULT 'x', CONCURRENTLY i": false,
		"":         false,
		"CREATE '": false,
	} {
		if got := concurrent(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

// TestCheckName tries names of 63 bytes, the limit of PostgreSQL, and of 64. The name of a schema counts separately.
func TestCheckName(t *testing.T) {
	t.Parallel()
	most := strings.Repeat("n", 63)
	for name, want := range map[string]bool{
		most: true, most + "n": false, most + "." + most: true, most + "n.a": false, "a." + most + "n": false,
		strings.Repeat("é", 31) + "n": true, strings.Repeat("é", 32): false,
	} {
		if err := checkName(name); (err == nil) != want {
			t.Errorf("%s (%d bytes): got %v, want it accepted: %t", name, len(name), err, want)
		}
	}
}

func TestTransactional(t *testing.T) {
	t.Parallel()
	for _, concurrent := range []bool{true, false} {
		for _, d := range schema.Dialects() {
			want := d == schema.SQLite || !concurrent
			for _, o := range []op.Operation{&op.CreateIndex{Concurrent: concurrent}, &op.DropIndex{Concurrent: concurrent}} {
				if got := Transactional(d, o); got != want {
					t.Errorf("%T concurrently %t on %s: got %t, want %t", o, concurrent, d, got, want)
				}
			}
		}
	}
	if !Transactional(schema.Postgres, &op.CreateTable{}) {
		t.Error("a table: got false, want true")
	}
	for concurrent, d := range map[bool]schema.Dialect{true: schema.Postgres, false: schema.SQLite} {
		if got := Concurrent(d, &op.CreateIndex{Concurrent: true}); got != concurrent {
			t.Errorf("an index built concurrently on %s: got concurrent %t, want %t", d, got, concurrent)
		}
	}
}

func TestTableScan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"SELECT a FROM b":                                                 {"b"},
		"SELECT a FROM b, c JOIN d ON x, e":                               {"b", "c", "d", "e"},
		"SELECT a, x FROM main.b WHERE c, d":                              {"b"},
		"SELECT f(a, b) FROM (c, 'd')":                                    {"c", "d"},
		"SELECT (SELECT a FROM b), c FROM d":                              {"b", "d"},
		"INSERT INTO a (b, c) SELECT d FROM e":                            {"a", "e"},
		"INSERT OR IGNORE INTO a VALUES (b)":                              {"a"},
		"UPDATE OR IGNORE a SET b = c, d = e":                             {"a"},
		"UPDATE a SET b = c":                                              {"a"},
		"SELECT a IN b, c":                                                {"b"},
		"SELECT a IN (b, c)":                                              nil,
		"SELECT a FROM json_each(b)":                                      nil,
		"SELECT 1; SELECT a FROM b; SELECT c, d":                          {"b"},
		"SELECT a FROM b; WITH c AS (SELECT 1), d AS (SELECT 2) SELECT 1": {"b"},
		"DELETE FROM":                                                     nil, // ends before the table
		"UPDATE OR IGNORE":                                                nil,
		") FROM a":                                                        {"a"},
	} {
		scan := tableScan{tokens: significantTokens(text)}
		var got []string
		for scan.next() {
			got = append(got, scan.table)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestUsesTable(t *testing.T) {
	t.Parallel()
	for create, want := range map[string]bool{
		"CREATE VIEW v AS SELECT * FROM Users":                                                     true,
		"CREATE VIEW v AS SELECT users FROM a":                                                     false,
		"CREATE VIEW v AS WITH users AS (SELECT 1) SELECT * FROM users":                            false,
		"CREATE VIEW v AS WITH users (a) AS (SELECT 1) SELECT * FROM users":                        false,
		"CREATE VIEW v AS WITH users AS NOT MATERIALIZED (SELECT 1) SELECT * FROM users":           false,
		"CREATE VIEW v AS WITH RECURSIVE a AS (SELECT 1), users AS (SELECT 2) SELECT * FROM users": false,
		"CREATE VIEW v AS WITH a AS (SELECT * FROM users) SELECT * FROM a":                         true,
		"CREATE VIEW v AS SELECT a AS users FROM b":                                                false,
		"CREATE VIEW v AS WITH a AS (SELECT 1) SELECT * FROM b, users":                             true,
		"CREATE VIEW v AS WITH a AS (SELECT 1) SELECT b, users (1)":                                false,
		"CREATE VIEW v AS WITH a AS (SELECT users AS (b)) SELECT * FROM users":                     true,
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM users; END":                          true,
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE OR FAIL users SET b = 1; END":             true,
	} {
		if got := usesTable(create, "users"); got != want {
			t.Errorf("%s: got %t, want %t", create, got, want)
		}
	}
}

// TestDollarQuote checks that the text does not end its own quote.
func TestDollarQuote(t *testing.T) {
	t.Parallel()
	for text, tag := range map[string]string{
		"": "$check$", "a $ b": "$check$", "$check$": "$check1$", "$check$ $check1$ $check2$": "$check3$",
		"$check1$": "$check$",
	} {
		if got, want := dollarQuote(text), tag+text+tag; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestMatchNames checks which constraints of the database are those of the schema.
func TestMatchNames(t *testing.T) {
	t.Parallel()
	wanted := func(name, kind, rest string, columns ...string) inlineConstraint {
		return inlineConstraint{name: name, kind: kind, rest: rest, columns: columns}
	}
	one, two := wanted("t_a_check", "check", "CHECK (a > 1)", "a"), wanted("t_a_check1", "check", "CHECK (a > 2)", "a")
	for name, test := range map[string]struct {
		wanted []inlineConstraint
		there  []existing
		want   string
	}{
		"none": {[]inlineConstraint{one}, nil, "t_a_check=;"},
		"each by its text": {[]inlineConstraint{one, two}, []existing{
			{"t_a_check", "check", "a", "CHECK ((a > 2))"}, {"x", "check", "a", "CHECK ((a > 1))"},
		}, "t_a_check=x;t_a_check1=t_a_check;"},
		"the name among equal texts": {[]inlineConstraint{one}, []existing{
			{"x", "check", "a", "CHECK (a > 1)"}, {"t_a_check", "check", "a", "CHECK (a > 1)"},
		}, "t_a_check=t_a_check;"},
		"the name among other texts": {[]inlineConstraint{one}, []existing{
			{"x", "check", "a", "CHECK (a > 8)"}, {"t_a_check", "check", "a", "CHECK (a > 9)"},
		}, "t_a_check=t_a_check;"},
		"one each": {[]inlineConstraint{one, two}, []existing{{"x", "check", "a", "CHECK (a > 8)"}},
			"t_a_check=x;t_a_check1=;"},
		"neither another kind nor other columns": {[]inlineConstraint{one}, []existing{
			{"t_a_check", "unique", "a", "CHECK (a > 1)"}, {"t_a_check", "check", "b", "CHECK (a > 1)"},
			{"t_a_check", "check", "a,b", "CHECK (a > 1)"},
		}, "t_a_check=;"},
		"columns in any order": {[]inlineConstraint{wanted("t_check", "check", "", "b", "a")}, []existing{
			{"x", "check", "a,b", ""},
		}, "t_check=x;"},
	} {
		found := matchNames(test.wanted, test.there)
		got := ""
		for _, c := range test.wanted {
			got += c.name + "=" + found[c.name] + ";"
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}
