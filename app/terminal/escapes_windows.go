package terminal

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// EnableEscapes makes the consoles among outs understand escape sequences, such as those for colours.
func EnableEscapes(outs ...io.Writer) {
	for _, out := range outs {
		file, ok := out.(*os.File)
		if !ok {
			continue
		}
		var mode uint32
		console := windows.Handle(file.Fd())
		if windows.GetConsoleMode(console, &mode) == nil { // it is one
			_ = windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
		}
	}
}
