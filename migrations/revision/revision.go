// Package revision declares revisions. A revision file registers one when the program starts:
//
//	func init() {
//		Revisions.Register(revision.Revision{
//			ID:           "8f0c3f6d1a2b",
//			DownRevision: []string{"3c9a51d2b0f4"},
//			Upgrade:      func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.String(32))) },
//			Downgrade:    func(m *op.Migration) { m.DropColumn("users", "phone") },
//		})
//	}
//
// Files register themselves, so that two branches that each add one never change the same line. Revisions is the
// [Registry] of their package; a program with several databases has several. The message and date of a revision are
// only in the comment above func init.
package revision

import "guestlist/migrations/op"

// Revision is one step of the history of the schema.
type Revision struct {
	// ID is unique. The file name usually begins with it.
	ID string
	// DownRevision names the revisions that this one builds on: none for the first, several for a merge.
	DownRevision []string
	// DependsOn names revisions of other lines, by id or label, that must be applied before this one.
	DependsOn []string
	// BranchLabels are names for the line that begins here.
	BranchLabels []string
	// Replaces names former revisions, oldest first, whose changes this one makes; db squash sets it. A database that
	// has the last of them has this one. As a parent or dependency, each of them means this one.
	Replaces []string
	// Upgrade and Downgrade record the operations of each direction; nil means none.
	Upgrade, Downgrade func(m *op.Migration)
	// NoTransaction runs the operations one by one on PostgreSQL, for statements that cannot run in a transaction. If one
	// fails, those before it remain. On SQLite, no revision needs such a statement, and the operations still run in a
	// transaction.
	//
	// Batches need it too: each batch, and each other operation of the revision, is then a transaction, on both
	// databases. If one fails, those before it remain, and the next run continues after them.
	NoTransaction bool
	// Safe says why the revision is harmless, such as "the table has ten rows": lint prints it, and reports its findings
	// in the revision as notes.
	Safe string
	// File is the base name of the file that declares the revision; Register sets it.
	File string
}
