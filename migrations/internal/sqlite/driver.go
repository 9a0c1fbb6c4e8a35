//go:build !no_modernc

package sqlite

// Drafts are tried in every program, also in one that has no SQLite driver of its own. This one needs no C. A program
// with github.com/glebarez/go-sqlite, which registers the same name in database/sql, is built with the tag no_modernc:
// drafts are then tried on that.
import _ "modernc.org/sqlite"
