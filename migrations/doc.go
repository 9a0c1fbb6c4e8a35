// Package migrations is a migration engine for GORM with the commands and the habits of Flask-Migrate and Alembic:
// revisions that form a graph, coded in Go, executed by gormigrate, on PostgreSQL and SQLite from the same file.
package migrations
