package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestConsoleBlocks runs the commands in the console blocks of each page, in order, in an empty directory, and compares
// what they print. In a block, … matches any text, and on its own line any lines. The server runs on another port, and
// the program is the one under test. migrations/README.md has its own script, since it needs its own module.
func TestConsoleBlocks(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"app/README.md", "docs/operations.md"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("../..", page))
			if err != nil {
				t.Fatal(err)
			}
			runConsoleBlocks(t, string(text))
		})
	}
}

func runConsoleBlocks(t *testing.T, page string) {
	t.Helper()
	dir := t.TempDir()
	s := start(t, dir, nil)
	here := strings.NewReplacer("http://127.0.0.1:5000", s.url, "go run .", built())
	var script strings.Builder
	var want []string
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				script.WriteString(here.Replace(command) + "echo\n") // a response does not end with a line break
			} else if line == "…\n" {
				want = append(want, "(?s:.*)")
			} else {
				want = append(want, strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(line, "\n")), "…", ".*"))
			}
		}
	}
	shell := exec.CommandContext(t.Context(), "sh", "-ec", script.String())
	path := os.Getenv("PATH")
	if _, err := exec.LookPath("curl"); err != nil {
		tools := t.TempDir()
		binary, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(binary, filepath.Join(tools, "curl")); err != nil {
			t.Fatal(err)
		}
		path = tools + ":" + path
	}
	shell.Dir, shell.Env = dir, []string{"PATH=" + path} // none of the caller's settings
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	got := regexp.MustCompile(`\n+`).ReplaceAllString(string(output), "\n")
	if !regexp.MustCompile("^" + strings.Join(want, "\n") + "\n$").MatchString(got) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	s.stop(t)
}
