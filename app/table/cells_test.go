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
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{"'Ann": "'Ann", "'": "'", "a;'b": "a;'b"} { // somebody else's
		if got := unescapeFormula(cell); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

// FuzzHarmless: what is written is read, and no cell of it begins like a formulaStarts, whatever separates cells.
func FuzzHarmless(f *testing.F) {
	for _, cell := range []string{"=1", "'=1", "';=", "a;''", "; ;=", "''", "; '", "a; =b;-c", `a;"=b;"'"`} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		cell = strings.ToValidUTF8(cell, "?")
		written := EscapeFormula(cell)
		if got := unescapeFormula(written); got != cell {
			t.Errorf("%q is written %q and read %q, want what was written", cell, written, got)
		}
		for part := range strings.SplitSeq(written, ";") {
			if part = strings.TrimLeft(part, formulaPrefixes); part != "" &&
				strings.ContainsRune(strings.TrimSuffix(formulaStarts, "'"), []rune(part)[0]) {
				t.Errorf("%q is written %q, where a cell begins as a formula", cell, written)
			}
		}
	})
}
