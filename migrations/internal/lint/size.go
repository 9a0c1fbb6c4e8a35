package lint

import "fmt"

// Size is the size of a table: Rows as the server estimates them, Bytes including indexes.
type Size struct{ Rows, Bytes int64 }

// Sizes are the sizes of tables in a live database, by table; nil without a database.
type Sizes map[string]Size

// describe returns the table, with its size if known.
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

// bytes formats a size with at least two digits, in the largest unit that has them.
func bytes(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	unit := 0
	for n >= 10*1024 && unit < len(units)-1 {
		n, unit = n/1024, unit+1
	}
	return fmt.Sprintf("%d %s", n, units[unit])
}
