// Package rendertest compiles rendered revisions for real: what they record is compared with what they were made from.
package rendertest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/op"
)

// Directions are the operations of both directions of a revision.
type Directions struct {
	Upgrade   []op.Operation `json:"upgrade"`
	Downgrade []op.Operation `json:"downgrade"`
}

// Check builds one program out of the files, given by the ids of their revisions, and compares what their functions
// record with the operations.
func Check(t *testing.T, files map[string]string, want map[string]Directions) {
	t.Helper()
	p := newProgram(t)
	p.add("main.go", mainFile)
	p.add("versions/versions.go", versionsFile)
	for id, text := range files {
		p.add("versions/"+id+".go", text)
	}
	got := p.run()
	for id, operations := range want {
		recorded, err := json.Marshal(operations)
		if err != nil {
			t.Fatal(err)
		}
		if alike(got[id]) != alike(recorded) {
			t.Errorf("%s records\n%s\nwant\n%s\n%s", id, got[id], recorded, files[id])
		}
	}
}

// alike returns the record with empty lists as null, since the two mean the same.
func alike(recorded []byte) string { return strings.ReplaceAll(string(recorded), ":[]", ":null") }

// probe is the path of the program; it is not on disk.
const probe = "guestlist/migrations/internal/render/rendertest/probe"

const mainFile = `package main

import (
	"encoding/json"
	"os"

	"guestlist/migrations/internal/render/rendertest"
	"guestlist/migrations/op"

	"guestlist/migrations/internal/render/rendertest/probe/versions"
)

func main() {
	recorded := map[string]rendertest.Directions{}
	for _, r := range versions.Revisions.Revisions() {
		recorded[r.ID] = rendertest.Directions{Upgrade: op.Record(r.Upgrade), Downgrade: op.Record(r.Downgrade)}
	}
	_ = json.NewEncoder(os.Stdout).Encode(recorded)
}
`

const versionsFile = `package versions

import "guestlist/migrations/revision"

var Revisions = revision.NewRegistry(nil)
`

// program is laid over the module with -overlay, so that it may import internal packages.
type program struct {
	t       *testing.T
	root    string // of the program, where the Go tool sees it
	dir     string // where its files are
	overlay map[string]string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{ .Path }} {{ .Dir }}").Output()
	if err != nil {
		t.Fatal(err)
	}
	module, root, _ := strings.Cut(strings.TrimSpace(string(output)), " ")
	root = filepath.Join(root, strings.TrimPrefix(probe, module))
	return &program{t: t, root: root, dir: t.TempDir(), overlay: map[string]string{}}
}

func (p *program) add(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, strings.ReplaceAll(name, "/", "_"))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.overlay[filepath.Join(p.root, name)] = path
}

func (p *program) run() map[string]json.RawMessage {
	p.t.Helper()
	replace, err := json.Marshal(map[string]any{"Replace": p.overlay})
	if err != nil {
		p.t.Fatal(err)
	}
	path := filepath.Join(p.dir, "overlay.json")
	if err := os.WriteFile(path, replace, 0o600); err != nil {
		p.t.Fatal(err)
	}
	command := exec.CommandContext(p.t.Context(), "go", "run", "-overlay", path, probe) //nolint:gosec // made here
	var faults strings.Builder
	command.Stderr = &faults
	output, err := command.Output()
	if err != nil {
		p.t.Fatalf("%v\n%s", err, faults.String())
	}
	var recorded map[string]json.RawMessage
	if err := json.Unmarshal(output, &recorded); err != nil {
		p.t.Fatal(err)
	}
	return recorded
}
