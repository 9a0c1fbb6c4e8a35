package lint

import (
	"slices"
	"strings"
)

// Mode is a PostgreSQL table lock mode, the weakest first.
type Mode int

// The lock modes, and None.
const (
	None Mode = iota
	AccessShare
	RowShare
	RowExclusive
	ShareUpdateExclusive
	Share
	ShareRowExclusive
	Exclusive
	AccessExclusive
)

var modes = []string{
	"no lock", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE",
	"EXCLUSIVE", "ACCESS EXCLUSIVE",
}

// String returns the mode as SQL spells it.
func (m Mode) String() string { return modes[m] }

// BlocksWrites reports whether the lock keeps others from changing rows of the table.
func (m Mode) BlocksWrites() bool { return m >= Share }

// BlocksReads reports whether the lock keeps others from reading the table.
func (m Mode) BlocksReads() bool { return m == AccessExclusive }

// Lock is a lock on a table, held until the transaction ends.
type Lock struct {
	Table string
	Mode  Mode
}

// Work is what a statement does while it holds locks, the longest last.
type Work int

// The kinds of work.
const (
	Moment  Work = iota // changes the catalogue only
	Rows                // changes rows, each locked until the transaction ends
	Scan                // reads a whole table
	Build               // builds an index
	Rewrite             // rewrites a table and its indexes
	Unknown             // may do anything
)

// during returns a clause that says how long the locks are held.
func (w Work) during(table string) string {
	switch w {
	case Rows:
		return "while rows of " + table + " are changed"
	case Scan:
		return "while all rows of " + table + " are read"
	case Build:
		return "while an index on " + table + " is built"
	case Rewrite:
		return "while " + table + " is rewritten"
	case Unknown:
		return "for as long as it takes"
	default:
		return "for a moment"
	}
}

// String returns the work as in JSON.
func (w Work) String() string {
	return []string{"moment", "rows", "scan", "build", "rewrite", "unknown"}[w]
}

// Claim is what a statement, or several in one transaction, do to tables that others use.
type Claim struct {
	Locks []Lock // the strongest on each table, in the order in which they are taken
	Work  Work
	On    string // the table that the work is on
	// NonBlocking is set if nobody waits for the work: an index is built concurrently, or rows are changed in batches.
	NonBlocking bool
}

// on returns the mode of the lock on a table.
func (c Claim) on(table string) Mode {
	for _, l := range c.Locks {
		if l.Table == table {
			return l.Mode
		}
	}
	return None
}

// lock adds a lock, or strengthens the existing one.
func (c *Claim) lock(table string, mode Mode) {
	if table == "" || mode == None {
		return
	}
	i := slices.IndexFunc(c.Locks, func(l Lock) bool { return l.Table == table })
	if i < 0 {
		c.Locks = append(c.Locks, Lock{table, mode})
		return
	}
	c.Locks[i].Mode = max(c.Locks[i].Mode, mode)
}

// work adds work; the longest counts.
func (c *Claim) work(w Work, table string) {
	if w > c.Work {
		c.Work, c.On = w, table
	}
}

// and adds the claim of another statement.
func (c *Claim) and(other Claim) {
	for _, l := range other.Locks {
		c.lock(l.Table, l.Mode)
	}
	bothBrief := (c.NonBlocking || c.Work == Moment) && (other.NonBlocking || other.Work == Moment)
	c.NonBlocking = (c.NonBlocking || other.NonBlocking) && bothBrief
	c.work(other.Work, other.On)
}

// String describes the claim in tests: its locks in order, then its work.
func (c Claim) String() string {
	var all []string
	for _, l := range c.Locks {
		all = append(all, l.Mode.String()+" on "+l.Table)
	}
	return strings.Join(append(all, c.Work.during(c.On)), ", ")
}
