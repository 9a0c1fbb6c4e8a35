package sqlite_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTheEngineImportsNoDriver keeps programs that import the engine free to choose theirs; see the package comment.
func TestTheEngineImportsNoDriver(t *testing.T) {
	t.Parallel()
	list, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "guestlist/migrations").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(list))
	for _, driver := range []string{"github.com/mattn/go-sqlite3", "gorm.io/driver/sqlite", "modernc.org/sqlite"} {
		if slices.Contains(packages, driver) {
			t.Errorf("the engine imports %s", driver)
		}
	}
}
