package schema_test

import (
	"strings"
	"testing"

	"guestlist/migrations/schema"
)

// TestObjectName checks that generated names are those that PostgreSQL generates: at most 63 bytes, with the longer
// part shortened.
func TestObjectName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat
	for _, test := range []struct{ table, column, label, want string }{
		{"users", "id", "seq", "users_id_seq"},
		{"users", "", "pkey", "users_pkey"},
		{long("t", 58), "", "pkey", long("t", 58) + "_pkey"}, // 63 bytes
		{long("t", 59), "", "pkey", long("t", 58) + "_pkey"},
		{long("t", 30), long("c", 28), "seq", long("t", 30) + "_" + long("c", 28) + "_seq"}, // 63 bytes
		{long("t", 30), long("c", 29), "seq", long("t", 29) + "_" + long("c", 29) + "_seq"},
		{long("t", 29), long("c", 30), "seq", long("t", 29) + "_" + long("c", 29) + "_seq"},
		{long("t", 40), long("c", 40), "seq", long("t", 29) + "_" + long("c", 29) + "_seq"},
		{long("t", 63), "c", "seq", long("t", 57) + "_c_seq"},
		{"t", long("c", 63), "seq", "t_" + long("c", 57) + "_seq"},
		{long("t", 30), long("c", 30), "sq", long("t", 30) + "_" + long("c", 29) + "_sq"}, // of two alike, the column
		{"t" + long("é", 29), "", "pkey", "t" + long("é", 28) + "_pkey"},                  // no half character, so 62 bytes
	} {
		got := schema.ObjectName(test.table, test.column, test.label)
		if got != test.want {
			t.Errorf("%s %s %s: got %s (%d bytes), want %s", test.table, test.column, test.label, got, len(got), test.want)
		}
	}
}

func TestSerialTypes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		columnType, base string
		ok               bool
		serial           string
	}{
		{"smallint", "", false, "smallserial"},
		{"integer", "", false, "serial"},
		{"bigint", "", false, "bigserial"},
		{"smallserial", "smallint", true, "smallserial"},
		{"serial2", "smallint", true, "serial2"},
		{"SERIAL", "integer", true, "SERIAL"},
		{"serial4 NOT NULL", "integer", true, "serial4 NOT NULL"},
		{"bigserial", "bigint", true, "bigserial"},
		{"serial8", "bigint", true, "serial8"},
	} {
		if base, ok := schema.SerialBase(test.columnType); base != test.base || ok != test.ok {
			t.Errorf("base of %s: got %q, %t, want %q, %t", test.columnType, base, ok, test.base, test.ok)
		}
		if got := schema.SerialOf(test.columnType); got != test.serial {
			t.Errorf("serial of %s: got %s, want %s", test.columnType, got, test.serial)
		}
	}
}

func TestFamily(t *testing.T) {
	t.Parallel()
	for kind, types := range map[schema.Kind][]string{
		schema.Bool:   {"boolean", "bool"},
		schema.Int:    {"smallint", "integer", "bigint", "serial", "BIGINT NOT NULL"},
		schema.Float:  {"numeric(10, 2)", "decimal", "real", "double precision", "float(3)"},
		schema.String: {"text", "varchar(3)", "char", "character varying(9)", "citext"},
		schema.Time:   {"timestamptz", "timestamp(3) without time zone", "date"},
		schema.Bytes:  {"bytea"},
		"":            {"jsonb", "uuid", "integer[]", "time", ""},
	} {
		for _, columnType := range types {
			if got := schema.Family(columnType); got != kind {
				t.Errorf("%q: got %q, want %q", columnType, got, kind)
			}
		}
	}
}

func TestIsPlainName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"name": true, "az_09": true, "_": true, "a": true, "z9": true,
		"": false, "0a": false, "9a": false, "Name": false, "é": false, "a b": false, "a`": false, "{": false,
		"user": false, "order": false, "users": true,
	} {
		if got := schema.IsPlainName(name); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	}
}

func TestColumnTypeArg(t *testing.T) {
	t.Parallel()
	numeric := schema.ParseColumnType("numeric(10)")
	if got := numeric.Arg(0, 7); got != 10 {
		t.Errorf("a given precision: got %d, want 10", got)
	}
	if got := numeric.Arg(1, 7); got != 7 {
		t.Errorf("a missing scale: got %d, want 7", got)
	}
}

func TestTokenName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, name, folded string
		ok                 bool
	}{
		{"Users", "Users", "users", true},
		{`"Users"`, "Users", "Users", true},
		{`"a""b"`, `a"b`, `a"b`, true},
		{"`a``b`", "a`b", "a`b", true},
		{"[a b]", "a b", "a b", true},
		{`""`, "", "", true},
		{`"`, "", "", false}, // without a closing quote
		{"'a'", "", "", false},
		{"+", "", "", false},
	} {
		token := schema.Tokens(test.text)[0]
		if name, ok := token.Name(); name != test.name || ok != test.ok {
			t.Errorf("name of %s: got %q, %t, want %q, %t", test.text, name, ok, test.name, test.ok)
		}
		if got := token.Folded(); got != test.folded {
			t.Errorf("folded %s: got %q, want %q", test.text, got, test.folded)
		}
	}
}

// TestTokenEnds counts tokens to see where each ends. For example, /*/ opens a comment without closing it, and so hides
// all that follows.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"/**/a": 2, "/*/ a */": 1, "--\na": 2, "-- a": 1, "''a": 2, "'''a": 1, "'a'''b": 2, `"""a`: 1, "[]]a": 3,
		`'a\'b`: 2, `E'a\'b`: 2, `E'a\`: 2, "E'a'b": 3,
	} {
		if got := schema.Tokens(text); len(got) != want {
			t.Errorf("%s: got %d tokens, want %d: %v", text, len(got), want, got)
		}
	}
}
