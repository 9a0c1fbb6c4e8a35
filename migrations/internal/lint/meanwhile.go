package lint

import (
	"fmt"
	"strings"
)

// meanwhile adds to a finding the tables that stay locked by earlier operations while the work is done.
func (f *finder) meanwhile(found *Finding) {
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
	found.Text += "; " + f.locked(locks)
	if found.Safer == "" {
		found.Safer = "put it into a revision of its own, after this one"
	}
}

// blocking returns the strongest lock of an earlier operation on each table, if it blocks writes and is stronger than
// the claim's.
func (f *finder) blocking(c Claim) (locks []held) {
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

// locked says which tables stay locked. Of many it names a few: the findings of the operations that lock them name them
// all.
func (f *finder) locked(locks []held) string {
	if len(locks) == 1 {
		h := locks[0]
		return fmt.Sprintf("%s stays locked meanwhile, by %q: %s", f.sizes.describe(h.Table), h.by, waits(h.Mode))
	}
	var closed, frozen []string // to reads and writes, and to writes alone
	for _, h := range locks {
		if name := f.sizes.describe(h.Table); h.Mode.BlocksReads() {
			closed = append(closed, name)
		} else {
			frozen = append(frozen, name)
		}
	}
	var parts []string
	if len(closed) > 0 {
		parts = append(parts, "reads and writes of "+few(closed)+" wait")
	}
	if len(frozen) > 0 {
		parts = append(parts, "writes to "+few(frozen)+" wait")
	}
	return fmt.Sprintf("%d tables stay locked meanwhile, by earlier steps: %s", len(locks), strings.Join(parts, ", "))
}

// few returns at most three of the names, and how many more there are.
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
