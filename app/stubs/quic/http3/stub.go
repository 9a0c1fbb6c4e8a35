// Package http3 replaces github.com/quic-go/quic-go/http3, which Gin imports to serve HTTP/3. Nothing here does
// that.
package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC returns an error that says how to serve HTTP/3.
func ListenAndServeQUIC(_, _, _ string, _ http.Handler) error {
	return errors.New("HTTP/3 is left out of this program; to serve it, " +
		"delete the replace line of github.com/quic-go/quic-go from go.mod and run go mod tidy")
}
