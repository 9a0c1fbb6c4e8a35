// Package versions holds the revisions of the project, one file each, written by db migrate, db revision and db merge.
// Import it for their registration.
package versions

import "embed"

// Files are the sources of the revisions: what each is about stands in a comment, and the program prints it without
// having the sources at hand.
//
//go:embed *.go
var Files embed.FS
