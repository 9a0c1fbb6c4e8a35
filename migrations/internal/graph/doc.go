// Package graph is the revision graph: which revisions exist, how they hang
// together, and which of them to run, in which order, to get from one state to
// another. It knows no database and no files; it is given nodes and applied ids
// and returns values.
//
// # The graph
//
// A revision names the revisions it revises (down), may name others that must be
// applied before it (depends on), and may carry branch labels:
//
//	                    ┌── b1 ── c1 ──┐
//	<base> ── a1 ── a2 ─┤              ├── m ── d        d: head, effective head
//	                    └── b2 ────────┘        ┊
//	                                            ┊ depends on
//	<base> ── p1 ── p2 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘        p2: head only
//	         (plug)
//
//	bases          a1, p1     revise nothing
//	branch point   a2         revised by more than one
//	merge point    m          revises more than one
//	heads          d, p2      revised by none
//	real heads     d          revised by none and needed by none
//	label plug     p1, p2     declared on p1, carried by its line
//
// A dependency is an edge like any other when it comes to order and to what is
// applied, but it does not join branches: p2 stays a head that a new revision may
// be based on, while a database at d has p2 too and reports d alone.
//
// A revision may also replace others, whose files are gone: replace.go says what their ids mean then.
//
// # The state of a database
//
// Every function that needs it takes the applied ids, in the order in which they
// are to be reported (the order decides only which head "-1" starts from). An id
// implies its ancestors; [Graph.Missing] tells which of those are not recorded.
// The current heads are the applied ids that no other applied id builds on.
//
// # Asking
//
//	g, err := graph.New(nodes)                     // checks: a broken graph is one error
//	plan, err := g.Upgrade(applied, "head")        // plan.Steps, lowest first
//	plan, err = g.Downgrade(applied, "-1")         // plan.Steps, highest first
//	plan, err = g.Stamp(applied, "plug@head")      // plan.Applied is the new table
//	ids, err := g.History(graph.Range{}, applied)  // newest first
//	node, err := g.Propose(graph.Proposal{ID: id}) // where a new revision goes
//
// Targets are written as Alembic users write them:
//
//	head, heads, base, current        symbols; "head" must be the only one
//	8f0c3f6d1a2b, 8f0c, plug          an id, a unique prefix of one, a label
//	plug@head, 8f0c@heads, plug@base  a symbol or id narrowed to a branch
//	+2, -1, plug@+1, plug@-1          relative to the current heads
//	8f0c+2, head-1, plug@head-1       relative to a revision
//	a:b, a:, :b                       ranges, see [ParseRange]
//
// # Order
//
// Every result is in an order that follows from the input alone: load order for lists
// of facts, and for plans and history the walk from the heads down that order.go
// describes. The rules reproduce those of Alembic 1.19 and are tested against its
// recorded results in testdata.
//
// # Errors
//
// Errors are types that carry the ids and files they speak of. Error gives the
// one line a user knows from Alembic; those that can say what to do about it
// have a method Hint.
package graph
