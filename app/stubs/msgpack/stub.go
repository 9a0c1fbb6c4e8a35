// Package codec replaces github.com/ugorji/go/codec, which Gin imports to read and write MessagePack. Nothing here
// does that. Gin's build tag nomsgpack leaves it out as well, but `go run .` would need it as a flag.
package codec

import (
	"errors"
	"io"
)

var errLeftOut = errors.New("MessagePack is left out of this program; to use it, " +
	"delete the replace line of github.com/ugorji/go/codec from go.mod and run go mod tidy")

// MsgpackHandle has no options.
type MsgpackHandle struct{}

// Decoder decodes nothing.
type Decoder struct{}

// NewDecoder returns a Decoder.
func NewDecoder(io.Reader, *MsgpackHandle) Decoder { return Decoder{} }

// Decode returns an error that says how to read MessagePack.
func (Decoder) Decode(any) error { return errLeftOut }

// Encoder encodes nothing.
type Encoder struct{}

// NewEncoder returns an Encoder.
func NewEncoder(io.Writer, *MsgpackHandle) Encoder { return Encoder{} }

// Encode panics, since Gin would respond to the client with an empty body after an error.
func (Encoder) Encode(any) error { panic(errLeftOut) }
