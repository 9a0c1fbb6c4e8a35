package lint

import (
	"slices"
	"strings"
)

// Mode is a lock of PostgreSQL on a table, the weaker ones first.
type Mode int

// The modes, and None.
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

// String returns the mode in SQL's words.
func (m Mode) String() string { return modes[m] }

// BlocksWrites reports whether nobody else can change rows of the table.
func (m Mode) BlocksWrites() bool { return m >= Share }

// BlocksReads reports whether nobody else can read the table.
func (m Mode) BlocksReads() bool { return m == AccessExclusive }

// Lock is a lock on a table, which is held until the transaction ends.
type Lock struct {
	Table string
	Mode  Mode
}

// Work is what takes time while locks are held, the longer kinds last.
type Work int

// The kinds of work.
const (
	Moment  Work = iota // of the catalogue only
	Rows                // rows are changed, each locked until the transaction ends
	Scan                // a table is read from end to end
	Build               // an index is built
	Rewrite             // a table is written again, with its indexes
	Unknown             // anything
)

// during says what goes on, of a table.
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

// String is a word for the work, as JSON has it.
func (w Work) String() string {
	return []string{"moment", "rows", "scan", "build", "rewrite", "unknown"}[w]
}

// Claim is what a statement, or several in one transaction, do to tables that others use.
type Claim struct {
	Locks []Lock // the strongest on each table, in the order in which they are taken
	Work  Work
	On    string // the table that the work is on
	// Free is set if nobody waits for the work: an index is built concurrently, or rows are changed in batches.
	Free bool
}

// On returns the lock on a table.
func (c Claim) on(table string) Mode {
	for _, l := range c.Locks {
		if l.Table == table {
			return l.Mode
		}
	}
	return None
}

// lock adds a lock, or strengthens the one there is.
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

// work adds work, of which the longest counts.
func (c *Claim) work(w Work, table string) {
	if w > c.Work {
		c.Work, c.On = w, table
	}
}

// and adds what another statement does.
func (c *Claim) and(other Claim) {
	for _, l := range other.Locks {
		c.lock(l.Table, l.Mode)
	}
	c.Free = (c.Free || other.Free) && (c.Free || c.Work == Moment) && (other.Free || other.Work == Moment)
	c.work(other.Work, other.On)
}

// String is the claim for tests: locks in their order, and work.
func (c Claim) String() string {
	var all []string
	for _, l := range c.Locks {
		all = append(all, l.Mode.String()+" on "+l.Table)
	}
	return strings.Join(append(all, c.Work.during(c.On)), ", ")
}
