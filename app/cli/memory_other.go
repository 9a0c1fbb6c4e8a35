//go:build !linux

package cli

// forgetStart does nothing: only on Linux do the pages of a program's file that its start has used count as its memory
// from then on.
func forgetStart() {}
