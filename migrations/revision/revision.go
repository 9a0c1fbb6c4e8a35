// Package revision is what a revision file is made of: a Revision, registered when the program starts.
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
// Files register themselves, so that two branches which each add one never touch the same line. Revisions is the
// [Registry] of their package; a program with several databases has several. What a revision is about, its message and
// date, is written in the comment above func init and nowhere else.
package revision

import "guestlist/migrations/op"

// Revision is one step of the history of the schema.
type Revision struct {
	// ID is unique. The name of the file usually begins with it.
	ID string
	// DownRevision names the revisions that this one builds on: none for the first, several for a merge.
	DownRevision []string
	// DependsOn names revisions, by id or label, that have to be applied before this one without being its line.
	DependsOn []string
	// BranchLabels are names for the line that begins here.
	BranchLabels []string
	// Replaces names revisions, oldest first, that no longer exist and whose changes this one makes; db squash fills
	// it. A database that has the last of them has this one. Revisions that name one of them mean this one.
	Replaces []string
	// Upgrade and Downgrade record the operations of the two directions; nil stands for none.
	Upgrade, Downgrade func(m *op.Migration)
	// NoTransaction runs the operations one by one on PostgreSQL, for statements that refuse to run in a transaction.
	// If one fails, those before it remain. SQLite knows no such statement that a revision needs, and runs the revision
	// in a transaction all the same.
	//
	// It is also for batches: each batch, and each other operation of the revision, is then a transaction, on both
	// databases. If one fails, those before it remain, and the next run continues there.
	NoTransaction bool
	// Safe says why the revision does no harm, such as "the table has ten rows": lint prints it, and its findings in
	// the revision are notes.
	Safe string
	// File is the base name of the file that declares the revision; Register sets it.
	File string
}
