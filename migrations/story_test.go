package migrations_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// The files of a program with one model, except the model itself.
const (
	shopMain = `package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite"

	"guestlist/migrations"

	"shop/migrations/versions"
)

func main() {
	err := migrations.Command(&migrations.Environment{
		Revisions: versions.Revisions, Models: []any{&Book{}}, Open: open, Name: "shop",
	}).Execute()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		os.Exit(1)
	}
}

func open(context.Context) (*gorm.DB, error) {
	path, ok := strings.CutPrefix(os.Getenv("DATABASE_URL"), "sqlite:///")
	if ok {
		return gorm.Open(&sqlite.Dialector{DriverName: "sqlite", DSN: path}, &gorm.Config{})
	}
	return gorm.Open(postgres.Open(os.Getenv("DATABASE_URL")), &gorm.Config{})
}
`
	shopVersions = `package versions

import (
	"embed"

	"guestlist/migrations/revision"
)

//go:embed *.go
var files embed.FS

var Revisions = revision.NewRegistry(files)
`
)

// shop is a program in a module of its own, built by the Go tool for each step of a story.
type shop struct {
	t   *testing.T
	dir string
	url string // of the database
}

func newShop(t *testing.T) *shop {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, dir: t.TempDir()}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	s.write("go.sum", string(sums))
	name := regexp.MustCompile(`(?m)^module (\S+)$`).FindStringSubmatch(string(module))[1]
	file := strings.Replace(string(module), "module "+name, "module shop", 1) // so that no version is looked up
	s.write("go.mod", strings.ReplaceAll(file, "=> ./", "=> "+root+"/"))
	s.write("main.go", shopMain)
	s.write("migrations/versions/versions.go", shopVersions)
	s.tool("mod", "edit", "-require", name+"@v0.0.0", "-replace", name+"="+root)
	return s
}

func (s *shop) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// tool runs the Go tool, which must not need the network.
func (s *shop) tool(arguments ...string) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), "go", arguments...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

// shopProgram is the name of the executable. Windows runs only files with certain extensions, such as .exe.
const shopProgram = "shop.exe"

// build builds the program with fields added to its model.
func (s *shop) build(fields ...string) {
	s.t.Helper()
	s.write("book.go", "package main\n\n// Book is on sale.\ntype Book struct {\n\tID    int64\n\tTitle string "+
		"`gorm:\"size:200;not null\"`\n"+
		strings.Join(fields, "")+"}\n")
	s.tool("build", "-o", shopProgram, ".")
}

// want runs the program and checks that its output begins with the given text.
func (s *shop) want(want string, arguments ...string) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), filepath.Join(s.dir, shopProgram), arguments...)
	c.Dir, c.Env = s.dir, []string{"DATABASE_URL=" + s.url}
	out, _ := c.CombinedOutput() // the output shows an error
	if got := string(out); !strings.HasPrefix(got, want) {
		s.t.Errorf("db %s printed\n%s\nwant output that begins with\n%s", strings.Join(arguments, " "), got, want)
	}
}

// move renames a file.
func (s *shop) move(from, to string) {
	s.t.Helper()
	if err := os.Rename(filepath.Join(s.dir, from), filepath.Join(s.dir, to)); err != nil {
		s.t.Fatal(err)
	}
}

// TestStory plays two people who change a model in separate clones and merge their revisions, with the real compiler.
func TestStory(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds a program five times")
	}
	const (
		isbn  = "\tISBN  string `gorm:\"size:13;uniqueIndex\"`\n"
		price = "\tPrice int64 `gorm:\"not null;default:0;check:price >= 0\"`\n"
		aside = "isbn.go.aside"
		file  = "migrations/versions/bbbb_add_isbn.go"
	)
	s := newShop(t)
	s.build()
	s.want("INFO  [migrations] Detected added table 'books'\nGenerating "+
		"migrations/versions/aaaa_create_books.go ...  done\n",
		"migrate", "-m", "create books", "--rev-id", "aaaa")
	s.want("Error: not compiled into this program: aaaa_create_books.go", "upgrade")

	s.build(isbn) // in one clone
	s.want("INFO  [migrations] Detected added column 'books.isbn' string(13)\n"+
		"INFO  [migrations] Detected added unique index 'idx_books_isbn' on books (isbn)\n"+
		"INFO  [migrations] On PostgreSQL, add column books.isbn string(13) takes ACCESS EXCLUSIVE on books for a moment\n"+
		"WARN  [migrations] on PostgreSQL, create unique index idx_books_isbn on books (isbn) takes SHARE on books while "+
		"an index on "+
		"books is built: writes wait; books stays locked meanwhile, by \"add column books.isbn string(13)\": reads and "+
		"writes wait. "+
		"Safer: build it with .Concurrently() in a revision of its own, which then runs outside a transaction\n"+
		"Generating "+file+" ...  done\n", "migrate", "-m", "add isbn", "--rev-id", "bbbb")

	s.move(file, aside) // in the other clone
	s.build(price)
	s.want("INFO  [migrations] Detected added column 'books.price' int(64) not null default 0\n"+
		"INFO  [migrations] Detected added check 'chk_books_price' on books (price >= 0)\n"+
		"INFO  [migrations] On PostgreSQL, add column books.price int(64) not null default 0 takes ACCESS EXCLUSIVE on "+
		"books for a moment\n"+
		"WARN  [migrations] on PostgreSQL, add check chk_books_price on books (price >= 0) takes ACCESS EXCLUSIVE "+
		"on books while all "+
		"rows of books are read: reads and writes wait. Safer: add it with .NotValid(), and check the rows with "+
		"m.ValidateCheck(\"chk_books_price\", \"books\") in the next revision\n"+
		"Generating migrations/versions/cccc_add_price.go ...  done\n", "migrate", "-m", "add price", "--rev-id", "cccc")

	s.move(aside, file) // merged
	s.build(isbn, price)
	s.want("Error: Multiple heads are present; please specify the head revision", "migrate")
	s.want("No new upgrade operations detected.\n", "check", "--models")
	s.want("bbbb changes:\n", "merge", "--directory", "migrations", "heads", "-m", "isbn and price", "--rev-id", "dddd")
	s.build(isbn, price)
	s.want("INFO  [migrations] No changes in schema detected.\n", "migrate")

	urls := map[string]string{"SQLite": dbtest.SQLiteURL(t)}
	if os.Getenv(dbtest.ServerVariable) != "" {
		urls["PostgreSQL"] = dbtest.URL(t)
	}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := shop{t: t, dir: s.dir, url: url}
			at.upgradeWithBooks(dbtest.Open(t, url))
		})
	}
}

// upgradeWithBooks upgrades a database, downgrades it with a row in it, and upgrades it again.
func (s *shop) upgradeWithBooks(db *gorm.DB) {
	s.t.Helper()
	s.want("INFO  [migrations] Running upgrade  -> aaaa, create books", "upgrade", "aaaa")
	if err := db.Exec("INSERT INTO books (title) VALUES ('Walden')").Error; err != nil {
		s.t.Fatal(err)
	}
	s.want("INFO  [migrations] Running upgrade aaaa -> cccc, add price", "upgrade")
	s.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	s.want("", "downgrade", "aaaa")
	s.want("aaaa (branchpoint)\n", "current")
	s.want("INFO  [migrations] Running upgrade aaaa -> cccc, add price", "upgrade", "--directory", "migrations")
	s.want("dddd (head) (mergepoint)\n", "current")
	s.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	var title string
	const want = "Walden"
	if err := db.Raw("SELECT title FROM books WHERE price = 0 AND isbn IS NULL").Scan(&title).Error; err != nil ||
		title != want {
		s.t.Errorf("got book %q, %v; want %q, no error", title, err, want)
	}
}
