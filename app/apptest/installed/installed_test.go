package installed_test

import (
	"testing"

	"guestlist/app/apptest/installed"
)

// outcome records how a test would end.
type outcome struct {
	testing.TB

	skipped, failed bool
}

func (o *outcome) Helper()               {}
func (o *outcome) Skipf(string, ...any)  { o.skipped = true }
func (o *outcome) Fatalf(string, ...any) { o.failed = true }

func TestProgram(t *testing.T) {
	for name, test := range map[string]struct {
		ci, program     string
		skipped, failed bool
	}{
		"installed":            {"", "go", false, false},
		"installed, in CI":     {"true", "go", false, false},
		"not installed":        {"", "no-such-program", true, false},
		"not installed, in CI": {"true", "no-such-program", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CI", test.ci)
			got := outcome{TB: t}
			path := installed.Program(&got, test.program, "package")
			if got.skipped != test.skipped || got.failed != test.failed {
				t.Errorf("skipped %t, failed %t; want %t, %t", got.skipped, got.failed, test.skipped, test.failed)
			}
			if wanted := !test.skipped && !test.failed; (path != "") != wanted {
				t.Errorf("found %q; want a path: %t", path, wanted)
			}
		})
	}
}
