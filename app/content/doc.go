// Package content serves the choices for a web client's drop-down lists: values to store, with labels in the requested
// language. `guestlist routes` prints its URLs.
//
// The program stores none of these values except titles, and accepts any other title too: the lists are only
// suggestions.
package content
