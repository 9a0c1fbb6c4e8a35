package lint

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Level is the severity of a finding, the worst last.
type Level int

// The levels.
const (
	Note    Level = iota // brief locks, or locks that block nobody
	Warning              // blocks writes while the work is done, or the work is unknown
	Error                // blocks reads and writes while the work is done
)

var levels = []string{"note", "warning", "error"}

// String returns the level's name.
func (l Level) String() string { return levels[l] }

// ParseLevel returns the level with that name.
func ParseLevel(name string) (Level, error) {
	if i := slices.Index(levels, name); i >= 0 {
		return Level(i), nil
	}
	return 0, fmt.Errorf("unknown level %q", name)
}

// Revision is a revision in one direction.
type Revision struct {
	Operations    []op.Operation
	InTransaction bool   // all operations run in one transaction; otherwise each runs in its own
	Safe          string // the author's reason why the findings do no harm; empty if there is none
}

// Finding is what one operation does to tables that others use.
type Finding struct {
	Operation op.Operation
	Level     Level
	Claim     Claim
	Text      string // one line
	Safer     string // how to do it without blocking others; may be empty
}

// Find returns a finding for each operation that locks a table or whose work is unknown. Tables that the revision
// creates do not count: nobody uses them yet.
func Find(before schema.Schema, r Revision, sizes Sizes) ([]Finding, error) {
	f := finder{schema: before, sizes: sizes, fresh: map[string]bool{}}
	var all []Finding
	for _, o := range r.Operations {
		found, err := f.find(o)
		if err != nil {
			return nil, err
		}
		if found.Text != "" {
			all = append(all, found)
		}
		if !r.InTransaction {
			f.held = nil
		}
	}
	if r.Safe != "" {
		for i := range all {
			all[i].Level, all[i].Safer = Note, ""
		}
	}
	return all, nil
}

// finder follows the operations of a revision.
type finder struct {
	schema schema.Schema // before the operation
	sizes  Sizes
	fresh  map[string]bool // tables that the revision created
	held   []heldLock      // locks that the transaction holds
}

// heldLock is a lock and the operation that took it.
type heldLock struct {
	Lock
	by op.Operation
}

func (f *finder) find(o op.Operation) (Finding, error) {
	claim, err := Of(o, f.schema)
	if err != nil {
		return Finding{}, err
	}
	claim = f.onOthers(claim)
	found := Finding{Operation: o, Claim: claim, Level: claim.level(), Text: claim.text(f.sizes)}
	if found.Level > Note {
		found.Safer = safer(o)
	}
	if claim.Work > Moment && !claim.NonBlocking {
		f.addHeldLocks(&found)
	}
	for _, l := range claim.Locks {
		f.held = append(f.held, heldLock{l, o})
	}
	if made, ok := o.(*op.CreateTable); ok {
		f.fresh[made.Table.Name] = true
	}
	f.schema, err = o.Apply(f.schema)
	return found, err
}

// onOthers removes tables that the revision created from a claim.
func (f *finder) onOthers(c Claim) Claim {
	c.Locks = slices.DeleteFunc(c.Locks, func(l Lock) bool { return f.fresh[l.Table] })
	if f.fresh[c.On] {
		c.Work, c.On = Moment, ""
	}
	return c
}

func (c Claim) level() Level {
	if c.NonBlocking {
		return Note
	}
	switch c.Work {
	case Moment:
		return Note
	case Rows, Unknown:
		return Warning
	}
	level := Note
	for _, l := range c.Locks {
		switch {
		case l.Mode.BlocksReads():
			return Error
		case l.Mode.BlocksWrites():
			level = Warning
		}
	}
	return level
}

// text describes the claim in one line; it is empty if nothing is locked.
func (c Claim) text(sizes Sizes) string {
	if c.Work == Unknown && len(c.Locks) == 0 {
		return "it is unknown what this locks, and for how long"
	}
	if len(c.Locks) == 0 {
		return ""
	}
	var locks []string
	strongest := None
	for _, l := range c.Locks {
		locks = append(locks, l.Mode.String()+" on "+sizes.describe(l.Table))
		strongest = max(strongest, l.Mode)
	}
	text := strings.Join(locks, ", ") + " " + c.Work.during(c.On)
	switch {
	case c.Work == Moment, c.NonBlocking:
		return text
	case c.Work == Rows:
		return text + ": each stays locked until the transaction ends"
	case strongest.BlocksWrites():
		return text + ": " + waits(strongest)
	}
	return text
}
