// Package diff finds the operations that lead from one schema to another and back.
//
//	history, replayed ─┐
//	                   ├─▶ renames ─▶ changes of each table ─▶ order ─▶ proof ─▶ Plan
//	models ────────────┘                                                          ├─ Upgrade
//	                                                                              └─ Downgrade, its reverse
//
// Every plan is proven before it is returned: its upgrade leads from the one schema to the other, and its downgrade
// back. The plan does not depend on the order of the objects in the schemas. Renames are never guessed: the caller
// passes them, and can choose them from the [Candidates].
package diff
