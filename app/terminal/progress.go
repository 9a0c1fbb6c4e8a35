package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Progress is a file that is read, row by row, and shows how much of it was, to somebody who watches.
type Progress struct {
	in         io.Reader
	file       *os.File  // nil: in is standard input
	out        io.Writer // nil: nobody watches
	read, size int64     // bytes; size 0: not known
}

// OneFile is the cobra.PositionalArgs of a command that reads the one file named, by OpenInput.
func OneFile(c *cobra.Command, arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("%s needs one FILE, or - for standard input\nsee %s --help", c.Name(), c.CommandPath())
	}
	return nil
}

// OpenInput opens the file that the argument of a command names; - is stdin. watcher is where somebody watches; nil:
// nobody does.
func OpenInput(path string, stdin io.Reader, watcher io.Writer) (*Progress, error) {
	p := &Progress{in: stdin, out: watcher}
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

const barWidth = 20 // with the number of rows it fits a terminal of 40 columns: a line that breaks is not erased

// Show draws the bar again, after the number of rows.
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

// Counted returns a number with the words that go with it: for one, and for none or several.
func Counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
