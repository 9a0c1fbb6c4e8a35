// Package utils has what handlers share: the catalogue of errors and the adapter that renders them, decoding, lists and
// middleware. It imports no feature.
package utils
