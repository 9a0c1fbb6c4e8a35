package table_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"guestlist/app/table"
)

// workbook returns an Excel file whose only sheet is the XML.
func workbook(t *testing.T, sheet string) []byte {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const relation = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + office
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for name, content := range map[string]string{
		"_rels/.rels": relation + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office +
			`"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relation + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	} {
		part, err := archive.Create(name)
		if err == nil {
			_, err = part.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestWorkbookBombs reads small files that would take minutes or gigabytes without limits.
func TestWorkbookBombs(t *testing.T) {
	t.Parallel()
	const begin = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row><c r="A1" t="str"><v>email</v></c></row>`
	for name, test := range map[string]struct{ sheet, want string }{
		"rows of spaces": {begin + strings.Repeat(`<row><c r="ALL1" t="str"><v> </v></c></row>`, 20_000),
			"has more than 16777216 cells: save it as CSV UTF-8"},
		"nested": {strings.Repeat("<a>", 4_000_000), "has a sheet that is too large: save it as CSV UTF-8"},
	} {
		in, err := table.NewReader(bytes.NewReader(workbook(t, test.sheet)), table.Options{Known: []string{table.Email}})
		for err == nil {
			_, _, err = in.Next(func(string, string) {})
		}
		if err.Error() != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}
