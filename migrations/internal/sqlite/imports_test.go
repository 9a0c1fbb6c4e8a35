package sqlite_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTheEngineNeedsNoC checks that the engine imports no driver that needs C, and no driver at all with the tag
// no_modernc, so that programs can choose theirs; see the package comment.
func TestTheEngineNeedsNoC(t *testing.T) {
	t.Parallel()
	const mattn, gorm, modernc = "github.com/mattn/go-sqlite3", "gorm.io/driver/sqlite", "modernc.org/sqlite"
	for tags, unwanted := range map[string][]string{"": {mattn, gorm}, "no_modernc": {mattn, gorm, modernc}} {
		list, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, "guestlist/migrations").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, driver := range unwanted {
			if slices.Contains(strings.Fields(string(list)), driver) {
				t.Errorf("with tags %q, the engine imports %s, want it not to", tags, driver)
			}
		}
	}
}
