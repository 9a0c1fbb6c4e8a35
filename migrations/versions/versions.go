// Package versions holds the revisions of the program, a file each, written by db migrate, db revision and db merge.
package versions

import (
	"embed"

	"guestlist/migrations/revision"
)

//go:embed *.go
var files embed.FS

// Revisions are the revisions that the files of this directory register, and the files themselves.
var Revisions = revision.NewRegistry(files)
