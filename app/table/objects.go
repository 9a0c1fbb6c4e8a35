package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Objects reads a JSON list, or values one after the other, in bounded memory.
type Objects struct {
	values      *jsontext.Decoder
	most        int // bytes of a value
	list, ended bool
}

// NewObjects returns Objects of at most the given number of bytes each. The text of an error follows the file's name.
func NewObjects(in *bufio.Reader, most int) (*Objects, error) {
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = in.Discard(len(mark)) // it was peeked at
	}
	o := &Objects{values: jsontext.NewDecoder(in), most: most}
	if o.list = o.values.PeekKind() == '['; o.list {
		if _, err := o.values.ReadToken(); err != nil {
			return nil, notJSON(err)
		}
	}
	return o, nil
}

const byteOrderMark = "\uFEFF"

// Next returns the next value, until it is called again. At the end it fails with io.EOF; every other error is in words
// that follow the file.
func (o *Objects) Next() (jsontext.Value, error) {
	if o.list && !o.ended && o.values.PeekKind() == ']' {
		o.ended = true
		if _, err := o.values.ReadToken(); err != nil {
			return nil, notJSON(err)
		}
	}
	value, err := o.values.ReadValue()
	switch {
	case errors.Is(err, io.EOF) && o.ended == o.list:
		return nil, io.EOF
	case err != nil:
		return nil, notJSON(err)
	case o.ended:
		return nil, errors.New("goes on after its list")
	case len(value) > o.most:
		return nil, fmt.Errorf("has an object of more than %d bytes", o.most)
	}
	return value, nil
}

func notJSON(err error) error { return fmt.Errorf("is no JSON: %w", err) }
