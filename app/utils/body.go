package utils

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// BodyType returns the media type of a request's body, or ErrUnsupportedMedia if it is not one of wanted. It does not
// read the body.
func BodyType(c *gin.Context, wanted ...string) (string, error) {
	return bodyType(c.Request.Header, wanted...)
}

func bodyType(header http.Header, wanted ...string) (string, error) {
	mediaType, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !slices.Contains(wanted, mediaType) {
		return "", fmt.Errorf("%w: the content type", unsupportedMediaError{wanted})
	}
	if charset, named := parameters["charset"]; named && !strings.EqualFold(charset, "utf-8") &&
		!strings.EqualFold(charset, "utf8") {
		return "", fmt.Errorf("%w: the charset", unsupportedMediaError{wanted})
	}
	if encodings := header.Values("Content-Encoding"); len(encodings) > 0 &&
		!strings.EqualFold(strings.Join(encodings, ","), "identity") {
		return "", fmt.Errorf("%w: the content encoding", unsupportedMediaError{wanted})
	}
	return mediaType, nil
}

func readBody(c *gin.Context, atMost int64) ([]byte, error) {
	body, err := OpenBody(c, atMost)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}

// OpenBody returns a reader of the body, limited to atMost bytes. It fails immediately if Content-Length is larger. All
// errors, including the reader's, are from the catalogue.
func OpenBody(c *gin.Context, atMost int64) (io.Reader, error) {
	if c.Request.ContentLength > atMost {
		if c.GetHeader("Expect") != "" { // the client waits for permission to send: RFC 9110, 10.1.1
			return nil, ErrBodyTooLarge
		}
		return nil, refuseSize(c)
	}
	return bodyReader{c, http.MaxBytesReader(c.Writer, c.Request.Body, atMost)}, nil
}

// bodyReader reads a body and returns errors from the catalogue.
type bodyReader struct {
	c  *gin.Context
	in io.Reader
}

// Read implements io.Reader.
func (r bodyReader) Read(into []byte) (int, error) {
	n, err := r.in.Read(into)
	ctx := r.c.Request.Context()
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && ctx.Err() != nil: // the body is complete, but too late
		err = fmt.Errorf("%w: %w", ErrRequestTimeout, context.Cause(ctx))
	case errors.Is(err, io.EOF):
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("%w: %w", ErrRequestTimeout, err)
	default:
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return n, refuseSize(r.c)
		}
		err = fmt.Errorf("%w: read the body: %w", ErrInvalidJSON, err)
	}
	return n, err
}

// refuseSize returns ErrBodyTooLarge, after reading a little more: a client that is still sending would not see the
// response otherwise.
func refuseSize(c *gin.Context) error {
	_, _ = io.CopyN(io.Discard, c.Request.Body, MaxBody)
	return ErrBodyTooLarge
}
