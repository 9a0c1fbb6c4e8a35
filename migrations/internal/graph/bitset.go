package graph

import (
	"math/bits"
	"slices"
)

// bitset is a set of revisions, by their index in load order. It is the only set type of the package: it iterates in
// load order, so no result depends on the order of a map.
type bitset []uint64

func newBitset(size int) bitset {
	return make(bitset, (size+63)/64)
}

func (b bitset) add(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) remove(i int)   { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) addAll(other bitset) {
	for w := range b {
		b[w] |= other[w]
	}
}

func (b bitset) removeAll(other bitset) {
	for w := range b {
		b[w] &^= other[w]
	}
}

func (b bitset) keepOnly(other bitset) {
	for w := range b {
		b[w] &= other[w]
	}
}

func (b bitset) empty() bool {
	for _, word := range b {
		if word != 0 {
			return false
		}
	}
	return true
}

func (b bitset) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// members returns the set in load order.
func (b bitset) members() []int {
	out := make([]int, 0, b.count())
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			out = append(out, w<<6+bits.TrailingZeros64(word))
		}
	}
	return out
}

// hasAny reports whether any of the revisions is in the set.
func (b bitset) hasAny(revs []int) bool {
	return slices.ContainsFunc(revs, b.has)
}

// only returns the given revisions that are in the set, in the order given.
func (b bitset) only(revs []int) []int {
	var out []int
	for _, r := range revs {
		if b.has(r) {
			out = append(out, r)
		}
	}
	return out
}
