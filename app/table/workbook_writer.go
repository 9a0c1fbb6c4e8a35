package table

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
)

// workbookParts are the minimal parts of an Excel file besides its sheet (ISO/IEC 29500-1).
var workbookParts = []workbookPart{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ` +
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ` +
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`</Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelation + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelation + `worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + spreadsheetSpace + `" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Guests" sheetId="1" r:id="rId1"/></sheets></workbook>`},
}

const (
	officeRelation   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	spreadsheetSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	maxWorkbookRows  = 1 << 20 // limit of spreadsheet programs
)

type workbookPart struct{ name, content string }

// Workbook writes an Excel file with one sheet, row by row, without keeping rows in memory. All cells are text.
type Workbook struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	rows    int
}

// NewWorkbook starts an Excel file.
func NewWorkbook(out io.Writer) *Workbook { return &Workbook{archive: zip.NewWriter(out)} }

// begin writes what comes before the first row.
func (w *Workbook) begin() error {
	sheet := workbookPart{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + spreadsheetSpace + `"><sheetData>`}
	parts := append(slices.Clone(workbookParts), sheet)
	for _, part := range parts {
		out, err := w.archive.Create(part.name)
		if err != nil {
			return fmt.Errorf("write an Excel file: %w", err)
		}
		w.sheet = bufio.NewWriter(out)
		w.text(xml.Header + part.content)
		if err := w.sheet.Flush(); err != nil {
			return fmt.Errorf("write an Excel file: %w", err)
		}
	}
	return nil
}

// escape matches what a spreadsheet decodes as an escaped character (22.9.2.19); its first _ must be escaped itself.
var escape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// Write implements Writer. It escapes formulas as for CSV, since a spreadsheet may save the file as CSV.
func (w *Workbook) Write(record []string) error {
	if w.sheet == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	if w.rows++; w.rows > maxWorkbookRows {
		return fmt.Errorf("write an Excel file: it cannot have more than %d rows", maxWorkbookRows)
	}
	w.text("<row>")
	for _, cell := range escapeRecord(record) {
		if cell == "" {
			w.text("<c/>")
			continue
		}
		w.text(`<c t="inlineStr"><is><t xml:space="preserve">`)
		if err := xml.EscapeText(w.sheet, []byte(escape.ReplaceAllString(cell, "_x005F_$1"))); err != nil {
			return fmt.Errorf("write an Excel file: %w", err)
		}
		w.text("</t></is></c>")
	}
	_, err := w.sheet.WriteString("</row>")
	return err
}

// text writes a text; the buffered writer returns an error later.
func (w *Workbook) text(text string) { _, _ = w.sheet.WriteString(text) }

// Flush implements Writer.
func (w *Workbook) Flush() error {
	if w.sheet == nil {
		return nil
	}
	return errors.Join(w.sheet.Flush(), w.archive.Flush())
}

// Close implements Writer.
func (w *Workbook) Close() error {
	if w.sheet == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	w.text("</sheetData></worksheet>")
	return errors.Join(w.sheet.Flush(), w.archive.Close())
}
