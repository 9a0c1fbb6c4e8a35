package migrations_test

import (
	"testing"

	"guestlist/migrations/internal/dbtest"
)

// TestSquashStory squashes the revisions of a program, built with the real compiler, and runs the new program on
// databases that the old one migrated completely, partly and not at all.
func TestSquashStory(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds a program four times")
	}
	const isbn = "\tISBN  string `gorm:\"size:13;uniqueIndex\"`\n"
	s := newShop(t)
	s.build()
	s.want("INFO  [migrations] Detected added table 'books'\n", "migrate", "-m", "create books", "--rev-id", "aaaa")
	s.build(isbn)
	s.want("INFO  [migrations] Detected added column 'books.isbn' string(13)\n", "migrate", "-m", "add isbn",
		"--rev-id", "bbbb")
	s.build(isbn)
	done, between, empty := *s, *s, *s
	done.url, between.url, empty.url = dbtest.URL(t), dbtest.URL(t), dbtest.URL(t)
	done.want("INFO  [migrations] Running upgrade  -> aaaa", "upgrade")
	between.want("INFO  [migrations] Running upgrade  -> aaaa", "upgrade", "aaaa")

	s.want("Generating migrations/versions/ssss_books.go ...  done\nRemoving "+
		"migrations/versions/aaaa_create_books.go ...  done\n"+
		"Removing migrations/versions/bbbb_add_isbn.go ...  done\n", "squash", ":", "-m", "books", "--rev-id", "ssss")
	s.build(isbn)
	s.want("<base> -> ssss (head) (replaces 2), books\n", "history")
	s.want("No new upgrade operations detected.\n", "check", "--models")
	done.want("INFO  [migrations] Nothing to do: the database is already at head\n", "upgrade")
	between.want("Error: the database has only some of the revisions that ssss (ssss_books.go) replaces: aaaa of "+
		"aaaa, bbbb\n", "upgrade")
	empty.want("INFO  [migrations] Running upgrade  -> ssss, books", "upgrade")
	for _, at := range []*shop{&done, &empty} {
		at.want("ssss (head)\n", "current")
		at.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
		at.want("INFO  [migrations] Running downgrade ssss -> , books", "downgrade", "base")
		at.want("INFO  [migrations] Running upgrade  -> ssss, books", "upgrade")
	}
}
