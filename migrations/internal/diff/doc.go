// Package diff finds the operations that lead from one schema to another and back.
//
//	history, replayed ─┐
//	                   ├─▶ renames ─▶ changes of each table ─▶ order ─▶ proof ─▶ Plan
//	models ────────────┘                                                          ├─ Upgrade
//	                                                                              └─ Downgrade, its reverse
//
// A plan is proven before anybody sees it: its upgrade leads from the one schema to the other and its downgrade back.
// The same two schemas give the same plan, whatever the order of what is in them. A rename is never guessed: a caller
// asks about the [Candidates] or is told.
package diff
