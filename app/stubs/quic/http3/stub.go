// Package http3 stands in for github.com/quic-go/quic-go/http3, without which Gin does not compile: its Engine has a
// method for HTTP/3, which nothing here calls.
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
