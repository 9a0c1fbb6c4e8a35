package schema_test

import (
	"testing"

	"guestlist/migrations/schema"
)

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
