package diff

import (
	"fmt"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Side is what one branch of a history has done since it diverged from another.
type Side struct {
	Name       string // in messages: the head of the branch
	Operations []op.Operation
}

// Clashes returns, as sentences, the conflicts between two branches that diverge at base: objects that both sides add,
// change or drop, and objects that one side uses and the other drops. Beyond those, it reports operations that cannot
// be applied after the other side, and schemas that depend on the order. If there are none, the branches can be merged
// without review.
func Clashes(base schema.Schema, left, right Side) ([]string, error) {
	a, afterLeft, err := effectsOf(base, left)
	if err != nil {
		return nil, err
	}
	b, afterRight, err := effectsOf(base, right)
	if err != nil {
		return nil, err
	}
	clashes, inLeft, inRight := conflicts(a, b)
	leftFirst, leftErr := op.ApplyAll(afterLeft, right.Operations)
	rightFirst, rightErr := op.ApplyAll(afterRight, left.Operations)
	if leftErr == nil && rightErr == nil {
		if !Same(leftFirst, rightFirst) {
			clashes = append(clashes, depends(left, right))
		}
		return clashes, nil
	}
	return append(clashes, order(base, without(base, left, inLeft), without(base, right, inRight))...), nil
}

func depends(left, right Side) string {
	return fmt.Sprintf("%s and %s lead to different schemas, depending on which is applied first", left.Name, right.Name)
}

// without drops the numbered operations of a side and those that no longer apply without them.
func without(base schema.Schema, side Side, numbers map[int]bool) Side {
	kept := Side{Name: side.Name}
	for i, o := range side.Operations {
		if numbers[i] {
			continue
		}
		if after, err := o.Apply(base); err == nil {
			base = after
			kept.Operations = append(kept.Operations, o)
		}
	}
	return kept
}

// order returns what fails when the sides are applied one after the other, in both orders. A failing operation is
// dropped, so that it is reported once and later failures are reported too.
func order(base schema.Schema, left, right Side) []string {
	var found []string
	for range len(left.Operations) + len(right.Operations) {
		text, number := firstFailure(base, left, right)
		if text != "" {
			found = append(found, text)
			right = without(base, right, map[int]bool{number: true})
			continue
		}
		if text, number = firstFailure(base, right, left); text == "" {
			break
		}
		found = append(found, text)
		left = without(base, left, map[int]bool{number: true})
	}
	leftFirst, errLeft := op.ApplyAll(base, slices.Concat(left.Operations, right.Operations))
	rightFirst, errRight := op.ApplyAll(base, slices.Concat(right.Operations, left.Operations))
	if errLeft == nil && errRight == nil && !Same(leftFirst, rightFirst) {
		found = append(found, depends(left, right))
	}
	return found
}

// firstFailure returns a sentence about the first operation of the second side that cannot be applied after the first
// side, and its index. The sentence is empty if all can.
func firstFailure(base schema.Schema, first, second Side) (text string, number int) {
	now, err := op.ApplyAll(base, first.Operations)
	if err != nil {
		return "", 0 // unreachable: each side applies to the base
	}
	for i, o := range second.Operations {
		if now, err = o.Apply(now); err != nil {
			return fmt.Sprintf("%s cannot be applied after %s: %s: %v", second.Name, first.Name, o, err), i
		}
	}
	return "", 0
}

// conflicts returns sentences about the conflicting effects of the two sides, and the indexes of the operations that
// have them.
func conflicts(a, b []effect) (clashes []string, left, right map[int]bool) {
	left, right = map[int]bool{}, map[int]bool{}
	for _, one := range a {
		for _, other := range b {
			if text := conflict(one, other); text != "" {
				clashes = append(clashes, text)
				left[one.number], right[other.number] = true, true
			}
		}
	}
	slices.Sort(clashes)
	return slices.Compact(clashes), left, right
}

// conflict returns a sentence about how two effects conflict, or an empty string if they do not.
func conflict(a, b effect) string {
	switch {
	case a.object != b.object, a.verb == needs && b.verb == needs:
		return ""
	case a.verb == needs && b.verb == alters, a.verb == alters && b.verb == needs:
		return "" // whether they conflict is decided by applying both orders
	case a.verb == b.verb && a.operation == b.operation:
		return fmt.Sprintf("%s and %s both %s %s", a.side, b.side, a.verb.plural(), a.object)
	case a.verb == b.verb:
		return fmt.Sprintf("%s and %s both %s %s differently: %s, and %s",
			a.side, b.side, a.verb.plural(), a.object, a.operation, b.operation)
	default:
		return fmt.Sprintf("%s %s %s, which %s %s", a.side, a.verb, a.object, b.side, b.verb)
	}
}
