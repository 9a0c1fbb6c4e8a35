// Package lint knows what the statements of a revision do to a live PostgreSQL database: which locks they take, whether
// a table is read or rewritten while they hold them, and what the safer way is. It is pure; a database only adds how
// large the tables are.
//
//	operation ─ddl─▶ statements ─▶ Claim (locks, work) ─┐
//	revision ───────────────────────────────────────────┴▶ Finding (level, words, safer way)
//	operations of a range ──▶ Rolling (can the old program run on the new schema?)
//
// The claims follow the manual on explicit locking, ALTER TABLE and CREATE INDEX
// (https://www.postgresql.org/docs/current/explicit-locking.html, sql-altertable.html, sql-createindex.html), and a
// test takes each step on a server and reads pg_locks. What is said of a partitioned table is true of its partitions,
// too, of which the schema does not know.
package lint
