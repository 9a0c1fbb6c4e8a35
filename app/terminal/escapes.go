//go:build !windows

package terminal

import "io"

// EnableEscapes makes the terminals among outs follow escape sequences, such as those for colours, as all terminals do
// but the console of Windows.
func EnableEscapes(...io.Writer) {}
