package table

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// Help is the help text that all commands that read tables share.
const Help = "The first row names the columns, in any order, also by the names that Eventbrite, Google Contacts and\n" +
	"Outlook use in English, French, German and Portuguese (First Name, Prénom, E-Mail-Adresse). Title rows may\n" +
	"precede it. Before storing anything, the command prints which columns it uses; --map names others. A whole\n" +
	"name is split at its last space. CSV may have commas, semicolons or tabs, and be UTF-8, UTF-16 or in the\n" +
	"--encoding; a row has at most 1000 cells and 64 KiB. Of an Excel file (.xlsx), the first sheet is read.\n" +
	"Invalid rows are listed and the others imported; row 1 is the first row below the names."

// Flags are the flags that all commands that read tables share.
type Flags struct {
	pairs    []string
	encoding string
}

// Register adds the flags to a command's.
func (f *Flags) Register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.pairs, "map", nil,
		"map a column, such as 'Given=firstname'; name is a whole name, and 'X=' ignores X (repeatable)")
	flags.StringVar(&f.encoding, "encoding", "", "encoding of CSV: "+strings.Join(Encodings(), ", "))
}

// Options returns the Options that the flags set.
func (f *Flags) Options() (o Options, err error) {
	if problem := CheckEncoding(f.encoding); problem != "" {
		return o, fmt.Errorf("--encoding %s", problem)
	}
	o.Encoding = f.encoding
	if o.Map, err = ParseMap(f.pairs); err != nil {
		err = fmt.Errorf("--map %w", err)
	}
	return o, err
}
