package lint

import "fmt"

// Size is how large a table is: Rows as the server estimates them, Bytes with indexes.
type Size struct{ Rows, Bytes int64 }

// Sizes are those of a live database, by table; nil where none was asked.
type Sizes map[string]Size

// describe is the table, with its size where that is known.
func (s Sizes) describe(table string) string {
	size, ok := s[table]
	if !ok {
		return table
	}
	return fmt.Sprintf("%s (about %s rows, %s)", table, thousands(size.Rows), bytes(size.Bytes))
}

// thousands separates the digits of a number in groups of three.
func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// bytes is a size in the largest unit of which there is one.
func bytes(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	unit := 0
	for n >= 10*1024 && unit < len(units)-1 {
		n, unit = n/1024, unit+1
	}
	return fmt.Sprintf("%d %s", n, units[unit])
}
