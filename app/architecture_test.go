package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// order lists the packages from the lowest to the highest; a package may import only those before it. The migration
// engine comes first, since it knows nothing of the program, then the packages that features are built on, the
// features, and the program.
var order = []string{
	"migrations/schema",
	"migrations/op",
	"migrations/revision",
	"migrations/internal/convert",
	"migrations/internal/sqlite",
	"migrations/internal/postgres",
	"migrations/internal/session",
	"migrations/internal/hint",
	"migrations/internal/names",
	"migrations/internal/source",
	"migrations/internal/graph",
	"migrations/internal/ddl",
	"migrations/internal/render",
	"migrations/internal/models",
	"migrations/internal/layout",
	"migrations/internal/picture",
	"migrations/internal/diff",
	"migrations/internal/drift",
	"migrations/internal/lint",
	"migrations/internal/online",
	"migrations/internal/runner",
	"migrations/internal/project",
	"migrations/internal/autogen",
	"migrations/internal/cli",
	"migrations",
	"migrations/versions",

	"app/text",
	"app/logging",
	"app/database",
	"app/localtime",
	"app/terminal",
	"app/turns",
	"app/secrets",
	"app/settings",
	"app/utils",
	"app/openapi",
	"app/table",
	"app/calendar",
	"app/audit",
	"app/limits",
	"app/mail",
	"app/metrics",
	"app/traces",
	"app/pages",
	"app/organisation",
	"app/content",
	"app/docs",
	"app/users",
	"app/events",
	"app/tags",
	"app/invitedguest",
	"app/baobab",
	"app",
	"app/seed",
	"app/cli",
	"", // main
}

// handlers are patterns of the files below app that have handlers and middleware; only these may import Gin.
var handlers = []string{"router.go", "health.go", "utils/*.go", "*/api.go", "*/*_api.go", "*/middleware.go",
	"*/page.go"}

// pkg is a package of the module, with its path relative to the module.
type pkg struct {
	path           string
	imports, tests []string
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.isForTests() {
			continue
		}
		rank := slices.Index(order, p.path)
		if rank < 0 {
			t.Errorf("%s is not in the order of packages", p.path)
			continue
		}
		for _, to := range p.imports {
			if i := slices.Index(order, to); i >= rank {
				t.Errorf("%s imports %s, which is not below it", p.path, to)
			}
			if to == "app/cli" && p.path != "" {
				t.Errorf("%s imports the command tree", p.path)
			}
		}
	}
}

func TestOnlyHandlersKnowGin(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*.go", "*/*.go", "*/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			knows := slices.ContainsFunc(parsed.Imports,
				func(i *ast.ImportSpec) bool { return i.Path.Value == `"github.com/gin-gonic/gin"` })
			handles := slices.ContainsFunc(handlers, func(pattern string) bool {
				matches, err := path.Match(pattern, filepath.ToSlash(file))
				return matches && err == nil
			})
			if knows && !handles && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s imports Gin", file)
			}
		}
	}
}

// TestTheEngineStandsAlone checks that the engine and its tests import neither the application nor the program's
// revisions. (TestImportsPointDown does not check the imports of tests.)
func TestTheEngineStandsAlone(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.path, "migrations") {
			continue
		}
		for _, to := range slices.Concat(p.imports, p.tests) {
			if strings.HasPrefix(to, "app") || to == "migrations/versions" {
				t.Errorf("%s or one of its tests imports %s", p.path, to)
			}
		}
	}
}

// isForTests reports whether the package is only for tests.
func (p pkg) isForTests() bool {
	return slices.Contains(p.imports, "testing") || strings.HasSuffix(p.path, "test")
}

// packages returns the module's packages. Imports of other modules keep their full path.
func packages(t *testing.T) (all []pkg) {
	t.Helper()
	module := output(t, "go", "list", "-m")
	within := func(path string) string {
		if path == module {
			return ""
		}
		return strings.TrimPrefix(path, module+"/")
	}
	const format = `{{.ImportPath}};{{join .Imports " "}};{{join .TestImports " "}} {{join .XTestImports " "}}`
	for line := range strings.Lines(output(t, "go", "list", "-f", format, "../...")) {
		fields := strings.Split(line, ";")
		p := pkg{path: within(fields[0])}
		for path := range strings.FieldsSeq(fields[1]) {
			p.imports = append(p.imports, within(path))
		}
		for path := range strings.FieldsSeq(fields[2]) {
			p.tests = append(p.tests, within(path))
		}
		all = append(all, p)
	}
	return all
}

// output returns what a command prints, without white space at either end.
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
