//go:build !no_modernc

package sqlite

// Drafts are tried in every program, even if it has no SQLite driver. This one needs no cgo. A program with
// github.com/glebarez/go-sqlite, which registers the same name in database/sql, must be built with the tag no_modernc;
// drafts are then tried with that driver.
import _ "modernc.org/sqlite"
