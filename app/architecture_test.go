package app_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// order lists the packages of the engine from the lowest to the highest: each may import those before it only. The
// program's revisions come after the engine, and the application after them.
var order = []string{
	"migrations/schema",
	"migrations/op",
	"migrations/revision",
	"migrations/internal/sqlite",
	"migrations/internal/session",
	"migrations/internal/hint",
	"migrations/internal/source",
	"migrations/internal/graph",
	"migrations/internal/ddl",
	"migrations/internal/render",
	"migrations/internal/models",
	"migrations/internal/diff",
	"migrations/internal/drift",
	"migrations/internal/runner",
	"migrations/internal/project",
	"migrations/internal/autogen",
	"migrations/internal/cli",
	"migrations",
	"migrations/versions",
}

// TestImportsPointDown compares the imports of every package of the engine with the order. Tests may import what is above
// them, but neither the application nor the program's revisions.
func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	module := output(t, "go", "list", "-m")
	const format = `{{.ImportPath}};{{join .Imports " "}};{{join .TestImports " "}} {{join .XTestImports " "}}`
	for line := range strings.Lines(output(t, "go", "list", "-f", format, "../migrations/...")) {
		fields := strings.Split(line, ";")
		from, _ := strings.CutPrefix(fields[0], module+"/")
		imports, tests := fields[1], fields[2]
		if slices.Contains(strings.Fields(imports), "testing") || strings.HasSuffix(from, "test") { // helpers of tests
			imports, tests = "", imports+" "+tests
		} else if !slices.Contains(order, from) {
			t.Errorf("%s is not in the order of packages", from)
		}
		below := order[:max(slices.Index(order, from), 0)]
		for to := range strings.FieldsSeq(imports) {
			if to, own := strings.CutPrefix(to, module+"/"); own && !slices.Contains(below, to) {
				t.Errorf("%s imports %s, which is not below it", from, to)
			}
		}
		for to := range strings.FieldsSeq(tests) {
			to, own := strings.CutPrefix(to, module+"/")
			if own && (!strings.HasPrefix(to, "migrations") || to == "migrations/versions") {
				t.Errorf("a test of %s imports %s", from, to)
			}
		}
	}
}

// output returns what a command prints, without the last end of line.
func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	var faults strings.Builder
	command.Stderr = &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, faults.String())
	}
	return strings.TrimSpace(string(out))
}
