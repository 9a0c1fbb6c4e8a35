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
// drops and the other does too, what one builds on and the other drops, and, where nothing of that explains it, that the
// two cannot be applied in both orders or lead to different schemas. None means that they can be merged without a look.
func Clashes(base schema.Schema, left, right Side) ([]string, error) {
	a, afterLeft, err := touches(base, left)
	if err != nil {
		return nil, err
	}
	b, afterRight, err := touches(base, right)
	if err != nil {
		return nil, err
	}
	clashes := compareTouches(a, b)
	text, fails := order(left, right, afterLeft, afterRight)
	if text != "" && (len(clashes) == 0 || !fails) {
		clashes = append(clashes, text)
	}
	return clashes, nil
}

// order says what becomes of the two sides one after the other, both ways, if that is a clash, and tells whether it is
// that one of them cannot come after the other.
func order(left, right Side, afterLeft, afterRight schema.Schema) (text string, fails bool) {
	leftFirst, err := op.ApplyAll(afterLeft, right.Operations)
	if err != nil {
		return fmt.Sprintf("%s cannot be applied after %s: %v", right.Name, left.Name, err), true
	}
	rightFirst, err := op.ApplyAll(afterRight, left.Operations)
	if err != nil {
		return fmt.Sprintf("%s cannot be applied after %s: %v", left.Name, right.Name, err), true
	}
	if Same(leftFirst, rightFirst) {
		return "", false
	}
	return fmt.Sprintf("%s and %s lead to different schemas, depending on which is applied first", left.Name, right.Name), false
}

// compareTouches pairs what the two sides do to the same thing.
func compareTouches(a, b []touch) []string {
	var clashes []string
	for _, one := range a {
		for _, other := range b {
			if text := meet(one, other); text != "" {
				clashes = append(clashes, text)
			}
		}
	}
	slices.Sort(clashes)
	return slices.Compact(clashes)
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
