package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Progress is an input file with a progress bar.
type Progress struct {
	in         io.Reader
	file       *os.File  // nil: in is standard input
	out        io.Writer // for the bar; nil: none
	read, size int64     // in bytes; size 0: unknown
}

// OneFile is the cobra.PositionalArgs of a command with one argument for OpenInput.
func OneFile(c *cobra.Command, arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("%s needs one FILE, or - for standard input\nsee %s --help", c.Name(), c.CommandPath())
	}
	return nil
}

// OpenInput opens the file at path; - is stdin. The progress bar is drawn on terminal; nil: there is none.
func OpenInput(path string, stdin io.Reader, terminal io.Writer) (*Progress, error) {
	p := &Progress{in: stdin, out: terminal}
	if path == "-" {
		return p, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p.in, p.file = file, file
	if info, err := file.Stat(); err == nil {
		p.size = info.Size()
	}
	return p, nil
}

// Read implements io.Reader.
func (p *Progress) Read(into []byte) (int, error) {
	n, err := p.in.Read(into)
	p.read += int64(n)
	return n, err
}

// Close implements io.Closer. It leaves standard input open.
func (p *Progress) Close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

const barWidth = 20 // bar and row count fit 40 columns: Clear cannot erase a line that wraps

// Show redraws the bar, with the number of rows read.
func (p *Progress) Show(rows int) {
	if p.out == nil {
		return
	}
	p.Clear()
	if p.size > 0 {
		done := int(barWidth * min(p.read, p.size) / p.size)
		_, _ = fmt.Fprintf(p.out, "[%s%s] ", strings.Repeat("#", done), strings.Repeat(".", barWidth-done))
	}
	_, _ = fmt.Fprint(p.out, Counted(rows, "row", "rows"))
}

// Clear erases the bar.
func (p *Progress) Clear() {
	if p.out != nil {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K") // ECMA-48: erase in line
	}
}

// Counted returns n followed by one if n is 1, else by several.
func Counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
