package schema

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// TestTree holds a tree against a map while keys come and go, and the trees before against what they were.
func TestTree(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var now *node[int]
	want := map[string]int{}
	for i := range 3000 {
		was, before := now, keysOf(now, "")
		key := fmt.Sprint("key", r.IntN(300))
		if r.IntN(2) == 0 {
			now, want[key] = now.with(key, i), i
		} else {
			now = now.without(key)
			delete(want, key)
		}
		if !slices.Equal(keysOf(was, ""), before) {
			t.Fatal("the tree before has changed")
		}
		if value, ok := now.get(key); ok != has(want, key) || value != want[key] {
			t.Fatalf("%s is %d, %t", key, value, ok)
		}
		if got := keysOf(now, ""); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
			t.Fatalf("the keys are %q", got)
		}
	}
	var another *node[int]
	for key, value := range want {
		another = another.with(key, value)
	}
	if !reflect.DeepEqual(now, another) {
		t.Error("the shape depends on the order in which keys came")
	}
	if got := keysOf(now.with("key1", 0).with("key10", 0), "key1"); len(got) == 0 || got[0] != "key1" || !slices.Contains(got, "key10") ||
		slices.Contains(got, "key2") {
		t.Errorf("beginning with key1 there are %q", got)
	}
}

// TestTreeIsFlat has keys that come sorted, as the names of tables do.
func TestTreeIsFlat(t *testing.T) {
	t.Parallel()
	var n *node[int]
	for i := range 4096 {
		n = n.with(fmt.Sprintf("table_%04d", i), i)
	}
	if got := depth(n); got > 48 {
		t.Errorf("4096 keys stand %d deep", got)
	}
}

func depth(n *node[int]) int {
	if n == nil {
		return 0
	}
	return 1 + max(depth(n.left), depth(n.right))
}

func keysOf(n *node[int], prefix string) []string {
	var keys []string
	n.each(prefix, func(key string, _ int) bool {
		keys = append(keys, key)
		return true
	})
	return keys
}

func has(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}
