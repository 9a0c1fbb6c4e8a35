//go:build !windows

package terminal

import "io"

// EnableEscapes makes the terminals among outs understand escape sequences, such as those for colours. Only the console
// of Windows has to be told.
func EnableEscapes(...io.Writer) {}
