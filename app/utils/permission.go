package utils

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxPrefix is how many bytes of a body are read before the caller is known to be allowed to send it: 4 KiB.
const MaxPrefix = 4096

// Permission is what a handler knows about the rights of the caller before it decodes the body. What the caller may do
// depends on an ID, such as that of an event, which the query or the body names.
type Permission struct {
	Member string               // of the request that holds the ID
	Named  int64                // the ID that the query names; 0: none
	For    func(id int64) error // returns nil if the caller may do it with what has the ID; nil: the whole body decides
	Some   func() error         // returns nil if there is anything that the caller may do it with
}

// Subject is a request about what has an ID.
type Subject interface {
	Validator
	// Subject returns the ID; 0 if the request names none.
	Subject() int64
}

// DecodePermitted is Decode for a caller who has the permission. A caller without it learns so from the query, if that
// names the ID, without a byte of the body being read; else from the first MaxPrefix bytes of the body: they name the
// ID, or the caller has no use for the rest, unless something is permitted to them.
func DecodePermitted(c *gin.Context, request Subject, p Permission) error {
	return p.decode(c, request, required)
}

// DecodePermittedOptional is DecodePermitted for a request whose body may be missing, as clients send a DELETE.
func DecodePermittedOptional(c *gin.Context, request Subject, p Permission) error {
	return p.decode(c, request, optional)
}

func (p Permission) decode(c *gin.Context, request Subject, body presence) error {
	query, err := readQuery(c, request)
	if err != nil {
		return err
	}
	p.Named = request.Subject()
	if p.Named > 0 && p.For != nil {
		if err := p.For(p.Named); err != nil {
			return err
		}
	}
	mediaType, err := query.bodyType(c, body)
	if err != nil {
		return err
	}
	permitted := p.Named
	if mediaType != "" && permitted < 1 {
		if permitted, err = p.Check(c, mediaType); err != nil {
			return err
		}
	}
	if err := query.readBody(c, mediaType, request); err != nil {
		return err
	}
	return p.Confirm(request.Subject(), permitted)
}

// Check returns nil if the caller may send the body, and the ID for which that is known; 0 if the body is shorter than
// MaxPrefix and names none, or if it names none that early and the caller may do something somewhere. The body can
// still be read from its beginning; Confirm comes after it.
func (p Permission) Check(c *gin.Context, mediaType string) (permitted int64, err error) {
	if p.Named > 0 && p.For != nil {
		return p.Named, p.For(p.Named)
	}
	start, _ := peekable(c).Peek(MaxPrefix)
	whole := len(start) < MaxPrefix // or it cannot be read on, which its reader will see too
	if p.For != nil {
		if id := namedIn(mediaType, start, whole, p.Member); id > 0 {
			return id, p.For(id)
		}
	}
	if whole {
		return 0, nil
	}
	return 0, p.Some()
}

// Confirm returns nil if the caller may do it with what the decoded body names, when Check returned permitted.
func (p Permission) Confirm(id, permitted int64) error {
	if p.For == nil || id < 1 || id == permitted {
		return nil
	}
	return p.For(id)
}

func parseID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// peekedBody is a body whose beginning can be read before the rest.
type peekedBody struct {
	*bufio.Reader
	io.Closer
}

// hasBody reports whether the request has a body. It reads nothing where the length is announced.
func hasBody(c *gin.Context) bool {
	if c.Request.ContentLength >= 0 {
		return c.Request.ContentLength > 0
	}
	_, err := peekable(c).Peek(1)
	return !errors.Is(err, io.EOF)
}

func peekable(c *gin.Context) peekedBody {
	body, ok := c.Request.Body.(peekedBody)
	if !ok {
		body = peekedBody{bufio.NewReaderSize(c.Request.Body, MaxPrefix), c.Request.Body}
		c.Request.Body = body
	}
	return body
}

// namedIn returns the ID that is a member of the body, or 0 if its start does not show one. whole says that there is no
// more than the start.
func namedIn(mediaType string, start []byte, whole bool, member string) int64 {
	if mediaType == jsonType {
		return namedInJSON(start, whole, member)
	}
	if !whole { // the last value may go on
		start = start[:max(0, bytes.LastIndexByte(start, '&'))]
	}
	values, err := url.ParseQuery(string(start))
	if err != nil {
		return 0
	}
	return parseID(values.Get(member))
}

func namedInJSON(start []byte, whole bool, member string) (id int64) {
	decoder := jsontext.NewDecoder(bytes.NewReader(start))
	if token, err := decoder.ReadToken(); err != nil || token.Kind() != '{' {
		return 0
	}
	for {
		name, err := decoder.ReadToken()
		if err != nil || name.Kind() != '"' {
			return 0
		}
		found := name.String() == member // before the next call ends the token
		value, err := decoder.ReadValue()
		if err != nil {
			return 0
		}
		if !found {
			continue
		}
		if cut := !whole && decoder.InputOffset() == int64(len(start)); cut || json.Unmarshal(value, &id) != nil {
			return 0
		}
		return id
	}
}
