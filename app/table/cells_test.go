package table

import (
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":          "",
		"Ann":       "Ann",
		"O'Hara":    "O'Hara",
		"a=b":       "a=b",
		"=1+1":      "'=1+1",
		" -1":       " '-1",
		"＠x":        "'＠x",
		"'quoted'":  "''quoted'",
		"a;=1+1":    "a;'=1+1",
		"a; +1;b;'": "a; '+1;b;''",
		`a;"=1;b`:   `a;"'=1;b`, // written "a;""=1;b", whose second cell, between semicolons, is ""=1
		`"Ann"`:     `"Ann"`,
	} {
		if got := EscapeFormula(cell); got != want {
			t.Errorf("%q is escaped as %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{"'Ann": "'Ann", "'": "'", "a;'b": "a;'b"} { // from other programs
		if got := unescapeFormula(cell); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

// FuzzHarmless checks that a cell is read as it was before it was escaped, and that no part of it between semicolons
// begins like a formula (formulaStarts), in case semicolons separate cells.
func FuzzHarmless(f *testing.F) {
	for _, cell := range []string{"=1", "'=1", "';=", "a;''", "; ;=", "''", "; '", "a; =b;-c", `a;"=b;"'"`} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		cell = strings.ToValidUTF8(cell, "?")
		written := EscapeFormula(cell)
		if got := unescapeFormula(written); got != cell {
			t.Errorf("%q is escaped as %q and read as %q, want it unchanged", cell, written, got)
		}
		for part := range strings.SplitSeq(written, ";") {
			if part = strings.TrimLeft(part, formulaPrefixes); part != "" &&
				strings.ContainsRune(strings.TrimSuffix(formulaStarts, "'"), []rune(part)[0]) {
				t.Errorf("%q is escaped as %q, in which a cell begins like a formula", cell, written)
			}
		}
	})
}
