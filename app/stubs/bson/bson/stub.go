// Package bson replaces go.mongodb.org/mongo-driver/v2/bson, which Gin imports to read and write BSON. Nothing here
// does that.
package bson

import "errors"

var errLeftOut = errors.New("BSON is left out of this program; to use it, " +
	"delete the replace line of go.mongodb.org/mongo-driver/v2 from go.mod and run go mod tidy")

// Unmarshal returns an error that says how to read BSON.
func Unmarshal([]byte, any) error { return errLeftOut }

// Marshal panics, since Gin would respond to the client with an empty body after an error.
func Marshal(any) ([]byte, error) { panic(errLeftOut) }
