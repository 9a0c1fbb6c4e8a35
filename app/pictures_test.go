package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"guestlist/app/apptest/browser"
	"guestlist/migrations"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestSchemaPictureIsCurrent checks that the picture in README.md shows the models as they are.
func TestSchemaPictureIsCurrent(t *testing.T) {
	t.Parallel()
	kept, err := os.ReadFile("../migrations/schema.svg")
	if err != nil {
		t.Error(err)
	}
	if string(kept) != db(t, nil, "diagram", "--format", "svg") {
		t.Error("migrations/schema.svg does not show the models as they are: run go run . db diagram -o " +
			"migrations/schema.svg")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "](migrations/schema.svg)") {
		t.Error("README.md does not show migrations/schema.svg")
	}
}

// faults is a script that lists what a person would see as wrong in a picture: boxes that overlap, and texts that
// extend beyond their box or the page, or overlap.
const faults = `(() => {
	const found = [], at = e => e.getBoundingClientRect();
	const within = (a, b) =>
		a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
	const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
	const page = at(document.querySelector(".page"));
	for (const e of document.querySelectorAll("text,.box,.line,.strand,.pill"))
		if (!within(at(e), page)) found.push("off the page: " + e.textContent);
	const tables = [...document.querySelectorAll(".table")];
	for (const table of tables)
		for (const text of table.querySelectorAll("text"))
			if (!within(at(text), at(table.querySelector(".box")))) found.push("out of its box: " + text.textContent);
	const boxes = tables.map(t => at(t.querySelector(".box")));
	boxes.forEach((a, i) => boxes.slice(0, i).forEach(b =>
		overlap(a, b) && found.push("boxes overlap: " + tables[i].querySelector(".name").textContent)));
	for (const group of document.querySelectorAll("g")) {
		const texts = [...group.querySelectorAll(":scope > text")];
		texts.forEach((a, i) => texts.slice(0, i).forEach(b =>
			overlap(at(a), at(b)) && found.push("texts overlap: " + a.textContent + " | " + b.textContent)));
		for (const pill of group.querySelectorAll(":scope > .pill"))
			if (!within(at(pill.nextElementSibling), at(pill)))
				found.push("out of its pill: " + pill.nextElementSibling.textContent);
	}
	if (!document.querySelector("text")) found.push("nothing is drawn");
	return found;
})()`

// TestPicturesInABrowser checks that pictures of the project, and of a program with awkward names, have no faults on
// light and dark pages.
func TestPicturesInABrowser(t *testing.T) {
	t.Parallel()
	pictures := map[string]string{
		"schema":  db(t, nil, "diagram", "--format", "svg"),
		"indexes": db(t, nil, "diagram", "--format", "svg", "--indexes"),
		"changes": db(t, nil, "diagram", "base:head", "--format", "svg"),
		"last":    db(t, nil, "diagram", "e592257626c3:models", "--format", "svg", "--all"),
		"history": db(t, nil, "history", "--graph", "--format", "svg"),
	}
	for name, arguments := range map[string]string{
		"awkward": "diagram head --indexes", "awkward changes": "diagram aaaa11110001:heads",
		"awkward history": "history --graph",
	} {
		pictures[name] = awkward(t, append(strings.Fields(arguments), "--format", "svg")...)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, pictures[strings.ReplaceAll(strings.Trim(r.URL.Path, "/"), "_", " ")])
	}))
	defer server.Close()
	phone := browser.New(t)
	phone.RunScripts(true) // the library needs them to look at the page
	for name := range pictures {
		colours := map[string]bool{}
		for _, dark := range []bool{false, true} {
			phone.Dark(dark)
			browser.Do(phone, chromedp.Navigate(server.URL+"/"+strings.ReplaceAll(name, " ", "_")))
			for _, fault := range browser.Do(phone, chromedp.Evaluate[[]string](faults)) {
				t.Errorf("%s: %s", name, fault)
			}
			const colour = `getComputedStyle(document.querySelector(".page")).fill + ` +
				`getComputedStyle(document.querySelector("text")).fill`
			colours[browser.Do(phone, chromedp.Evaluate[string](colour))] = true
		}
		if len(colours) != 2 {
			t.Errorf("%s has the same colours on light and dark pages: got %v, want %d different", name, colours, 2)
		}
	}
}

// awkward runs a command of a program whose tables have names that people and attackers might choose, and returns what
// it prints.
func awkward(t *testing.T, arguments ...string) string {
	t.Helper()
	names := []string{
		"<script>alert(1)</script>", `quo"te`, "日本語の表", "العربية", "עברית", "😀 emoji", "हिन्दी", "e\u0301e\u0301", "a & b",
		strings.Repeat("long_", 30), "WWWWWWWWWW",
	}
	sources := fstest.MapFS{}
	revisions := revision.NewRegistry(sources)
	add := func(id, message string, upgrade func(m *op.Migration), down ...string) {
		file := id + "_x.go"
		sources[file] = &fstest.MapFile{Data: []byte("// " + message + "\n//\n// Revision ID: " + id + "\nfunc init() {\n")}
		revisions.Register(revision.Revision{ID: id, File: file, DownRevision: down, Upgrade: upgrade})
	}
	add("aaaa11110001", "the first", func(m *op.Migration) {
		for i, name := range names {
			items := []op.TableItem{op.Column("id", op.Int(64)).PrimaryKey(), op.Column("old", op.Text()).NotNull()}
			for _, column := range names[i:] {
				items = append(items, op.Column(column, op.Type("enum('"+name+"')")).Default(name))
			}
			m.CreateTable(name, items...)
		}
	})
	add("bbbb11110001", "العربية and 日本語 "+names[9], func(m *op.Migration) {
		for i, name := range names {
			m.AddColumn(name, op.Column("link", op.Int(64)))
			m.AddForeignKey(fmt.Sprint("fk", i), name, "link").References(names[(i*3+1)%len(names)], "id")
			m.RenameColumn(name, "old", "new")
			m.AlterColumn(name, name).Type(op.String(10 + i))
			m.CreateIndex(fmt.Sprint("ix", i), name, name, "id").Unique().Where("id > 0 AND " + name)
		}
		m.RenameTable(names[2], names[2]+"の表")
	}, "aaaa11110001")
	add("cccc11110001", names[0], func(m *op.Migration) { m.CreateTable("other", op.Column("id", op.Int(64))) },
		"aaaa11110001")
	var out bytes.Buffer
	command := migrations.Command(&migrations.Environment{Revisions: revisions, Directory: "nowhere", Stdout: &out,
		Stderr: &out})
	if arguments[1] == "head" {
		arguments[1] = "bbbb11110001"
	}
	command.SetArgs(arguments)
	if err := command.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v: %v", arguments, err)
	}
	return out.String()
}
