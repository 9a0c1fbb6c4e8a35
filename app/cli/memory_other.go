//go:build !linux

package cli

// forgetStart does nothing: only Linux continues to count the pages of the program's file that starting has used as the
// process's memory.
func forgetStart() {}
