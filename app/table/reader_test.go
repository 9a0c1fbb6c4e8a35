package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guestlist/app/table"
)

var known = []string{
	table.Email, table.Firstname, table.Lastname, table.UserTitle, table.Language, table.Role, table.Tags, table.TagIDs,
}

// read returns the rows in a readable form, and the text about the columns.
func read(in io.Reader, o table.Options) (text, columns string, err error) {
	o.Known = known
	r, err := table.NewReader(in, o)
	if err != nil {
		return "", "", err
	}
	var out strings.Builder
	for {
		cells := map[string]string{}
		row, wrong, err := r.Next(func(column, cell string) { cells[column] = cell })
		if errors.Is(err, io.EOF) {
			return out.String(), r.Columns(), nil
		}
		if err != nil {
			return "", "", err
		}
		fmt.Fprintf(&out, "%d:", row)
		for _, column := range known {
			if cells[column] != "" {
				fmt.Fprintf(&out, " %s=%s", column, cells[column])
			}
		}
		if len(wrong) > 0 {
			fmt.Fprintf(&out, " wrong: %s", wrong.Words())
		}
		out.WriteByte('\n')
	}
}

const (
	two = "1: email=zoe@example.org firstname=Zoë lastname=Müller user_title=Dr\n" +
		"2: email=bob@example.org firstname=Bob lastname=O’Neil, jr\n"
	whole = "1: email=zoe@example.org firstname=Zoë lastname=Müller\n" +
		"2: email=bob@example.org firstname=Bob lastname=O’Neil\n"
	twoBare = "1: email=zoe@example.org firstname=Zoë lastname=Müller\n" +
		"2: email=bob@example.org firstname=Bob lastname=O’Neil, jr\n"
)

// TestFiles reads files as other programs write them.
func TestFiles(t *testing.T) {
	t.Parallel()
	for file, test := range map[string]struct {
		options       table.Options
		rows, columns string // columns: part of the text about them
	}{
		"google-contacts.csv": {rows: two, columns: `Not used: "Middle Name", "Phonetic First Name"`},
		"outlook-en.csv":      {rows: two, columns: `email ("E-mail Address")`},
		"outlook-de.csv": {options: table.Options{Encoding: "windows-1252"}, rows: two,
			columns: `user_title ("Anrede")`},
		"outlook-fr.csv": {options: table.Options{Encoding: "Windows-1252"}, rows: two,
			columns: `email ("Adresse de messagerie")`},
		"outlook-pt.csv":      {rows: two, columns: `firstname ("Nome"), lastname ("Apelido")`},
		"eventbrite.csv":      {rows: twoBare, columns: `"Ticket Type"`},
		"excel-unicode.txt":   {rows: two},
		"excel-sep.csv":       {rows: two},
		"excel-de.xlsx":       {rows: two, columns: `lastname ("Nachname")`},
		"inline-strings.xlsx": {rows: whole, columns: `("E-mail"), name. Not used: "Company".`},
		"mac-excel.csv":       {options: table.Options{Encoding: "macintosh"}, rows: twoBare},
		"nom-complet.csv":     {rows: whole, columns: `name ("Nom complet")`},
	} {
		in, err := os.Open(filepath.Join("testdata", file))
		if err != nil {
			t.Error(err)
			continue
		}
		rows, columns, err := read(in, test.options)
		if err != nil || rows != test.rows || !strings.Contains(columns, test.columns) {
			t.Errorf("%s: %v\n%s%s\nwant\n%s%s", file, err, rows, columns, test.rows, test.columns)
		}
		_ = in.Close()
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	const ann = "1: email=ann@example.org firstname=Ann lastname=Lee\n"
	for _, test := range []struct{ name, in, want string }{
		{"own columns", "Email,FirstName,lastname,other\nann@example.org,Ann,Lee,x\n", ann},
		{"semicolons, CR LF and a mark", "\uFEFFemail;firstname;lastname\r\nann@example.org;Ann;Lee\r\n", ann},
		{"CR only", "email\tfirst name\tsurname\rann@example.org\tAnn\tLee", ann},
		{"a title, an empty row", "Guests of the gala\n,,\nemail,Vorname,Name\nann@example.org,Ann,Lee\n", ann},
		{"UTF-16 without a mark", utf16("email,firstname,lastname\nann@example.org,Ann,Lee\n"), ann},
		{"empty rows", "email,firstname\n\n,,\nann@example.org,Ann\n , \n", "3: email=ann@example.org firstname=Ann\n"},
		{"lines in a cell", "email,firstname,lastname\nann@example.org,\"Ann \n\",Lee\n", ann},
		{"marks", "e\u200Bmail,firstname,lastname\n\u202Aann@example.org\u202C,\u200FAnn,Lee\u00A0\n", ann},
		{"the name in the address",
			"email,role\nAnn Lee <ann@example.org>,\n\"\"\"Lee, Ann\"\" <mailto:ann@example.org>\",\n", ann + "2" + ann[1:]},
		{"own names before that of the address", "email,firstname,lastname\nX Y <ann@example.org>,Ann,Lee\n", ann},
		{"whole names", "mail;name\nann@example.org;Ann Lee\nann@example.org;Lee, Ann\nbob@example.org;Bob\n",
			ann + "2" + ann[1:] + "3: email=bob@example.org lastname=Bob\n"},
		{"a whole name beside the two", "Name;First Name;Last Name;E-mail\nx;Ann;Lee;ann@example.org\n", ann},
		{"quotes inside", "email,firstname,lastname\nann@example.org,An\"n,\"L\"e\"e\"\n",
			"1: email=ann@example.org firstname=An\"n lastname=L\"e\"e\n"},
		{"a quote that is not closed", "email,firstname,lastname\nx@example.org,\"X,Y\nann@example.org,\"Ann\",\"Lee\"\n",
			"1: email=x@example.org firstname=\"X lastname=Y\n2" + ann[1:]},
		{"a quote that is never closed", "email,firstname,lastname\nx@example.org,\"X,Y\nann@example.org,Ann,Lee\n",
			"1: email=x@example.org firstname=\"X lastname=Y\n2" + ann[1:]},
		{"columns that occur twice", "email,x,x,firstname\nann@example.org,1,2,Ann\n",
			"1: email=ann@example.org firstname=Ann\n"},
		{"too many cells", "email,firstname\nann@example.org,Ann,,\nann@example.org,Ann,x\n",
			"1: email=ann@example.org firstname=Ann\n2: email=ann@example.org firstname=Ann wrong: row has more cells than " +
				"there are columns\n"},
		{"a row that is too long", "email\n" + strings.Repeat("x", table.MaxRow) + "y\nann@example.org\n",
			"1: wrong: row has more than 1000 cells or 65536 bytes\n2: email=ann@example.org\n"},
		{"a row that is much too long", "email\n" + strings.Repeat("x", 3*table.MaxRow) + "\r\nann@example.org\n",
			"1: wrong: row has more than 1000 cells or 65536 bytes\n2: email=ann@example.org\n"},
		{"a row that is too wide", "email\n" + strings.Repeat(",", 1000) + "\nann@example.org\n",
			"1: wrong: row has more than 1000 cells or 65536 bytes\n2: email=ann@example.org\n"},
		{"one cell that is not UTF-8", "email,firstname\nx@example.org,Zo\xEB\nann@example.org,Ann\n",
			"1: email=x@example.org wrong: firstname is not UTF-8: name the file's encoding, such as windows-1252\n2: " +
				"email=ann@example.org firstname=Ann\n"},
		{"tags by id", "email,tags,tag_ids\nann@example.org,vip,5\n", "1: email=ann@example.org tag_ids=5\n"},
		{"tags by name", "email,Étiquettes\nann@example.org,vip\n", "1: email=ann@example.org tags=vip\n"},
	} {
		if got, columns, err := read(strings.NewReader(test.in), table.Options{}); got != test.want || err != nil {
			t.Errorf("%s: got %s%s %v, want %s", test.name, got, columns, err, test.want)
		}
	}
}

func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	archive, err := os.ReadFile("testdata/excel-de.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ in, encoding, want string }{
		{"", "", "is empty"},
		{"\n,\n", "", "is empty"},
		{"firstname\nAnn\n", "", `has no column email in its first row; of its columns ("firstname")`},
		{"email,email\n", "", `has two columns "email"`},
		{"email,Pr\xE9nom\n", "", "is not UTF-8: name its encoding, such as windows-1252 or macintosh"},
		{"email,Name of the person\n", "", `would be imported without names: map "Name of the person" to`},
		{"email\n", "ebcdic", "cannot be read: the encoding must be one of iso-8859-1, "},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "", "is an old Excel file (.xls)"},
		{"PK\x03\x04", "", "is not a readable Excel file"},
		{string(archive[:len(archive)-50]), "", "is not a readable Excel file"},
	} {
		if _, _, err := read(strings.NewReader(test.in), table.Options{Encoding: test.encoding}); err == nil ||
			!strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%.20q: got %v, want %s", test.in, err, test.want)
		}
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	const in = "Contact,Called,Family,First Name\nann@example.org,Ann,Lee,x\n"
	for pairs, want := range map[string]string{
		"contact=email Called=firstname Family=LASTNAME": "1: email=ann@example.org firstname=Ann lastname=Lee\n",
		"Contact=email Family=name":                      "1: email=ann@example.org lastname=Lee\n",
		"Contact=email First|Name=":                      "1: email=ann@example.org\n",
		"Contact=email Nobody=firstname":                 `has no column "Nobody", which is mapped to firstname`,
		"Contact=email Family=nobody": `cannot be read as mapped: "nobody" is not one of ` +
			`email, firstname, lastname, user_title, language, role, tags, tag_ids, name`,
		"Contact=email Family=lastname Called=lastname": "has two columns that are mapped to lastname",
		"Contact": "must be NAME=COLUMN",
	} {
		mapped, err := table.ParseMap(strings.Split(strings.ReplaceAll(pairs, "|", "\x00"), " "))
		for name, column := range mapped {
			if spaced := strings.ReplaceAll(name, "\x00", " "); spaced != name {
				delete(mapped, name)
				mapped[spaced] = column
			}
		}
		got := ""
		if err == nil {
			got, _, err = read(strings.NewReader(in), table.Options{Map: mapped})
		}
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", pairs, got, want)
		}
	}
}

func utf16(text string) string {
	var out []byte
	for _, r := range text {
		out = append(out, byte(r), byte(r>>8))
	}
	return string(out)
}

// written returns a table of the records in each format.
func written(t testing.TB, records [][]string) map[string][]byte {
	t.Helper()
	result := map[string][]byte{}
	for _, format := range []table.Format{table.CSV, table.ExcelCSV, table.XLSX} {
		var out bytes.Buffer
		w, err := table.NewWriter(&out, format), error(nil)
		for _, record := range records {
			if err == nil {
				err = w.Write(record)
			}
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		result[string(format)] = out.Bytes()
	}
	return result
}

// FuzzWriter checks that reading returns what was written, in each format.
func FuzzWriter(f *testing.F) {
	for _, cell := range []string{"Ann", "=1+1", "'=1", "a;'b", "_x0041_", "a\tb", `a"b`, "<&>", "Zoë", "😀",
		"\u200d", " x "} {
		f.Add(cell, "b")
	}
	f.Fuzz(func(t *testing.T, first, last string) {
		person := []string{"ann@example.org", legible(first), legible(last)}
		if len(person[1]) > table.MaxCell || len(person[2]) > table.MaxCell {
			return
		}
		for format, data := range written(t, [][]string{{"email", "firstname", "lastname"}, person}) {
			r, err := table.NewReader(bytes.NewReader(data), table.Options{Known: known})
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			got := map[string]string{}
			if _, wrong, err := r.Next(func(column, cell string) { got[column] = cell }); err != nil || len(wrong) > 0 {
				t.Fatalf("%s: got the problems %v, %v; want none, no error", format, wrong, err)
			}
			if read := []string{got["email"], got["firstname"], got["lastname"]}; !slices.Equal(read, person) {
				t.Errorf("%s: wrote %q, read %q", format, person, read)
			}
		}
	})
}

// legible removes what names cannot have.
func legible(text string) string {
	return table.Clean(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0xFFFE || r == 0xFFFF || r == utf8Error {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

const utf8Error = 0xFFFD

// FuzzReader checks that any file is either read to its end or refused.
func FuzzReader(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("sep=;\nemail;name\n\"a\nb;c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := table.NewReader(bytes.NewReader(data), table.Options{Known: known})
		for rows := 0; err == nil; rows++ {
			size := 0
			_, _, err = r.Next(func(_, cell string) { size += len(cell) })
			if size > len(known)*table.MaxCell {
				t.Errorf("got a row of %d bytes, want at most the maximum in each known column", size)
			}
			if rows > 1<<21 {
				t.Fatal("the file does not end")
			}
		}
	})
}
