package lint

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Level is how bad a finding is, the worst last.
type Level int

// The levels.
const (
	Note    Level = iota // locks for a moment, or locks that keep nobody waiting
	Warning              // others cannot write while work is done, or nothing is known of it
	Error                // others can neither read nor write while work is done
)

var levels = []string{"note", "warning", "error"}

// String returns the level's name.
func (l Level) String() string { return levels[l] }

// ParseLevel returns the level of that name.
func ParseLevel(name string) (Level, error) {
	if i := slices.Index(levels, name); i >= 0 {
		return Level(i), nil
	}
	return 0, fmt.Errorf("unknown level %q", name)
}

// Revision is a revision in one direction.
type Revision struct {
	Operations    []op.Operation
	InTransaction bool   // all operations are in one transaction; otherwise each is in its own
	Safe          string // why what is found does no harm, as its author says; empty for nothing said
}

// Finding is what one operation does to tables that others use.
type Finding struct {
	Operation op.Operation
	Level     Level
	Claim     Claim
	Text      string // one line
	Safer     string // how to do it so that nobody waits; empty where there is nothing to say
}

// Find returns a finding for each operation that locks a table or does something unknown. Tables that the revision
// makes are nobody's yet.
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
	fresh  map[string]bool // tables that the revision made
	held   []held          // locks that the transaction holds
}

// held is a lock and the operation that took it.
type held struct {
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
	if claim.Work > Moment && !claim.Free {
		f.meanwhile(&found)
	}
	for _, l := range claim.Locks {
		f.held = append(f.held, held{l, o})
	}
	if made, ok := o.(*op.CreateTable); ok {
		f.fresh[made.Table.Name] = true
	}
	f.schema, err = o.Apply(f.schema)
	return found, err
}

// onOthers leaves out of a claim what concerns tables that the revision itself has made.
func (f *finder) onOthers(c Claim) Claim {
	c.Locks = slices.DeleteFunc(c.Locks, func(l Lock) bool { return f.fresh[l.Table] })
	if f.fresh[c.On] {
		c.Work, c.On = Moment, ""
	}
	return c
}

func (c Claim) level() Level {
	if c.Free {
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

// text is one line; nothing is said where nothing is locked.
func (c Claim) text(sizes Sizes) string {
	if c.Work == Unknown && len(c.Locks) == 0 {
		return "what it locks, and for how long, is not known"
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
	case c.Work == Moment, c.Free:
		return text
	case c.Work == Rows:
		return text + ": each stays locked until the transaction ends"
	case strongest.BlocksWrites():
		return text + ": " + waits(strongest)
	}
	return text
}
