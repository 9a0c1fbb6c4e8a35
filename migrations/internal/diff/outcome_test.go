package diff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// outcome is what a type change does to a value, given as SQL, on each database: the text that Go reads afterwards,
// after a ~ if the warning must count it as changed; ! if it is refused. An empty text is not tried.
type outcome struct {
	value            string
	postgres, sqlite string
}

func same(value, becomes string) outcome { return outcome{value, becomes, becomes} }

func refused(values ...string) []outcome {
	var all []outcome
	for _, value := range values {
		all = append(all, same(value, "!"))
	}
	return all
}

type converted struct {
	was, is  schema.Type
	outcomes []outcome
}

func conversions() []converted {
	return append(wholeNumbers(), append(momentsOfText(), append(textsOfMore(), oddTypes()...)...)...)
}

// wholeNumbers returns changes to integers that Go can read, though PostgreSQL has no unsigned or 8-bit integers.
func wholeNumbers() []converted {
	return []converted{
		{op.Int(64), op.Uint(8), append(refused("-1", "256", "70000"), same("0", "0"), same("255", "255"))},
		{op.Int(64), op.Uint(16), append(refused("-1", "65536"), same("65535", "65535"))},
		{op.Int(16), op.Uint(32), append(refused("-1"), same("32767", "32767"))},
		{op.Int(32), op.Uint(64), append(refused("-1"), same("2147483647", "2147483647"))},
		{op.Int(64), op.Int(8), append(refused("-129", "128"), same("-128", "-128"), same("127", "127"))},
		{op.Uint(16), op.Int(16), append(refused("40000"), same("32767", "32767"))},
		{op.Uint(32), op.Int(32), append(refused("2147483648"), same("7", "7"))},
		{op.Type("bigint"), op.Uint(32), append(refused("-1", "4294967296"), same("4294967295", "4294967295"))},
		{op.Decimal(10, 2), op.Uint(8), append(refused("-0.7", "255.5"), same("1.5", "~2"), same("255", "255"))},
		{op.Float(64), op.Uint(64), append(refused("-1", "1e300"), same("1.5", "~2"))},
		{op.Text(), op.Uint(8), append(refused("'-1'", "'256'", "'x'", "''", "'+-5'"), same("'255'", "255"),
			same("' +7 '", "7"))},
		{op.Text(), op.Int(64), append(refused("'9223372036854775808'", "'99999999999999999999'", "'1.5'", "'0x1f'", "'1_0'"),
			same("'9223372036854775807'", "9223372036854775807"), same("'-9223372036854775808'", "-9223372036854775808"))},
		{op.Type("oid"), op.Type("integer"), append(refused("4294967295"), same("7", "7"))},
		{op.Type("integer"), op.Type("oid"), append(refused("-1"), same("7", "7"))},
		{op.Type("bigint"), op.Type("oid"), append(refused("-1", "4294967296"), same("4294967295", "4294967295"))},
	}
}

// momentsOfText returns changes of texts to times, which are the same point in time on both databases, in any TimeZone
// of the session.
func momentsOfText() []converted {
	never := refused("'2026-02-30'", "'2025-02-29'", "'2026-13-01'", "'2026-01-32'", "'2026-01-01 24:00:00'", "'never'",
		"''", "'now'",
		"'2451545'", "'20260102'", "'2026-1-2'", "'0000-01-01'", "'2026-01-02 03:04:60'",
		"'2026-01-02 03:04:05 Europe/Paris'",
		"'2026-01-02 03:04:05 PM'", "'Jan 2 2026'", "' 2026-01-02'", "'2026-01-02x'", "'2026-01-02 03:04:05.'", "'infinity'",
		"'2026-01-02 03:04:05+15:00'", "'2026-01-02 03:04:05 +02:00'", "'2026-01-02 03:04:05+2'", "'2026-01-02 03'")
	zoned := []outcome{
		same("'2026-01-02 03:04:05+02:00'", "2026-01-02T01:04:05Z"),
		same("'2026-01-02T03:04:05.123456-05:30'", "2026-01-02T08:34:05.123456Z"),
		same("'2026-01-02 03:04:05+02'", "2026-01-02T01:04:05Z"),
		same("'2026-01-02 03:04:05.9999-02'", "2026-01-02T05:04:05.9999Z"),
		same("'2024-02-29T23:59:59Z'", "2024-02-29T23:59:59Z"),
		same("'2026-01-02 03:04:05.123456789Z'", "~2026-01-02T03:04:05.123456Z"),
		same("'2026-01-02'", "~2026-01-02T00:00:00Z"), same("'2026-01-02 03:04'", "~2026-01-02T03:04:00Z"),
		same("'2026-01-02T03:04:05.5'", "~2026-01-02T03:04:05.5Z"),
		same("'2026-01-02 03:04:05.1234567+00'", "~2026-01-02T03:04:05.123456Z"),
		same("'0001-01-01 00:00:00+00:00'", "0001-01-01T00:00:00Z"),
	}
	local := []outcome{
		same("'2026-01-02'", "2026-01-02T00:00:00Z"), same("'2026-01-02 03:04:05.25'", "2026-01-02T03:04:05.25Z"),
		same("'2026-01-02T03:04:05Z'", "2026-01-02T03:04:05Z"), same("'2026-01-02 03:04:05+00'", "2026-01-02T03:04:05Z"),
		same("'2026-01-02 03:04:05.1234569'", "~2026-01-02T03:04:05.123456Z"),
	}
	days := []outcome{
		same("'2024-02-29'", "2024-02-29T00:00:00Z"), same("'2026-01-02 23:04:05'", "~2026-01-02T00:00:00Z"),
		same("'2026-01-02T23:04:05-05:00'", "~2026-01-02T00:00:00Z"),
	}
	return []converted{
		{op.Text(), op.Time(), append(zoned, never...)},
		{op.String(40), op.Time(), zoned},
		{op.Text(), op.Time(3), []outcome{same("'2026-01-02 03:04:05.1239Z'", "~2026-01-02T03:04:05.123Z"),
			same("'2026-01-02 03:04:05.123+01'", "2026-01-02T02:04:05.123Z")}},
		{op.Text(), op.Type("timestamp(0)"),
			[]outcome{{"'2026-01-02 03:04:05.9'", "~2026-01-02T03:04:05Z", "~2026-01-02 03:04:05+00:00"}}},
		{op.Text(), op.Type("timestamp"),
			append(append(local, never...), refused("'2026-01-02 03:04:05+02:00'", "'2026-01-02 03:04:05-00:30'")...)},
		{op.Text(), op.Type("date"), append(days, never...)},
		{op.Type("char(20)"), op.Type("date"), days[:1]},
		{op.Text(), op.Type("time"),
			append(refused("'24:00:00'", "'3:04'", "'03:04x'", "'03:04:05+02'", "'03:04:60'", "'03:04:05.'"),
				same("'03:04:05'", "03:04:05"), same("'03:04:05.25'", "03:04:05.25"))},
		{op.Text(), op.Type("timetz"), append(refused("'03:04:05'", "'24:00:00+02'", "'never'"),
			same("'03:04:05+02'", "03:04:05+02"))},
	}
}

func textsOfMore() []converted {
	const id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	return []converted{
		{op.Text(), op.Float(64),
			append(refused("'1e400'", "'-1e400'", "'1e-400'", "'NaN'", "'Infinity'", "'x'", "''", "'0x1f'", "'1e'"),
				same("'1.5'", "1.5"), same("' -.5 '", "-0.5"), outcome{"'12345678901234567890'", "12345678901234567890",
					"~12345678901234567000"},
				same("'0'", "0"), same("'0e5'", "0"))},
		{op.Text(), op.Type("double precision"), append(refused("'1e400'", "'1e-400'", "'inf'"),
			same("'1.5'", "1.5"), same("'9007199254740993'", "~9007199254740992"))},
		{op.Text(), op.Type("real"), append(refused("'1e39'", "'1e-50'"), same("'1.5'", "1.5"))},
		{op.Text(), op.Type("numeric(5,2)"), append(refused("'1e400'", "'x'"), same("'1.25'", "1.25"),
			outcome{"'1.255'", "~1.26", "1.255"}, outcome{"'1000'", "!", "1000"})},
		{op.Text(), op.Type("uuid"), append(refused("'x'", "'6ba7-b8109dad11d180b400c04fd430c8'", "'{"+id+"'", "''"),
			same("'"+id+"'", id), same("'"+strings.ToUpper(id)+"'", id), same("'{"+id+"}'", id),
			same("'00000000000000000000000000000001'", "00000000-0000-0000-0000-000000000001"))},
		{op.Text(), op.Bool(), append(refused("'2'", "''"), outcome{"'yes'", "true", "1"})},
	}
}

// oddTypes returns changes of types that only PostgreSQL has; their values have no meaning on SQLite.
func oddTypes() []converted {
	on := func(value, postgres string) outcome { return outcome{value, postgres, ""} }
	return []converted{
		{op.Type("inet"), op.Type("cidr"), []outcome{on("'192.168.1.5/24'", "~192.168.1.0/24"),
			on("'10.0.0.1'", "10.0.0.1/32")}},
		{op.Type("cidr"), op.Type("inet"), []outcome{on("'192.168.1.0/24'", "192.168.1.0/24")}},
		{op.Text(), op.Type("cidr"), []outcome{on("'192.168.1.5/24'", "!"), on("'10.0.0.0/8'", "10.0.0.0/8")}},
		{op.Type("bit(8)"), op.Type("integer"), []outcome{on("'11111111'", "255")}},
		{op.Type("bit(32)"), op.Type("integer"), []outcome{on("'1"+strings.Repeat("0", 31)+"'", "~-2147483648")}},
		{op.Type("bit(40)"), op.Type("integer"), []outcome{on("'"+strings.Repeat("1", 40)+"'", "!")}},
		{op.Type("integer"), op.Type("bit(8)"), []outcome{on("300", "~00101100"), on("255", "11111111"),
			on("-1", "~11111111")}},
		{op.Type("bit(8)"), op.Type("varbit(4)"), []outcome{on("'11110000'", "!")}},
		{op.Type("varbit(8)"), op.Type("varbit(4)"), []outcome{on("'11110000'", "!"), on("'111'", "111")}},
		{op.Type("varbit(8)"), op.Type("bit(4)"), []outcome{on("'111'", "!"), on("'1111'", "1111")}},
		{op.Text(), op.Type("bit(4)"), []outcome{on("'10101'", "~1010"), on("'1010'", "1010"), on("'2'", "!")}},
		{op.Text(), op.Type("text[]"), []outcome{on("'{a,b}'", "{a,b}"), on("'a'", "!")}},
		{op.Text(), op.Type("jsonb"), []outcome{{`'{"b":1,"a":2}'`, `~{"a": 2, "b": 1}`, `{"b":1,"a":2}`}, same("'{'", "!"),
			same(`'"\u0000"'`, "!")}},
		{op.Type("bigint[]"), op.Type("integer[]"), []outcome{on("'{1,2147483648}'", "!"), on("'{1,2}'", "{1,2}")}},
		{op.Type("numeric[]"), op.Type("integer[]"), []outcome{on("'{1.5}'", "~{2}"), on("'{1,2}'", "{1,2}")}},
		{op.Type("text[]"), op.Type("varchar(2)[]"), []outcome{on("'{abc}'", "!"), on("'{ab}'", "{ab}")}},
		{op.Text(), op.Type("money"), []outcome{on("'1.239'", "~$1.24"), on("'x'", "!")}},
		{op.Type("numeric"), op.Type("money"), []outcome{on("1.239", "~$1.24"), on("1.25", "$1.25"), on("1e20", "!")}},
		{op.Type("money"), op.Type("numeric(3,1)"), []outcome{on("'1.25'", "~1.3"), on("'1000'", "!")}},
		{op.Text(), op.Type("interval"), []outcome{on("'1 day'", "1 day"), on("'never'", "!")}},
	}
}

// TestOutcomes changes the type of a column that holds one value and NULL. It checks that unchanged values have no
// warning, changed ones are counted, and refused ones are refused by both databases, with a query that finds them.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		db := s.Open(t)
		if s.Dialect == schema.Postgres {
			db.Exec(t, "SET TIME ZONE 'Asia/Tokyo'", "SET lc_monetary TO 'C'")
		}
		for n, c := range conversions() {
			for m, o := range c.outcomes {
				t.Run(fmt.Sprintf("%s to %s/%s", c.was, c.is, o.value), func(t *testing.T) {
					convertOne(t, s.Dialect, db, fmt.Sprintf("t%d_%d", n, m), c, o)
				})
			}
		}
	})
}

func convertOne(t *testing.T, d schema.Dialect, db *difftest.DB, name string, c converted, o outcome) {
	t.Helper()
	of := func(columnType schema.Type) schema.Schema {
		return schema.New(schema.Table{Name: name, Columns: []schema.Column{
			{Name: "id", Type: op.Int(64)}, {Name: "order", Type: columnType},
		}})
	}
	want := o.postgres
	if d == schema.SQLite {
		want = o.sqlite
	}
	if want == "" {
		return
	}
	before := withTable(t, db, of(c.was))
	db.Exec(t, fmt.Sprintf(`INSERT INTO %s (id, "order") VALUES (1, %s), (2, NULL)`, name, o.value))
	p, err := diff.Diff(before, of(c.is))
	if err != nil {
		t.Fatal(err)
	}
	counted := affected(t, db, d, p.Warnings())
	_, err = db.Migrate(t, before, diff.Operations(p.Upgrade))
	if want == "!" {
		wantRefusal(t, db, err)
		wantUnchanged(t, d, db, name, c)
		if counted != 1 && counted != unknown {
			t.Errorf("got %d affected rows before a refusal, want 1 or unknown: %v", counted, p.Warnings())
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	becomes, lost := strings.CutPrefix(want, "~")
	if got := read(t, db, name); got != becomes {
		t.Errorf("got %s, want %s", got, becomes)
	}
	if lost && counted != 1 && counted != unknown || !lost && counted > 0 {
		t.Errorf("got %d affected rows, want some: %t: %v", counted, lost, p.Warnings())
	}
}

func withTable(t *testing.T, db *difftest.DB, is schema.Schema) schema.Schema {
	t.Helper()
	p, err := diff.Diff(schema.Schema{}, is)
	if err != nil {
		t.Fatal(err)
	}
	return db.Must(t, schema.Schema{}, diff.Operations(p.Upgrade))
}

// wantRefusal checks that err is an error whose query, if it has one, finds the row.
func wantRefusal(t *testing.T, db *difftest.DB, err error) {
	t.Helper()
	if err == nil {
		t.Error("got no error, want a refusal")
		return
	}
	_, query, found := strings.Cut(hint.Of(err), ": SELECT *")
	if found && db.Ask(t, "SELECT id"+query) != "1" {
		t.Errorf("%q: got %q, want 1", query, db.Ask(t, "SELECT id"+query))
	}
}

// wantUnchanged checks that SQLite's conversion, which scripts use, leaves refused values unchanged.
func wantUnchanged(t *testing.T, d schema.Dialect, db *difftest.DB, table string, c converted) {
	t.Helper()
	effect := convert.On(d, convert.Column{Name: table + ".order", SQL: `"order"`}, c.was, c.is)
	if d != schema.SQLite || effect.Using == "" || !effect.Unlike {
		return
	}
	if left := db.Ask(t, fmt.Sprintf(`SELECT count(*) FROM %s WHERE id = 1 AND (%s) = "order"`, table,
		effect.Using)); left != "1" {
		t.Errorf("%s: got %s unchanged values, want 1", effect.Using, left)
	}
}

// read returns the value as Go reads it, times in UTC.
func read(t *testing.T, db *difftest.DB, table string) string {
	t.Helper()
	var value any
	if err := db.Conn.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT "order" FROM %s WHERE id = 1`, table)).
		Scan(&value); err != nil {
		t.Fatal(err)
	}
	switch value := value.(type) {
	case time.Time:
		return value.UTC().Format(time.RFC3339Nano)
	case []byte:
		return string(value)
	case float64:
		return fmt.Sprint(schema.Literal(value).Text)
	default:
		return fmt.Sprint(value)
	}
}
