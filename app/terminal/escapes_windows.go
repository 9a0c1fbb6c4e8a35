package terminal

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// EnableEscapes enables escape sequences, such as those for colours, on the consoles among outs.
func EnableEscapes(outs ...io.Writer) {
	for _, out := range outs {
		file, ok := out.(*os.File)
		if !ok {
			continue
		}
		var mode uint32
		console := windows.Handle(file.Fd())
		if windows.GetConsoleMode(console, &mode) == nil { // out is a console
			_ = windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
		}
	}
}
