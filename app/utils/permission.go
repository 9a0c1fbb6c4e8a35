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

// MaxPrefix is how many bytes of a body are read before the caller's permission is known: 4 KiB.
const MaxPrefix = 4096

// Permission checks the caller's rights before the body is decoded. They depend on an ID in the query or the body, such
// as that of an event.
type Permission struct {
	Member string               // the request's member with the ID
	Named  int64                // the ID in the query; 0: none
	For    func(id int64) error // returns nil if the caller has permission for the ID; nil: it depends on the whole body
	Some   func() error         // returns nil if the caller has permission for some ID
}

// Subject is a request about something with an ID.
type Subject interface {
	Validator
	// Subject returns the ID, or 0 if the request has none.
	Subject() int64
}

// DecodePermitted is Decode for a caller with permission p. If the query has the ID, a caller without permission is
// refused before the body is read; else after the first MaxPrefix bytes of it. If these do not contain the ID either, a
// caller with permission for no ID at all is refused.
func DecodePermitted(c *gin.Context, request Subject, p Permission) error {
	return p.decode(c, request, required)
}

// DecodePermittedOptional is DecodePermitted for a request whose body may be missing, such as a DELETE.
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

// Check returns nil if the caller may send the body, and the ID with permission. That is 0 if the body is shorter than
// MaxPrefix and has no ID, or if it has none that early and the caller has permission for some ID. It does not consume
// the body. Call Confirm after decoding.
func (p Permission) Check(c *gin.Context, mediaType string) (permitted int64, err error) {
	if p.Named > 0 && p.For != nil {
		return p.Named, p.For(p.Named)
	}
	start, _ := peekBody(c).Peek(MaxPrefix)
	whole := len(start) < MaxPrefix // or reading failed, and will fail again
	if p.For != nil {
		if id := findID(mediaType, start, whole, p.Member); id > 0 {
			return id, p.For(id)
		}
	}
	if whole {
		return 0, nil
	}
	return 0, p.Some()
}

// Confirm returns nil if the caller has permission for id, from the decoded body. permitted is Check's result.
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

// peekedBody is a body that can be peeked.
type peekedBody struct {
	*bufio.Reader
	io.Closer
}

// hasBody reports whether the request has a body. It does not read if there is a Content-Length.
func hasBody(c *gin.Context) bool {
	if c.Request.ContentLength >= 0 {
		return c.Request.ContentLength > 0
	}
	_, err := peekBody(c).Peek(1)
	return !errors.Is(err, io.EOF)
}

func peekBody(c *gin.Context) peekedBody {
	body, ok := c.Request.Body.(peekedBody)
	if !ok {
		body = peekedBody{bufio.NewReaderSize(c.Request.Body, MaxPrefix), c.Request.Body}
		c.Request.Body = body
	}
	return body
}

// findID returns the ID in the start of a body, or 0 if there is none. whole says whether start is the whole body.
func findID(mediaType string, start []byte, whole bool, member string) int64 {
	if mediaType == jsonType {
		return findIDInJSON(start, whole, member)
	}
	if !whole { // the last value may be incomplete
		start = start[:max(0, bytes.LastIndexByte(start, '&'))]
	}
	values, err := url.ParseQuery(string(start))
	if err != nil {
		return 0
	}
	return parseID(values.Get(member))
}

func findIDInJSON(start []byte, whole bool, member string) (id int64) {
	decoder := jsontext.NewDecoder(bytes.NewReader(start))
	if token, err := decoder.ReadToken(); err != nil || token.Kind() != '{' {
		return 0
	}
	for {
		name, err := decoder.ReadToken()
		if err != nil || name.Kind() != '"' {
			return 0
		}
		found := name.String() == member // before the next call invalidates the token
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
