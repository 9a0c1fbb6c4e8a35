// Package migrations is a migration engine for GORM with the commands and conventions of Flask-Migrate and Alembic:
// revisions form a graph, are written in Go, and run on PostgreSQL and SQLite from the same file, by gormigrate.
//
// # For programs
//
// An [Environment] is a history, the models that it should lead to, and a database. [Command] returns the command db
// for it. [Upgrade] brings a database to the heads, and waits while another program upgrades it; [CheckHead] reports
// whether the database is at them. README.md builds a whole program.
//
// # Overview
//
//	versions/e592257626c3_create_the_schema.go ──init──▶ revision.Registry
//	                                                     │
//	                          ┌──────────────────────────┴───┐
//	                     graph: plan                    op: operations
//	                          │                              │
//	                          └───▶ runner ◀── replayed ── schema
//	                                  │
//	                   ┌──────────────┼────────────────┐
//	               ddl: SQL       gormigrate       lock, retries
//	                   └──────────────┴────────────────┘
//	                                  ▼
//	                      database, table of applied ids
//
// A revision is a file in versions. Its init registers an id, the ids it builds on, and two functions that record
// operations without access to a database. The graph of ids says which revisions to run, in which order. The runner
// runs each through gormigrate, in a transaction that also writes the revision's id into the table of applied ids, the
// only state. The SQL of an operation depends on the dialect and on the schema before it, which is replayed from the
// history and never read from the database.
//
// To write a revision, db migrate reads the GORM models into a schema, replays the history into another, and renders
// the difference:
//
//	Environment.Models ──models──▶ schema ─┐
//	                                       ├─diff─▶ operations ─tried─▶ render: versions/<id>_<slug>.go
//	history ────────────replayed─▶ schema ─┘
//
// # Packages
//
// Each package imports only those below it.
//
//	migrations                       what a program calls
//	internal/cli                     flags, questions, printing, drawing
//	internal/autogen                 models and history → draft → trial
//	internal/online                  a change as a series of revisions for a live database
//	internal/project                 a history and the comments in its files
//	internal/runner  drift           running, the lock, scripts; comparing a database with its history
//	internal/diff  models  render    from models to operations to a file
//	internal/lint                    what the statements of a revision lock, and what is safer
//	internal/ddl  graph  source      operations as SQL; identifiers and plans; files
//	internal/convert                 values whose type changes
//	internal/hint  session           errors with a next step; the engine's own use of a connection
//	internal/names                   tables and columns through renames
//	internal/sqlite                  SQLite without C
//	internal/postgres                databases on a server to try drafts on
//	revision                         what a file of a revision registers
//	op                               operations as values
//	schema                           the portable schema
//
// # From Alembic
//
//	alembic                        here
//	script/revision.py             internal/graph: the graph, identifiers, plans
//	script/base.py                 internal/source, internal/render: files of revisions
//	operations/ops.py, op          op: operations as values
//	autogenerate                   internal/models, internal/diff, internal/autogen: from models to a draft
//	ddl/postgresql.py, sqlite.py,
//	operations/batch.py            internal/ddl: operations as SQL, tables rebuilt on SQLite
//	runtime/migration.py           internal/runner: running, the lock, scripts for --sql
//	command.py, config.py          internal/cli
//	env.py                         Environment, filled by the program
//	script.py.mako                 internal/render
//	alembic_version                the table of applied ids: all of them, not the heads only
//	flask db …                     Command
package migrations
