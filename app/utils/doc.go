// Package utils is what every feature stands on: the catalogue of errors and the adapter that
// answers them, the decoding of request bodies, passwords, tokens, addresses and the middleware around each request.
// It imports no feature.
package utils
