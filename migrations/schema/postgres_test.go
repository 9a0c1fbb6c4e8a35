package schema_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guestlist/migrations/schema"
)

func TestFamily(t *testing.T) {
	t.Parallel()
	for want, types := range map[schema.Kind][]string{
		schema.Bool:   {"bool", "BOOLEAN"},
		schema.Int:    {"smallint", "integer", "int8", "bigserial", "BIGINT NOT NULL"},
		schema.Float:  {"numeric(10, 2)", "decimal", "real", "double precision", "float(3)"},
		schema.String: {"text", "varchar(20)", "character(3)", "citext"},
		schema.Time:   {"timestamptz(3)", "timestamp without time zone", "date"},
		schema.Bytes:  {"bytea", "blob"},
		"":            {"", "jsonb", "uuid", "time", "interval", "int[]"},
	} {
		for _, text := range types {
			if got := schema.Family(text); got != want {
				t.Errorf("Family(%q) is %q, want %q", text, got, want)
			}
		}
	}
}

func TestSerial(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, base string
		isSerial   bool
		serial     string
	}{
		{"smallserial", "smallint", true, "smallserial"},
		{"serial2", "smallint", true, "serial2"},
		{"SERIAL", "integer", true, "SERIAL"},
		{"serial4", "integer", true, "serial4"},
		{"bigserial PRIMARY KEY", "bigint", true, "bigserial PRIMARY KEY"},
		{"serial8", "bigint", true, "serial8"},
		{"smallint", "", false, "smallserial"},
		{"integer", "", false, "serial"},
		{"bigint", "", false, "bigserial"},
		{"serialized", "", false, "bigserial"},
	} {
		if base, ok := schema.SerialBase(test.text); base != test.base || ok != test.isSerial {
			t.Errorf("SerialBase(%q) is %q, %t, want %q, %t", test.text, base, ok, test.base, test.isSerial)
		}
		if got := schema.SerialOf(test.text); got != test.serial {
			t.Errorf("SerialOf(%q) is %q, want %q", test.text, got, test.serial)
		}
	}
}

// TestObjectName has the names that PostgreSQL generates.
func TestObjectName(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	y := func(n int) string { return strings.Repeat("y", n) }
	for _, test := range []struct{ table, column, label, want string }{
		{"users", "email", "key", "users_email_key"},
		{"users", "", "pkey", "users_pkey"},
		{x(58), "", "pkey", x(58) + "_pkey"}, // 63 bytes
		{x(59), "", "pkey", x(58) + "_pkey"},
		{x(200), "", "pkey", x(58) + "_pkey"},
		{x(29), y(29), "key", x(29) + "_" + y(29) + "_key"}, // 63 bytes
		{x(29), y(30), "key", x(29) + "_" + y(29) + "_key"},
		{x(30), y(29), "key", x(29) + "_" + y(29) + "_key"},
		{x(30), y(29), "check", x(28) + "_" + y(28) + "_check"}, // if both have the same length, the column is cut
		{x(100), "email", "fkey", x(52) + "_email_fkey"},
		{"users", y(100), "check", "users_" + y(51) + "_check"},
		{strings.Repeat("ü", 40), "", "pkey", strings.Repeat("ü", 29) + "_pkey"},
		{"x" + strings.Repeat("ü", 40), "", "pkey", "x" + strings.Repeat("ü", 28) + "_pkey"}, // not half a character
	} {
		got := schema.ObjectName(test.table, test.column, test.label)
		if got != test.want {
			t.Errorf("ObjectName(%q, %q, %q) is %q, want %q", test.table, test.column, test.label, got, test.want)
		}
		if len(got) > schema.MaxName {
			t.Errorf("%q has %d bytes, want at most %d", got, len(got), schema.MaxName)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
	}
}

func TestIsPlainName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"users": true, "_x9": true, "order_id": true,
		"": false, "9x": false, "Users": false, "two words": false, "é": false, "a-b": false, "a.b": false,
		"order": false, "user": false, "glob": false, "current_date": false, "natural": false,
	} {
		if got := schema.IsPlainName(name); got != want {
			t.Errorf("IsPlainName(%q) is %t, want %t", name, got, want)
		}
	}
}
