package utils

import (
	"errors"
	"fmt"
	"io"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// DecodeList is Decode for JSON that is decoded while it arrives from in. It passes each element of the member named
// list, which request does not have, to each, and keeps none; an error from each ends the decoding. All other members
// together may have MaxBody bytes.
func DecodeList(
	c *gin.Context, in io.Reader, request Validator, list string, each func(element jsontext.Value) error,
) error {
	query, err := readQuery(c, request)
	if err != nil {
		return err
	}
	d := listDecoder{
		Decoder: jsontext.NewDecoder(transform.NewReader(in, encoding.UTF8Validator)), list: list, each: each,
	}
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return orMalformed(err, "not an object")
	}
	d.rest = append(d.rest, '{')
	for d.PeekKind() != '}' {
		if err := d.member(); err != nil {
			return err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return malformed(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return orMalformed(err, "data after the object")
	}
	if err := query.merge(append(d.rest, '}'), request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// listDecoder decodes an object that has one long list.
type listDecoder struct {
	*jsontext.Decoder
	list string
	each func(jsontext.Value) error
	rest []byte // the other members
}

// member reads the next member of the object.
func (d *listDecoder) member() error {
	token, err := d.ReadToken()
	if err != nil {
		return malformed(err)
	}
	name := token.String() // before the next call invalidates the token
	switch {
	case name == d.list:
		return d.elements()
	case foldKey(name) == foldKey(d.list):
		return fmt.Errorf("%w: in case only", ErrDuplicateKey)
	}
	value, err := d.ReadValue()
	if err != nil {
		return malformed(err)
	}
	if len(d.rest)+len(name)+len(value) > MaxBody {
		return fmt.Errorf("%w: beside the list", ErrBodyTooLarge)
	}
	if len(d.rest) > 1 {
		d.rest = append(d.rest, ',')
	}
	if d.rest, err = jsontext.AppendQuote(d.rest, name); err != nil {
		return malformed(err)
	}
	d.rest = append(append(d.rest, ':'), value...)
	return nil
}

// elements reads the list. Null is an empty list.
func (d *listDecoder) elements() error {
	switch d.PeekKind() {
	case 'n':
		return orNil(d.SkipValue())
	case '[':
		if _, err := d.ReadToken(); err != nil {
			return malformed(err)
		}
	default:
		if err := d.SkipValue(); err != nil {
			return malformed(err)
		}
		return FieldErrors{d.list: "must be a list"}
	}
	for d.PeekKind() != ']' {
		value, err := d.ReadValue()
		if err != nil {
			return malformed(err)
		}
		if err := checkValue(value, map[string]string{}); err != nil {
			return err
		}
		if err := d.each(value); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return orNil(err)
}

func orNil(err error) error {
	if err == nil {
		return nil
	}
	return malformed(err)
}

// orMalformed returns the catalogue's error for err, or if it is nil, ErrInvalidJSON with what is wrong.
func orMalformed(err error, what string) error {
	if err != nil {
		return malformed(err)
	}
	return fmt.Errorf("%w: %s", ErrInvalidJSON, what)
}
