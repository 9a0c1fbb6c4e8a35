// Package migrations is a migration engine for GORM with the commands and the habits of Flask-Migrate and Alembic:
// revisions that form a graph, written in Go, executed by gormigrate, on PostgreSQL and SQLite from the same file.
//
// # What goes where
//
//	versions/8f0c3f6d1a2b_create_users.go ──init──▶ revision.Registry
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
//	                      database, table migrations
//
// A revision is a file in versions. Its init registers an id, the ids it builds on, and two functions that record
// operations; nothing in it touches a database. The graph of ids says which revisions to run, in which order. The runner
// runs them: each through gormigrate in a transaction that also writes the revision's id into the table migrations, which
// is all the state there is. What SQL an operation becomes depends on the dialect and on the schema before it, and that
// is replayed from the history, never read from the database.
//
// Revisions are written the other way round: db migrate reads the GORM models into a schema, replays the history into
// another, and renders the difference:
//
//	Environment.Models ──models──▶ schema ─┐
//	                                       ├─diff─▶ operations ─tried in memory─▶ render: versions/<id>_<slug>.go
//	history ────────────replayed─▶ schema ─┘
//
// # From Alembic
//
//	alembic                        here
//	script/revision.py             internal/graph: the graph, identifiers, plans
//	script/base.py                 internal/source, internal/render: files of revisions
//	operations/ops.py, op          op: operations as values
//	autogenerate                   internal/models, internal/diff: from models to operations
//	ddl/postgresql.py, sqlite.py,
//	operations/batch.py            internal/ddl: operations as SQL, tables rebuilt on SQLite
//	runtime/migration.py           internal/runner: running, the lock, scripts for --sql
//	command.py, config.py          commands.go, cli.go, output.go
//	env.py                         Environment, filled by main.go
//	script.py.mako                 internal/render
//	alembic_version                the table migrations: every applied id, not the heads only
//	flask db …                     Command
//
// # For the program
//
// [Upgrade] brings a database to the heads, and waits where another program does the same. [CheckHead] tells whether one
// is there. [Command] is the command db. The package is given a registry, models and a database and knows nothing of the
// application: revisions must not import models, which change and vanish while history stays.
package migrations
