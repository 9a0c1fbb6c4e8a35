package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encodings are the encodings of text files by name. ISO 8859-1 is read as its superset Windows-1252
// (https://encoding.spec.whatwg.org).
var encodings = map[string]encoding.Encoding{
	"utf-8":        unicode.UTF8,
	"utf-16":       unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"windows-1250": charmap.Windows1250,
	"windows-1251": charmap.Windows1251,
	"windows-1252": charmap.Windows1252,
	"windows-1256": charmap.Windows1256,
	"iso-8859-1":   charmap.Windows1252,
	"iso-8859-15":  charmap.ISO8859_15,
	"macintosh":    charmap.Macintosh,
}

// Encodings returns the names that Options.Encoding accepts.
func Encodings() []string { return slices.Sorted(maps.Keys(encodings)) }

// CheckEncoding returns what is wrong with the name of an encoding, in words that follow it, or "". An empty name is
// valid.
func CheckEncoding(name string) string {
	if _, known := encodings[strings.ToLower(name)]; name != "" && !known {
		return "must be one of " + strings.Join(Encodings(), ", ")
	}
	return ""
}

var errOldExcel = errors.New("is an old Excel file (.xls): save it as .xlsx or as CSV UTF-8")

// decode returns the text as UTF-8, without a byte order mark. A mark overrides the named encoding. first is the start
// of the text.
func decode(in io.Reader, first []byte, name string) (io.Reader, error) {
	if bytes.HasPrefix(first, []byte("\xD0\xCF\x11\xE0")) {
		return nil, errOldExcel
	}
	if problem := CheckEncoding(name); problem != "" {
		return nil, fmt.Errorf("cannot be read: the encoding %s", problem)
	}
	if name = strings.ToLower(name); name == "" || name == "utf-8" {
		if name = guessUTF16(first); name == "" {
			return transform.NewReader(in, unicode.BOMOverride(transform.Nop)), nil // rows report invalid bytes
		}
	}
	return transform.NewReader(in, unicode.BOMOverride(encodings[name].NewDecoder())), nil
}

// guessUTF16 returns the name of UTF-16 without a byte order mark, in which every other byte is 0 in most scripts, or
// "".
func guessUTF16(first []byte) string {
	var zeros [2]int
	for i, b := range first {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch many := len(first) / 4; {
	case zeros[1] > many && zeros[0] == 0:
		return "utf-16le"
	case zeros[0] > many && zeros[1] == 0:
		return "utf-16be"
	}
	return ""
}
