package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Objects reads a JSON array, or a sequence of values, in bounded memory.
type Objects struct {
	values      *jsontext.Decoder
	most        int // maximum bytes of a value
	list, ended bool
}

// NewObjects returns a reader of values of at most the given number of bytes each. The text of an error follows the
// file's name.
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

// Next returns the next value, which is valid until the next call. At the end it returns io.EOF; the text of any other
// error follows the file's name.
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
		return nil, errors.New("has data after its list")
	case len(value) > o.most:
		return nil, fmt.Errorf("has an object of more than %d bytes", o.most)
	}
	return value, nil
}

func notJSON(err error) error { return fmt.Errorf("is not JSON: %w", err) }
