package diff

import (
	"fmt"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Side is what one branch of a history has done since it parted from another.
type Side struct {
	Name       string // for people: the head of the branch
	Operations []op.Operation
}

// Clashes returns, in sentences, what stands against merging two branches that part at base: what one adds, changes or
// drops and the other does too, what one builds on and the other drops, and, apart from what that explains, which
// operations of one cannot come after the other, or that the order decides the schema. None means that the two can be
// merged without a look.
func Clashes(base schema.Schema, left, right Side) ([]string, error) {
	a, afterLeft, err := touches(base, left)
	if err != nil {
		return nil, err
	}
	b, afterRight, err := touches(base, right)
	if err != nil {
		return nil, err
	}
	clashes, inLeft, inRight := compareTouches(a, b)
	leftFirst, leftErr := op.ApplyAll(afterLeft, right.Operations)
	rightFirst, rightErr := op.ApplyAll(afterRight, left.Operations)
	if leftErr == nil && rightErr == nil {
		if !Same(leftFirst, rightFirst) {
			clashes = append(clashes, depends(left, right))
		}
		return clashes, nil
	}
	return append(clashes, order(base, lacking(base, left, inLeft), lacking(base, right, inRight))...), nil
}

func depends(left, right Side) string {
	return fmt.Sprintf("%s and %s lead to different schemas, depending on which is applied first", left.Name, right.Name)
}

// lacking leaves operations of a side out, by number, and those that cannot do without them.
func lacking(base schema.Schema, side Side, numbers map[int]bool) Side {
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

// order says what becomes of the two sides one after the other, both ways. What fails is left out, so that it is told
// once, and what else fails is told too.
func order(base schema.Schema, left, right Side) []string {
	var found []string
	for range len(left.Operations) + len(right.Operations) {
		text, number := fails(base, left, right)
		if text != "" {
			found = append(found, text)
			right = lacking(base, right, map[int]bool{number: true})
			continue
		}
		if text, number = fails(base, right, left); text == "" {
			break
		}
		found = append(found, text)
		left = lacking(base, left, map[int]bool{number: true})
	}
	leftFirst, errLeft := op.ApplyAll(base, slices.Concat(left.Operations, right.Operations))
	rightFirst, errRight := op.ApplyAll(base, slices.Concat(right.Operations, left.Operations))
	if errLeft == nil && errRight == nil && !Same(leftFirst, rightFirst) {
		found = append(found, depends(left, right))
	}
	return found
}

// fails says which operation of the second side cannot come after the first, and its number.
func fails(base schema.Schema, first, second Side) (text string, number int) {
	now, err := op.ApplyAll(base, first.Operations)
	if err != nil {
		return "", 0 // sides are sound by themselves
	}
	for i, o := range second.Operations {
		if now, err = o.Apply(now); err != nil {
			return fmt.Sprintf("%s cannot be applied after %s: %s: %v", second.Name, first.Name, o, err), i
		}
	}
	return "", 0
}

// compareTouches pairs what the two sides do to the same thing, and returns the numbers of the operations that get in
// each other's way.
func compareTouches(a, b []touch) (clashes []string, left, right map[int]bool) {
	left, right = map[int]bool{}, map[int]bool{}
	for _, one := range a {
		for _, other := range b {
			if text := meet(one, other); text != "" {
				clashes = append(clashes, text)
				left[one.by], right[other.by] = true, true
			}
		}
	}
	slices.Sort(clashes)
	return slices.Compact(clashes), left, right
}

// meet says how two touches of the same thing get in each other's way; empty if they do not.
func meet(a, b touch) string {
	switch {
	case a.object != b.object, a.verb == needs && b.verb == needs:
		return ""
	case a.verb == needs && b.verb == alters, a.verb == alters && b.verb == needs:
		return "" // whether the one stands the other shows when both are applied
	case a.verb == b.verb && a.what == b.what:
		return fmt.Sprintf("%s and %s both %s %s", a.side, b.side, a.verb.plural(), a.object)
	case a.verb == b.verb:
		return fmt.Sprintf("%s and %s both %s %s, each in its own way: %s, and %s", a.side, b.side, a.verb.plural(), a.object, a.what, b.what)
	default:
		return fmt.Sprintf("%s %s %s, which %s %s", a.side, a.verb, a.object, b.side, b.verb)
	}
}
