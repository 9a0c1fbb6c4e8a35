package schema_test

import (
	"math"
	"testing"
	"time"

	"guestlist/migrations/schema"
)

func TestLiteral(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value any
		want  schema.Default
		text  string // of String
	}{
		{nil, schema.Default{Kind: schema.NullDefault}, "null"},
		{"", schema.Default{Kind: schema.StringDefault}, "''"},
		{"it's", schema.Default{Kind: schema.StringDefault, Text: "it's"}, "'it's'"},
		{true, schema.Default{Kind: schema.BoolDefault, Text: "true"}, "true"},
		{false, schema.Default{Kind: schema.BoolDefault, Text: "false"}, "false"},
		{0, schema.Default{Kind: schema.NumberDefault, Text: "0"}, "0"},
		{int8(-8), schema.Default{Kind: schema.NumberDefault, Text: "-8"}, "-8"},
		{uint64(math.MaxUint64), schema.Default{Kind: schema.NumberDefault, Text: "18446744073709551615"},
			"18446744073709551615"},
		{float32(0.1), schema.Default{Kind: schema.NumberDefault, Text: "0.1"}, "0.1"},
		{1e21, schema.Default{Kind: schema.NumberDefault, Text: "1000000000000000000000"}, "1000000000000000000000"},
		{time.Time{}, schema.Default{Kind: schema.InvalidDefault, Text: "time.Time"}, "time.Time"},
		{[]byte("x"), schema.Default{Kind: schema.InvalidDefault, Text: "[]uint8"}, "[]uint8"},
	} {
		got := schema.Literal(test.value)
		if got != test.want {
			t.Errorf("Literal(%#v) is %+v, want %+v", test.value, got, test.want)
		}
		if text := got.String(); text != test.text {
			t.Errorf("Literal(%#v) prints %q, want %q", test.value, text, test.text)
		}
	}
	if got := (schema.Default{}).String(); got != "none" {
		t.Errorf("no default prints %q, want none", got)
	}
	byDialect := schema.Expression(schema.SQL{Postgres: "now()", SQLite: "CURRENT_TIMESTAMP"})
	if got, want := byDialect.String(), "now() / CURRENT_TIMESTAMP"; got != want {
		t.Errorf("an expression prints %q, want %q", got, want)
	}
}

func TestParseDefault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]schema.Default{
		"NULL":                  schema.Literal(nil),
		"True":                  schema.Literal(true),
		"FALSE":                 schema.Literal(false),
		"'guest'":               schema.Literal("guest"),
		"''":                    schema.Literal(""),
		"'it''s'":               schema.Literal("it's"),
		"-7":                    schema.Literal(-7),
		"1.50":                  schema.Literal(1.5),
		"1e3":                   schema.Literal(1000.0),
		"+2.5E-1":               schema.Literal(0.25),
		"infinity":              schema.Expression(schema.Both("infinity")),
		"nan":                   schema.Expression(schema.Both("nan")),
		"0x1p4":                 schema.Expression(schema.Both("0x1p4")),
		"1.2.3":                 schema.Expression(schema.Both("1.2.3")),
		"now()":                 schema.Expression(schema.Both("now()")),
		"'a' || 'b'":            schema.Expression(schema.Both("'a' || 'b'")),
		`"column"`:              schema.Expression(schema.Both(`"column"`)),
		"9223372036854775807":   schema.Literal(9223372036854775807),
		"-.5":                   schema.Literal(-0.5),
		"1_000":                 schema.Expression(schema.Both("1_000")),
		"nextval('a'::regclass": schema.Expression(schema.Both("nextval('a'::regclass")),
		"CURRENT_TIMESTAMP":     schema.Expression(schema.Both("CURRENT_TIMESTAMP")),
	} {
		if got := schema.ParseDefault(text); got != want {
			t.Errorf("ParseDefault(%q) is %+v, want %+v", text, got, want)
		}
	}
}

func TestNormalDefault(t *testing.T) {
	t.Parallel()
	number := func(text string) schema.Default { return schema.Default{Kind: schema.NumberDefault, Text: text} }
	for _, test := range []struct{ given, want schema.Default }{
		{number("1.50"), number("1.5")},
		{number("2.0"), number("2")},
		{number("1e3"), number("1000")},
		{number("1E3"), number("1000")},
		{number("9007199254740993"), number("9007199254740993")}, // beyond float64
		{number("1.2.3"), number("1.2.3")},
		{schema.Literal("1.50"), schema.Literal("1.50")},
		{schema.Literal(nil), schema.Default{}},
		{schema.Expression(schema.Both("(NULL)")), schema.Default{}},
		{schema.Expression(schema.SQL{Postgres: "NULL", SQLite: "1"}),
			schema.Expression(schema.SQL{Postgres: "null", SQLite: "1"})},
	} {
		if got := test.given.Normal(); got != test.want {
			t.Errorf("the normal form of %+v is %+v, want %+v", test.given, got, test.want)
		}
	}
}
