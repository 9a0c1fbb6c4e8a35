// Package runner brings a database from one revision to another.
//
//	targets + applied ids ──graph──▶ plan ─▶ for each step: ┌─────────── one transaction ───────────┐
//	                                                        │ operations ──ddl──▶ SQL ─▶ database   │
//	                                                        │ the row in the table migrations       │
//	                                                        └──────────── by gormigrate ────────────┘
//
// Everything happens on one dedicated connection, by one program at a time: on PostgreSQL under a session advisory
// lock, on SQLite under the write lock that each revision's transaction begins with. Programs that come second wait,
// and find nothing left to do.
//
// A revision with batches is many transactions, one for each operation and batch. Each begins by reading how far the
// revision is, and ends by writing it, in a table that is there only meanwhile. So it does not matter where a run is
// stopped, nor, on SQLite, whether another program goes on in between.
//
// Operations need the schema they start from. It is not read from the database, but replayed from the history up to
// the applied revisions, and only when there is something to run.
package runner
