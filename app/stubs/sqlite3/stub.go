// Package sqlite3 replaces github.com/mattn/go-sqlite3.
//
// GORM's SQLite driver imports that module for its side effect of registering a database/sql driver. Guestlist
// gives GORM a connection of modernc.org/sqlite instead, which needs no C compiler, so all that the import would
// do is compile SQLite's C source: about a minute of a newcomer's first `go run .`. Delete this stub and its replace
// line in go.mod when the driver drops the import.
package sqlite3
