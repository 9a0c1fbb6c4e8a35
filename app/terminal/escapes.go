//go:build !windows

package terminal

import "io"

// EnableEscapes enables escape sequences, such as those for colours, on the terminals among outs. Only the Windows
// console needs it.
func EnableEscapes(...io.Writer) {}
