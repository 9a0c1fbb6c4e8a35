package schema

import (
	"cmp"
	"strings"
)

// node is a tree of values sorted by key; nil is the empty one. It is never changed: with and without answer another
// tree, which shares all but the way to the key. A history of many tables is replayed operation by operation, and a
// copy of everything at each would take memory with the square of their number.
//
// It is a treap: no node has a higher rank than its parent. As ranks are made from the keys, the shape depends on the
// keys alone.
type node[V any] struct {
	key         string
	rank        uint64
	value       V
	left, right *node[V]
}

// get answers the value of a key and whether there is one.
func (n *node[V]) get(key string) (V, bool) {
	for n != nil {
		switch cmp.Compare(key, n.key) {
		case 0:
			return n.value, true
		case -1:
			n = n.left
		default:
			n = n.right
		}
	}
	var none V
	return none, false
}

// with answers a tree in which the key has the value.
func (n *node[V]) with(key string, value V) *node[V] {
	if n == nil {
		return &node[V]{key: key, rank: rank(key), value: value}
	}
	changed := *n
	switch cmp.Compare(key, n.key) {
	case 0:
		changed.value = value
	case -1:
		child := n.left.with(key, value)
		if child.above(n) {
			changed.left, child.right = child.right, &changed
			return child
		}
		changed.left = child
	default:
		child := n.right.with(key, value)
		if child.above(n) {
			changed.right, child.left = child.left, &changed
			return child
		}
		changed.right = child
	}
	return &changed
}

// without answers a tree that lacks the key.
func (n *node[V]) without(key string) *node[V] {
	if n == nil {
		return nil
	}
	changed := *n
	switch cmp.Compare(key, n.key) {
	case 0:
		return join(n.left, n.right)
	case -1:
		changed.left = n.left.without(key)
	default:
		changed.right = n.right.without(key)
	}
	return &changed
}

// join answers a tree of two, of which the first has the lower keys.
func join[V any](low, high *node[V]) *node[V] {
	switch {
	case low == nil:
		return high
	case high == nil:
		return low
	case low.above(high):
		changed := *low
		changed.right = join(low.right, high)
		return &changed
	default:
		changed := *high
		changed.left = join(low, high.left)
		return &changed
	}
}

func (n *node[V]) above(other *node[V]) bool {
	return cmp.Or(cmp.Compare(n.rank, other.rank), cmp.Compare(n.key, other.key)) > 0
}

// each calls use for the keys that begin with prefix, in order, as long as it answers true. It answers whether it came
// to the end.
func (n *node[V]) each(prefix string, use func(key string, value V) bool) bool {
	if n == nil {
		return true
	}
	if n.key >= prefix {
		if !n.left.each(prefix, use) || !strings.HasPrefix(n.key, prefix) || !use(n.key, n.value) {
			return false
		}
	}
	return n.right.each(prefix, use)
}

// rank is the hash FNV-1a, its bits spread once more: names that differ in their last letter must not come out sorted.
func rank(key string) uint64 {
	hash := uint64(14695981039346656037)
	for i := range len(key) {
		hash = (hash ^ uint64(key[i])) * 1099511628211
	}
	hash ^= hash >> 33
	hash *= 0xff51afd7ed558ccd
	return hash ^ hash>>33
}
