package convert_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

var update = flag.Bool("update", false, "write the golden files")

// pair is a change from one type to another.
type pair struct{ was, is schema.Type }

// pairsOf reads pairs of types: "int to text" is one, "int; bigint to text; varchar(9)" are four.
func pairsOf(lines ...string) []pair {
	var pairs []pair
	for _, line := range lines {
		left, right, _ := strings.Cut(line, " to ")
		for from := range strings.SplitSeq(left, "; ") {
			for to := range strings.SplitSeq(right, "; ") {
				pairs = append(pairs, pair{op.Type(from), op.Type(to)})
			}
		}
	}
	return pairs
}

// numberPairs returns changes between numbers, with the limits of each type.
func numberPairs() []pair {
	pairs := pairsOf(
		"smallint; integer; bigint to smallint; integer; bigint",
		"smallint; integer; bigint; oid to real; double precision; numeric; numeric(5,2); boolean",
		"real; double precision to smallint; bigint; real; double precision; numeric; numeric(4,1); boolean",
		"numeric; numeric(4,0); numeric(5,0); numeric(6,2); numeric(18,0); numeric(19,0) to smallint; bigint",
		"numeric; numeric(6,0); numeric(7,0); numeric(15,2); numeric(16,2) to real; double precision; boolean",
		"numeric(40,2); numeric(400,200); numeric(400,0) to real; double precision",
		"numeric; numeric(5,2) to numeric; numeric(5,2); numeric(4,2); numeric(5,1); numeric(6,2); numeric(6,3)",
		"numeric; numeric(5,2) to numeric(5,-1)",
		"numeric(9,0) to numeric(6,-2)",
		"numeric(40,37); numeric(40,38); numeric(38,0); numeric(39,0) to real",
		"numeric(308,0); numeric(309,0); numeric(310,307); numeric(310,308) to double precision",
		"numeric(5,1); numeric(5) to integer; smallint; numeric(4)",
		"numeric(5,2); double precision to numeric(5,0); numeric(2)",
		"bigint to numeric(18,0); numeric(19,0)",
		"boolean to boolean; integer; numeric(3,1); double precision; uuid; geometry",
		"geometry to boolean; integer; numeric; time; timestamp; geometry",
		"geometry(3) to geometry(2); geometry(3); geometry",
		"integer to geometry",
	)
	for _, was := range []schema.Type{
		op.Int(8), op.Int(16), op.Int(64), op.Uint(8), op.Uint(16), op.Uint(32), op.Uint(64),
	} {
		for _, is := range []schema.Type{op.Int(8), op.Int(16), op.Int(32), op.Uint(8), op.Uint(32), op.Uint(64)} {
			pairs = append(pairs, pair{was, is})
		}
	}
	return append(pairs, pair{op.Float(64), op.Int(64)}, pair{op.Float(64), op.Int(8)}, pair{op.Int(64), op.Float(64)},
		pair{op.Decimal(15, 0), op.Float(64)}, pair{op.Decimal(16, 0), op.Float(64)}, pair{op.Bool(), op.Int(8)},
		pair{op.Int(64), op.Bool()}, pair{op.Decimal(20, 2), op.Int(64)}, pair{op.Decimal(2, 0), op.Uint(8)},
		pair{op.Decimal(2, 0), op.Int(8)}, pair{op.Int(64), op.TypeFor(op.Dialects{Postgres: "integer", SQLite: "text"})},
		pair{op.Int(64), op.TypeFor(op.Dialects{Postgres: "integer", SQLite: "blob"})})
}

// textPairs returns changes from and to text.
func textPairs() []pair {
	pairs := pairsOf(
		"text to smallint; bigint; real; double precision; numeric; numeric(5,2); numeric(5,0); boolean; uuid; bytea",
		"text to date; timestamp; timestamp(0); timestamptz; timestamptz(1); timestamptz(0); time; timetz; interval",
		"text to json; jsonb",
		"varchar(3); text to varchar(3); varchar(2); char(3); char(4); char; text; citext",
		"char(3) to varchar(3); varchar(2); char(3); char(2); char(4); text; integer; boolean; date",
		"boolean to text; varchar(5); varchar(4)",
		"smallint; integer; bigint to text; varchar(6); varchar(5); varchar(11); varchar(10); varchar(20); varchar(19)",
		"date to text; varchar(10); varchar(9)",
		"uuid to text; varchar(36); varchar(35)",
		"numeric; numeric(5,2); numeric(5,0) to text; varchar(8); varchar(7); char(9)",
		"real; timestamptz; jsonb to text; varchar(9)",
		"bytea to text; varchar(3); char(3); integer; uuid; bytea",
		"citext to integer; text",
		"text to inet; geometry; numeric(5)",
		"char to char(1); char(2); varchar(1)",
		"numeric(5) to varchar(8); varchar(7)",
	)
	return append(pairs, pair{op.Text(), op.Bool()}, pair{op.Text(), op.Int(8)}, pair{op.String(8), op.Uint(32)},
		pair{op.Text(), op.Float(64)}, pair{op.Text(), op.Decimal(5, 2)}, pair{op.Text(), op.Time()},
		pair{op.Text(), op.Time(3)}, pair{op.Text(), op.Bytes()}, pair{op.Bytes(), op.String(4)},
		pair{op.Bool(), op.String(5)}, pair{op.Uint(32), op.String(9)}, pair{op.Uint(32), op.String(10)},
		pair{op.String(9), op.Text()}, pair{op.Time(), op.Text()})
}

// otherPairs returns changes between times, documents and types that have few casts.
func otherPairs() []pair {
	return append(pairsOf(
		"date to timestamp; timestamptz; time; date; integer",
		"timestamp; timestamp(0); timestamp(3) to date; timestamptz; timestamptz(1); timestamp(1); timestamp(3); time",
		"timestamptz; timestamptz(3) to date; timestamp; timestamp(0); timestamptz(2); timestamptz(1); time; timetz",
		"timestamp; timestamptz to time(3); interval",
		"time; time(3); timetz to time(0); time(3); timetz; timetz(3); interval; timestamp",
		"interval to interval(0); interval(3); time; timetz; integer",
		"json; jsonb to json; jsonb; integer; boolean; numeric; date",
		"uuid to uuid; bytea; integer",
		"oid to integer; bigint; smallint; oid",
		"smallint; integer; bigint to oid; bit(8); bit(31); bit(32); bit(64); varbit(8); money",
		"bit(8); bit(32); bit(33); bit(64); bit(65) to integer; bigint",
		"bit(8); bit to bit(8); bit(9); varbit; varbit(7); varbit(8)",
		"varbit; varbit(8) to bit(8); varbit(8); varbit(7); varbit; integer",
		"text to bit(8); varbit(8); varbit; money; oid",
		"integer; text; varbit; varbit(2) to bit; bit(1)",
		"numeric; numeric(9,2) to money",
		"money to numeric; numeric(19,2); numeric(19,1); numeric(18,2); integer; double precision",
		"inet; cidr to inet; cidr",
		"macaddr; macaddr8 to macaddr; macaddr8",
		"tsvector to tsquery; integer",
		"integer[] to bigint[]; smallint[]; text[]; integer; boolean[]",
		"text[] to integer[]; varchar(3)[]",
		"integer to integer[]; inet",
	), pair{op.Time(), op.Time(3)}, pair{op.Time(3), op.Time()}, pair{op.Time(), op.Int(64)}, pair{op.Int(64), op.Time()},
		pair{op.Time(), op.Type("date")}, pair{op.Type("date"), op.Time()}, pair{op.Bytes(), op.Int(64)},
		pair{op.Bytes(), op.Bool()}, pair{op.Time(), op.Type("time")})
}

// TestOn compares the effect of each change with the golden files. TestRetyping and other tests of package diff check
// on databases that the SQL finds the right rows.
func TestOn(t *testing.T) {
	t.Parallel()
	for name, pairs := range map[string][]pair{"numbers": numberPairs(), "text": textPairs(), "others": otherPairs()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, p := range pairs {
				fmt.Fprintf(&b, "%s to %s\n", p.was, p.is)
				for _, d := range schema.Dialects() {
					fmt.Fprintf(&b, "\t%s:%s\n", d, describe(convert.On(d, convert.Column{Name: "t.c", SQL: "c"}, p.was, p.is)))
				}
			}
			compare(t, name, b.String())
		})
	}
}

// describe writes every field of an effect that is set.
func describe(e convert.Effect) string {
	var b strings.Builder
	for _, field := range []struct {
		name  string
		value any
	}{
		{"using", e.Using}, {"refused", e.Refused}, {"loss", e.Loss}, {"loses", e.Loses}, {"failure", e.Failure},
		{"fails", e.Fails}, {"unlike", e.Unlike}, {"kept", e.Kept}, {"storage", strings.Join(e.Storage, " ")},
	} {
		if field.value != "" && field.value != false {
			fmt.Fprintf(&b, "\n\t\t%s: %v", field.name, field.value)
		}
	}
	if b.Len() == 0 {
		return " safe"
	}
	return b.String()
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gots, wants := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for n := range max(len(gots), len(wants)) {
		if line(gots, n) != line(wants, n) {
			t.Fatalf("%s:%d: got\n%s\nwant\n%s", path, n+1, line(gots, n), line(wants, n))
		}
	}
}

func line(lines []string, n int) string {
	if n < len(lines) {
		return lines[n]
	}
	return "(end of file)"
}

// TestEpoch checks the expressions of seconds since 1970.
func TestEpoch(t *testing.T) {
	t.Parallel()
	fromSeconds := schema.SQL{Postgres: "to_timestamp(c)", SQLite: "strftime('%Y-%m-%d %H:%M:%S+00:00', c, 'unixepoch')"}
	toSeconds := schema.SQL{Postgres: "extract(epoch from c)", SQLite: "CAST(strftime('%s', c) AS integer)"}
	for _, test := range []struct {
		was, is schema.Type
		want    schema.SQL
	}{
		{op.Int(64), op.Time(), fromSeconds}, {op.Float(64), op.Type("timestamp"), fromSeconds},
		{op.Time(), op.Int(64), toSeconds}, {op.Type("date"), op.Decimal(20, 3), toSeconds},
		{op.Text(), op.Time(), schema.SQL{}}, {op.Time(), op.Text(), schema.SQL{}}, {op.Time(), op.Time(), schema.SQL{}},
		{op.Int(64), op.Float(64), schema.SQL{}}, {op.Int(64), op.Type("time"), schema.SQL{}},
	} {
		if got := convert.Epoch("c", test.was, test.is); got != test.want {
			t.Errorf("%s to %s: got %v, want %v", test.was, test.is, got, test.want)
		}
	}
}

// TestClass checks the class of types by their name on either database.
func TestClass(t *testing.T) {
	t.Parallel()
	for want, types := range map[string][]schema.Type{
		"bool": {op.Bool(), op.Type("boolean")}, "int": {op.Int(8), op.Uint(64), op.Type("bigserial"), op.Type("smallint")},
		"number": {op.Float(32), op.Decimal(9, 2), op.Type("real"), op.Type("numeric")},
		"text":   {op.Text(), op.String(9), op.Type("citext"), op.Type("char(3)")},
		"moment": {op.Time(), op.Type("date"), op.Type("timestamp")}, "clock": {op.Type("time"), op.Type("timetz")},
		"interval": {op.Type("interval")}, "bytes": {op.Bytes(), op.Type("bytea")},
		"json": {op.Type("jsonb"), op.Type("json"), op.TypeFor(op.Dialects{Postgres: "doc", SQLite: "json"}),
			op.TypeFor(op.Dialects{SQLite: "jsonb"})},
		"uuid": {op.Type("uuid")}, "geometry": {op.Type("geometry")}, "oid": {op.Type("oid")},
	} {
		for _, columnType := range types {
			if got := convert.Class(columnType); got != want {
				t.Errorf("%s: got %s, want %s", columnType, got, want)
			}
		}
	}
}

// TestEffect checks the methods of an effect.
func TestEffect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		effect convert.Effect
		safe   bool
		where  string
	}{
		{convert.Effect{}, true, ""}, {convert.Effect{Using: "c::text", Storage: []string{"integer"}}, true, ""},
		{convert.Effect{Refused: true}, false, ""}, {convert.Effect{Loss: "rounds", Loses: "a"}, false, "a"},
		{convert.Effect{Failure: "large", Fails: "b"}, false, "b"},
		{convert.Effect{Loss: "rounds", Loses: "a", Failure: "large", Fails: "b"}, false, "a OR b"},
	} {
		if got := test.effect.IsSafe(); got != test.safe {
			t.Errorf("%+v: got IsSafe %t, want %t", test.effect, got, test.safe)
		}
		if got := test.effect.Where(); got != test.where {
			t.Errorf("%+v: got Where %q, want %q", test.effect, got, test.where)
		}
	}
}
