package lint

import (
	"fmt"
	"strings"
)

// addHeldLocks adds to a finding the tables that earlier operations keep locked during its work.
func (f *finder) addHeldLocks(found *Finding) {
	locks := f.blocking(found.Claim)
	if len(locks) == 0 {
		return
	}
	for _, h := range locks {
		level := Warning
		if h.Mode.BlocksReads() {
			level = Error
		}
		found.Level = max(found.Level, level)
	}
	found.Text += "; " + f.describeHeld(locks)
	if found.Safer == "" {
		found.Safer = "move it to a later revision of its own"
	}
}

// blocking returns, for each table, the strongest lock of an earlier operation that blocks writes and is stronger than
// the claim's own.
func (f *finder) blocking(c Claim) (locks []heldLock) {
	at := map[string]int{} // in locks, by table
	for _, h := range f.held {
		if !h.Mode.BlocksWrites() || c.on(h.Table) >= h.Mode {
			continue
		}
		switch i, there := at[h.Table]; {
		case !there:
			at[h.Table] = len(locks)
			locks = append(locks, h)
		case locks[i].Mode < h.Mode:
			locks[i] = h
		}
	}
	return locks
}

// describeHeld says which tables stay locked. If there are many it names a few: the findings of the earlier operations
// name all.
func (f *finder) describeHeld(locks []heldLock) string {
	if len(locks) == 1 {
		h := locks[0]
		return fmt.Sprintf("%s stays locked meanwhile, by %q: %s", f.sizes.describe(h.Table), h.by, waits(h.Mode))
	}
	var noReads, noWrites []string // tables that others can neither read nor write, and only not write
	for _, h := range locks {
		if name := f.sizes.describe(h.Table); h.Mode.BlocksReads() {
			noReads = append(noReads, name)
		} else {
			noWrites = append(noWrites, name)
		}
	}
	var parts []string
	if len(noReads) > 0 {
		parts = append(parts, "reads and writes of "+few(noReads)+" wait")
	}
	if len(noWrites) > 0 {
		parts = append(parts, "writes to "+few(noWrites)+" wait")
	}
	return fmt.Sprintf("%d tables stay locked meanwhile, by earlier steps: %s", len(locks), strings.Join(parts, ", "))
}

// few lists up to three names and counts the rest.
func few(names []string) string {
	const enough = 3
	last := len(names) - 1
	switch {
	case last == 0:
		return names[0]
	case len(names) > enough:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:enough], ", "), len(names)-enough)
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func waits(m Mode) string {
	if m.BlocksReads() {
		return "reads and writes wait"
	}
	return "writes wait"
}
