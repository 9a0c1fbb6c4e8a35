package cli

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/source"
)

func initCommand(program *Program) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Create a directory for migrations",
		Long: "Create a directory for migrations, with its parents, and print what to add to the program.\n\n" +
			"A program has one directory for each database that it migrates.",
		Example: "  {db} init other/migrations",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, arguments []string) error {
			return hint.Lines(program.initialise(c, arguments), program.Name)
		},
	}
}

func (p *Program) initialise(c *cobra.Command, arguments []string) error {
	flag := c.Flag(directoryFlag)
	directory := flag.Value.String()
	switch {
	case len(arguments) > 1, len(arguments) == 1 && flag.Changed && directory != arguments[0]:
		return extraArguments(arguments[len(arguments)-1:], "one DIRECTORY is enough; see "+c.CommandPath()+" --help")
	case len(arguments) == 1:
		directory = arguments[0]
	}
	if err := checkImportable(directory); err != nil {
		return err
	}
	err := makeDirectory(directory, p.printDone)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p.Stdout, p.instruction(directory)); err != nil {
		return fmt.Errorf("print what to add to the program: %w", err)
	}
	return nil
}

// checkImportable rejects directories that the Go tool ignores, and names that cannot be in an import path
// (https://go.dev/ref/spec#Import_declarations, go help packages).
func checkImportable(directory string) error {
	path, _ := source.ImportPath(directory)
	for element := range strings.SplitSeq(path, "/") {
		hidden := strings.HasPrefix(element, ".") || strings.HasPrefix(element, "_")
		other := strings.ContainsFunc(element, func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._~+", r)
		})
		if hidden || other || element == "vendor" || element == "testdata" {
			err := fmt.Errorf("Go cannot import a package from a directory named %q", element) //nolint:staticcheck // a name
			return hint.New(err, "choose a name of letters, digits, - and _")
		}
	}
	return nil
}

// notEmptyError is returned for a directory that is not empty.
type notEmptyError struct{ directory string }

func (e *notEmptyError) Error() string {
	return fmt.Sprintf("Directory %s already exists and is not empty", e.directory)
}

// Hint says what to do about it.
func (e *notEmptyError) Hint() string {
	return "this project has migrations already: continue with {db} revision or {db} upgrade; " +
		"for others, name another directory"
}

// versionsFile is the first file in a new directory of revisions.
const versionsFile = `// Package versions holds the revisions of a database, one file each.
package versions

import (
	"embed"

	"guestlist/migrations/revision"
)

//go:embed *.go
var files embed.FS

// Revisions are the revisions that the files of this directory register, and the files themselves.
var Revisions = revision.NewRegistry(files)
`

// makeDirectory creates the directory for the migrations of a database, with its parents, and calls made for each path
// it created.
func makeDirectory(directory string, made func(verb, path string)) error {
	entries, err := os.ReadDir(directory)
	if err == nil && len(entries) > 0 {
		return &notEmptyError{directory: directory}
	}
	versions := filepath.Join(directory, "versions")
	var missing []string
	for path := versions; ; path = filepath.Dir(path) {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append(missing, path)
	}
	for _, path := range slices.Backward(missing) {
		if err := os.Mkdir(path, 0o755); err != nil { //nolint:gosec // source code is for all to read
			return fmt.Errorf("create a directory for the migrations: %w", err)
		}
		made("Creating directory", path)
	}
	path := filepath.Join(versions, "versions.go")
	if err := writeNew(path, []byte(versionsFile)); err != nil {
		return fmt.Errorf("create a directory for the migrations: %w", err)
	}
	made("Generating", path)
	return nil
}

// instruction says how to add a new directory to the program.
func (p *Program) instruction(directory string) string {
	path, ok := source.ImportPath(filepath.Join(directory, "versions"))
	switch {
	case !ok:
		return fmt.Sprintf("Please move %s into the program's module before proceeding: it must lie inside to be imported.\n",
			directory)
	case sameDirectory(directory, p.Directory):
		return fmt.Sprintf("Please import %q and set Revisions: versions.Revisions in the program's migrations.Environment"+
			" before proceeding.\n", path)
	}
	name := p.freeName(databaseName(directory))
	return fmt.Sprintf(`Please add an import and an environment to the program, where it calls migrations.Command,
before proceeding:

	import %[1]s %[2]q

	&migrations.Environment{Directory: %[3]q, Revisions: %[1]s.Revisions, VersionTable: %[4]q}

Give it the Models of its database, and Open where that is not the one of the first environment.
`, name, path, filepath.ToSlash(directory), name+"_migrations")
}

// freeName returns a name for a new database that neither an environment nor its table of ids uses.
func (p *Program) freeName(name string) string {
	var taken []string
	for _, e := range p.environments() {
		taken = append(taken, e.Table, databaseName(e.Directory)+"_migrations")
	}
	free := name
	for n := 2; slices.Contains(taken, free+"_migrations"); n++ {
		free = fmt.Sprintf("%s%d", name, n)
	}
	return free
}

// databaseName derives the name of a database from its directory: reports for reports/migrations. It is valid in Go and
// in SQL, and not a name that the program already uses.
func databaseName(directory string) string {
	base := filepath.Base(directory)
	if parent := filepath.Base(filepath.Dir(directory)); base == "migrations" && parent != "." {
		base = parent
	}
	name := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, base)
	used := []string{"migrations", "versions", "revision", "op", "main", "context", "gorm"}
	if name == "" || unicode.IsDigit(rune(name[0])) || token.IsKeyword(name) || slices.Contains(used, name) {
		name = "db" + name
	}
	return name
}
