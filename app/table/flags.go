package table

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// Help is what the commands that read tables have in common, for their help.
const Help = "The first row of a table names the columns, in any order and under the names that the exports " +
	"of Eventbrite, Google\n" +
	"Contacts and Outlook have in English, French, German and Portuguese (First Name, Prénom, E-Mail-Adresse); " +
	"a row with a\n" +
	"title may be above it. Before anything is stored, the command says which columns it uses and which not; " +
	"--map names\n" +
	"others. A whole name is split at its last blank. CSV has commas, semicolons or tabs, and is UTF-8, UTF-16 or the\n" +
	"--encoding; a row has at most 1000 cells and 64 KiB. Of an Excel file (.xlsx) the first sheet is read. " +
	"Invalid rows are\n" +
	"listed, and the others imported; row 1 is the one below the names."

// Flags are those of the commands that read tables.
type Flags struct {
	pairs    []string
	encoding string
}

// Register adds the flags to those of a command.
func (f *Flags) Register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.pairs, "map", nil,
		"which column another one is, such as 'Given=firstname'; name is a whole name, and 'X=' leaves X out (repeatable)")
	flags.StringVar(&f.encoding, "encoding", "", "of CSV: "+strings.Join(Encodings(), ", "))
}

// Options returns what the flags say of how a table is read.
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
