package diff

import (
	"cmp"
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

// Clash is something that two branches both touch, so that a person has to look before they are merged.
type Clash struct {
	// Object is what it is about: column users.phone. It is empty where it is about the order of the branches.
	Object string
	// Text says what is the matter, in a sentence.
	Text string
}

// String returns the text.
func (c Clash) String() string { return c.Text }

// Clashes returns what stands against merging two branches that part at base: what one adds, changes or drops and the
// other does too, what one builds on and the other drops, and, where nothing of that explains it, that the two cannot
// be applied in both orders or lead to different schemas. None means that they can be merged without a look.
func Clashes(base schema.Schema, left, right Side) ([]Clash, error) {
	a, afterLeft, err := touches(base, left)
	if err != nil {
		return nil, err
	}
	b, afterRight, err := touches(base, right)
	if err != nil {
		return nil, err
	}
	clashes := compareTouches(a, b)
	if clash := order(left, right, afterLeft, afterRight); clash.Text != "" && (len(clashes) == 0 || !clash.fails) {
		clashes = append(clashes, clash.Clash)
	}
	return clashes, nil
}

// orderClash is a clash of the order, and whether it is that one side cannot come after the other.
type orderClash struct {
	Clash

	fails bool
}

// order tells what becomes of the two sides one after the other, both ways.
func order(left, right Side, afterLeft, afterRight schema.Schema) orderClash {
	leftFirst, err := op.ApplyAll(afterLeft, right.Operations)
	if err != nil {
		return orderClash{Clash{Text: fmt.Sprintf("%s cannot be applied after %s: %v", right.Name, left.Name, err)}, true}
	}
	rightFirst, err := op.ApplyAll(afterRight, left.Operations)
	if err != nil {
		return orderClash{Clash{Text: fmt.Sprintf("%s cannot be applied after %s: %v", left.Name, right.Name, err)}, true}
	}
	if !Same(leftFirst, rightFirst) {
		return orderClash{Clash: Clash{Text: fmt.Sprintf("%s and %s lead to different schemas, depending on which is applied first",
			left.Name, right.Name)}}
	}
	return orderClash{}
}

// compareTouches pairs what the two sides do to the same thing.
func compareTouches(a, b []touch) []Clash {
	var clashes []Clash
	for _, one := range a {
		for _, other := range b {
			if text := meet(one, other); text != "" {
				clashes = append(clashes, Clash{Object: string(one.object), Text: text})
			}
		}
	}
	slices.SortStableFunc(clashes, func(x, y Clash) int { return cmp.Or(cmp.Compare(x.Object, y.Object), cmp.Compare(x.Text, y.Text)) })
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
