package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
)

// recorded is a file of cases: calls of Alembic and their results.
type recorded struct {
	Graphs map[string][]recordedNode `json:"graphs"`
	Cases  []recordedCase            `json:"cases"`
}

type recordedNode struct {
	ID           string   `json:"id"`
	Down         []string `json:"down"`
	DependsOn    []string `json:"depends_on"`
	BranchLabels []string `json:"branch_labels"`
}

type recordedCase struct {
	ID             string         `json:"id"`
	Direct         *bool          `json:"direct"`
	Graph          string         `json:"graph"`
	Layer          string         `json:"layer"`
	Op             string         `json:"op"`
	Args           arguments      `json:"args"`
	Result         any            `json:"result"`
	Error          *recordedError `json:"error"`
	OrderMatters   bool           `json:"order_matters"`
	HeadsAfter     []string       `json:"heads_after"`
	HeadsEach      [][]string     `json:"heads_each"`
	Log            []string       `json:"log"`
	NewRevision    *recordedNode  `json:"new_revision"`
	Then           []recordedCase `json:"then"`
	Variants       map[string]any `json:"variants"`
	PythonSpecific bool           `json:"python_specific"`
	InternalError  bool           `json:"internal_error"`
}

type recordedError struct {
	Class   string `json:"class"`
	Message string `json:"message"`
}

// arguments are the arguments of a case; the accessors accept all that the recorder writes: null, a string or a list.
type arguments map[string]any

func (a arguments) text(name string) string {
	s, _ := a[name].(string)
	return s
}

func (a arguments) flag(name string) bool {
	b, _ := a[name].(bool)
	return b
}

func (a arguments) list(name string) []string { return toList(a[name]) }

func toList(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, 0, len(v))
		for _, item := range v {
			out = append(out, fmt.Sprint(item))
		}
		return out
	}
	return nil
}

// skip is the reason why a case does not apply to this package. There are only a few, narrow reasons.
type skip string

func (s skip) Error() string { return "skipped: " + string(s) }

const (
	errSkipPython = skip("python_specific")
	errSkipStep   = skip("layer step: one change of the rows of Alembic's head table")
)

func TestRecordedCases(t *testing.T) { runFile(t, "GRAPH_CASES", "testdata/alembic-graph-cases.json") }

func TestRecordedPlans(t *testing.T) {
	runFile(t, "GRAPH_PLANS", "testdata/alembic-graph-cases-derived.json")
}

func runFile(t *testing.T, variable, path string) {
	if other := os.Getenv(variable); other != "" {
		path = other
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file recorded
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	run := runner{
		t: t, file: file,
		ran: map[string]int{}, skipped: map[string]int{}, partly: map[string]int{},
	}
	for _, c := range file.Cases {
		run.one(c)
	}
	run.summary(path)
}

// runner runs cases and keeps count.
type runner struct {
	t                    *testing.T
	file                 recorded
	ran, skipped, partly map[string]int
}

func (r *runner) one(c recordedCase) {
	err := r.check(c)
	if why, ok := errors.AsType[skip](err); ok {
		r.skipped[string(why)]++
		return
	}
	r.ran[c.Layer+" "+c.Op]++
	if part := c.leftOut(); part != "" {
		r.partly[part]++
	}
	if err != nil {
		args := asJSON(c.Args)
		r.t.Errorf("%s %s %s %s on %s: %v", c.ID, c.Layer, c.Op, args, c.Graph, err)
	}
}

// asJSON returns a value from a file of cases as JSON again.
func asJSON(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

// leftOut returns which part of a case is not compared although the case runs.
func (c recordedCase) leftOut() string {
	argv := c.Args.list("argv")
	switch {
	case len(argv) == 0:
		return ""
	case slices.Contains(argv, "--sql"):
		return "cli --sql: the statements on standard output are pure printing"
	case argv[0] == "merge" && c.NewRevision != nil && len(c.NewRevision.Down) < 2:
		return "cli merge: refused, where Alembic writes a merge of fewer than two"
	case argv[0] == "merge":
		return "cli merge: the line \"Generating …\" is pure printing"
	}
	return ""
}

func (r *runner) check(c recordedCase) error {
	if c.PythonSpecific {
		return errSkipPython
	}
	if c.Layer == "step" {
		return errSkipStep
	}
	nodes, known := r.file.Graphs[c.Graph]
	if !known {
		return fmt.Errorf("the file has no graph %q", c.Graph)
	}
	g, err := New(toNodes(nodes))
	if err != nil {
		return c.checkError(err)
	}
	switch c.Layer {
	case "map":
		return c.checkMap(g)
	case "script":
		return c.checkScript(g)
	case "cli":
		return c.checkCLI(g)
	}
	return fmt.Errorf("unknown layer %q", c.Layer)
}

func (r *runner) summary(path string) {
	total := 0
	for _, key := range keys(r.ran) {
		total += r.ran[key]
		r.t.Logf("ran     %5d  %s", r.ran[key], key)
	}
	for _, key := range keys(r.skipped) {
		r.t.Logf("skipped %5d  %s", r.skipped[key], key)
	}
	for _, key := range keys(r.partly) {
		r.t.Logf("partly  %5d  %s", r.partly[key], key)
	}
	r.t.Logf("ran %d of %d cases of %s", total, len(r.file.Cases), path)
	if total == 0 {
		r.t.Error("no case ran")
	}
}

func keys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}

func toNodes(list []recordedNode) []Node {
	var nodes []Node
	for i, n := range list {
		nodes = append(nodes, toNode(n, i+1))
	}
	return nodes
}

func toNode(n recordedNode, number int) Node {
	return Node{
		ID: n.ID, Down: n.Down, DependsOn: n.DependsOn, Labels: n.BranchLabels,
		File: fmt.Sprintf("$VERSIONS/%04d_%s.py", number, n.ID),
	}
}

// checkError compares an error with the recorded one exactly, except where Alembic failed with an internal error: then
// any error passes.
func (c recordedCase) checkError(err error) error {
	several, refused := errors.AsType[*ManyStartsError](err)
	switch {
	case refused && several.Label == "":
		return nil // Alembic takes the first head, and warns that this is deprecated
	case err == nil && c.Error == nil:
		return nil
	case err == nil:
		return fmt.Errorf("no error, want %q", c.Error.Message)
	case c.Error == nil:
		return fmt.Errorf("error %w, want none", err)
	case c.InternalError:
		return nil
	}
	got := err.Error()
	if c.Layer == "map" {
		got = mapText(err)
	}
	if got != c.Error.Message {
		return fmt.Errorf("error %q, want %q", got, c.Error.Message)
	}
	return nil
}

// mapText rebuilds, from the fields of an error, the text that Alembic's map has for it before the script layer rewords
// it.
func mapText(err error) string {
	var multiple *MultipleHeadsError
	var unknown *UnknownRevisionError
	var outside *RangeError
	switch {
	case errors.As(err, &multiple):
		return fmt.Sprintf("Multiple heads are present for given argument '%s'; %s",
			multiple.Argument, strings.Join(multiple.Heads, ", "))
	case errors.As(err, &unknown):
		if strings.HasPrefix(unknown.Reason, "No such revision") && len(unknown.Argument) < 4 {
			return unknown.Reason + "; please ensure at least four characters are present " +
				"for partial revision identifier matches"
		}
		return unknown.Reason
	case errors.As(err, &outside):
		return fmt.Sprintf("Revision %s is not an ancestor of revision %s",
			outside.Lower, outside.Upper)
	}
	return err.Error()
}

// checkIDs compares a list of ids with the recorded result.
func (c recordedCase) checkIDs(got []string, err error) error {
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	return c.checkList("result", got, toList(c.Result))
}

func (c recordedCase) checkList(what string, got, want []string) error {
	if !c.OrderMatters {
		return checkSet(what, got, want)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s %v, want %v", what, got, want)
	}
	return nil
}

func checkSet(what string, got, want []string) error {
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s %v, want %v", what, got, want)
	}
	return nil
}

// closure returns the applied ids of a database with the given heads: the heads in their order, then their ancestors.
// It keeps unknown ids.
func closure(g *Graph, heads []string) []string {
	out := unique(heads)
	for _, id := range g.Ancestors(heads...) {
		out = appendNew(out, id)
	}
	return out
}
