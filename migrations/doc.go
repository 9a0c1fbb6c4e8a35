// Package migrations is a migration engine for GORM with the commands and the habits of Flask-Migrate and Alembic:
// revisions that form a graph, written in Go, executed by gormigrate, on PostgreSQL and SQLite from the same file.
//
// # For the program
//
// [Environment] is what the engine works on: a history, the models that it should lead to, and a database. [Command]
// returns the command db for it. [Upgrade] brings a database to the heads, and waits while another program upgrades it;
// [CheckHead] reports whether it is there. The engine knows nothing of the program but what it is given. README.md
// shows a program of its own from the first line on.
//
// # What goes where
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
// operations; nothing in it touches a database. The graph of ids says which revisions to run, in which order. The
// runner runs them: each through gormigrate in a transaction that also writes the revision's id into the table of
// applied ids, which is all the state there is. What SQL an operation becomes depends on the dialect and on the schema
// before it, and that is replayed from the history, never read from the database.
//
// Revisions are written the other way round: db migrate reads the GORM models into a schema, replays the history into
// another, and renders the difference:
//
//	Environment.Models ──models──▶ schema ─┐
//	                                       ├─diff─▶ operations ─tried─▶ render: versions/<id>_<slug>.go
//	history ────────────replayed─▶ schema ─┘
//
// # The rooms
//
// Each imports only those below it.
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
//	internal/convert                 what becomes of values when their type changes
//	internal/hint  session           errors with a next step; the engine's own use of a connection
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
