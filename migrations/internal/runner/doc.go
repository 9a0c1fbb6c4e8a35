// Package runner brings a database from one revision to another.
//
//	targets + applied ids ──graph──▶ plan ─▶ for each step: ┌─────────── one transaction ───────────┐
//	                                                        │ operations ──ddl──▶ SQL ─▶ database   │
//	                                                        │ the row in the table migrations       │
//	                                                        └──────────── by gormigrate ────────────┘
//
// A run uses one dedicated connection, and only one program migrates at a time: on PostgreSQL under a session advisory
// lock, on SQLite under the write lock that each revision's transaction begins with. Other programs wait, and then find
// nothing to do.
//
// A revision with batches is many transactions, one for each operation and batch. Each begins by reading the progress
// and ends by writing it, in a table that exists only meanwhile. So a run may stop anywhere, and on SQLite another
// program may continue in between.
//
// Operations need the schema they start from. It is replayed from the history up to the applied revisions, not read
// from the database, and only if there is something to run.
package runner
