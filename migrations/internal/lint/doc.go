// Package lint reports what a revision does to a live PostgreSQL database: which locks its statements take, whether a
// table is read or rewritten while they are held, and what the safer way is. It needs no database; a database only adds
// the sizes of tables.
//
//	operation ─ddl─▶ statements ─▶ Claim (locks, work) ─┐
//	revision ───────────────────────────────────────────┴▶ Finding (level, text, safer way)
//	operations of a range ──▶ Rolling (can the old program run on the new schema?)
//
// The claims follow the manual on explicit locking, ALTER TABLE and CREATE INDEX
// (https://www.postgresql.org/docs/current/explicit-locking.html, sql-altertable.html, sql-createindex.html), and a
// test runs each step on a server and reads pg_locks. What a finding says of a partitioned table also applies to its
// partitions, which the schema does not contain.
package lint
