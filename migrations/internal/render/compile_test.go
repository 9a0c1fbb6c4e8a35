package render_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
)

// TestFilesCompileAndRecordTheSame builds a program out of rendered files, and compares what their functions record
// with the operations the files were made from.
func TestFilesCompileAndRecordTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	overlay := map[string]string{}
	want := map[string]string{}
	for i, c := range everyOperation() {
		id := fmt.Sprintf("r%03d", i)
		operations := op.Record(c)
		var steps []render.Step
		for n, o := range operations {
			step := render.Step{Operation: o}
			if n%2 == 1 {
				step.Comments = []string{"a comment of o*/ne line\nand // another", strings.Repeat("many words ", 40)}
			}
			steps = append(steps, step)
		}
		text, err := render.File(render.Revision{ID: id, Message: "m", Upgrade: steps, Downgrade: steps})
		if err != nil {
			t.Fatal(err)
		}
		checkWidth(t, string(text))
		want[id] = marshal(t, operations)
		addFile(t, overlay, dir, "versions/"+id+".go", string(text))
	}
	addFile(t, overlay, dir, "main.go", mainFile)
	got := runOverlay(t, dir, overlay)
	for id, recorded := range want {
		if string(got[id]) != recorded {
			t.Errorf("recorded\n%s\nwant\n%s", got[id], recorded)
		}
	}
}

// probe is the directory of the program; it is not on disk.
const probe = "migrations/internal/render/probe"

const mainFile = `package main

import (
	"encoding/json"
	"os"

	"guestlist/migrations/op"
	"guestlist/migrations/revision"

	_ "guestlist/` + probe + `/versions"
)

func main() {
	recorded := map[string][]op.Operation{}
	for _, r := range revision.Default().Revisions() {
		recorded[r.ID] = op.Record(r.Upgrade)
		if len(op.Record(r.Downgrade)) != len(recorded[r.ID]) {
			panic(r.ID)
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(recorded)
}
`

func addFile(t *testing.T, overlay map[string]string, dir, name, text string) {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay[filepath.Join(root, probe, name)] = path
}

func runOverlay(t *testing.T, dir string, overlay map[string]string) map[string]json.RawMessage {
	t.Helper()
	replace, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "run", "-overlay", path, "guestlist/"+probe)
	var errors strings.Builder
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errors.String())
	}
	var recorded map[string]json.RawMessage
	if err := json.Unmarshal(output, &recorded); err != nil {
		t.Fatal(err)
	}
	return recorded
}

func marshal(t *testing.T, operations []op.Operation) string {
	t.Helper()
	text, err := json.Marshal(operations)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkWidth holds that lines are broken where they can be.
func checkWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		length := len([]rune(strings.ReplaceAll(line, "\t", "    ")))
		if length > 110 && strings.HasPrefix(strings.TrimSpace(line), "//") {
			t.Errorf("%d characters: %s", length, line)
		}
	}
}
