package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of an Excel file. Its parts are unpacked in memory; all but the sheets are parsed as a whole.
const (
	maxWorkbook = 16 << 20 // bytes
	maxUnpacked = 64 << 20 // bytes
	maxElements = 1 << 20  // XML elements outside the sheets, of some hundred bytes each in memory
	maxInSheet  = 3 << 20  // XML tags of a sheet, which take as much if nested
	maxCells    = 16 << 20 // of all rows, including empty ones, which take no space in the file
)

var errWorkbook = errors.New("is not a readable Excel file (.xlsx)")

// workbookRows reads the first sheet of an Excel file (ISO/IEC 29500, .xlsx).
type workbookRows struct {
	file  *excelize.File
	rows  *excelize.Rows
	cells int // so far
}

// isZip reports whether a file that starts with first is a ZIP archive, as Excel files are.
func isZip(first []byte) bool { return bytes.HasPrefix(first, []byte("PK\x03\x04")) }

func newWorkbookRows(in io.Reader) (w *workbookRows, err error) {
	defer recoverWorkbook(&err)
	data, err := io.ReadAll(io.LimitReader(in, maxWorkbook+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxWorkbook:
		return nil, fmt.Errorf("has more than %d bytes: save it as CSV UTF-8", maxWorkbook)
	}
	if err := checkArchive(data); err != nil {
		return nil, err
	}
	// The same limits keep excelize from unpacking to temporary files.
	options := excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked}
	file, err := excelize.OpenReader(bytes.NewReader(data), options)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWorkbook, err)
	}
	sheets := file.GetSheetList()
	if len(sheets) == 0 {
		return nil, errWorkbook
	}
	rows, err := file.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWorkbook, err)
	}
	return &workbookRows{file: file, rows: rows}, nil
}

// checkArchive fails if the parts exceed the limits. Unpacking never exceeds the sizes that an archive states.
func checkArchive(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("%w: %w", errWorkbook, err)
	}
	size, elements := uint64(0), 0
	for _, part := range archive.File {
		if size += part.UncompressedSize64; size > maxUnpacked || part.UncompressedSize64 > maxUnpacked {
			return fmt.Errorf("has more than %d bytes when unpacked: save it as CSV UTF-8", maxUnpacked)
		}
		n, err := countElements(part)
		if err != nil {
			return fmt.Errorf("%w: %w", errWorkbook, err)
		}
		if strings.HasPrefix(strings.ToLower(part.Name), "xl/worksheets/sheet") { // read row by row
			if n > maxInSheet {
				return errors.New("has a sheet that is too large: save it as CSV UTF-8")
			}
			continue
		}
		if elements += n; elements > maxElements {
			return fmt.Errorf("has more than %d different texts and formats: save it as CSV UTF-8", maxElements)
		}
	}
	return nil
}

func countElements(part *zip.File) (n int, err error) {
	content, err := part.Open()
	if err != nil {
		return 0, err
	}
	defer func() { _ = content.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		size, err := content.Read(buffer)
		n += bytes.Count(buffer[:size], []byte("<"))
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// next implements rows.
func (w *workbookRows) next() (cells []string, problem string, err error) {
	defer recoverWorkbook(&err)
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil {
			return nil, "", fmt.Errorf("%w: %w", errWorkbook, err)
		}
		return nil, "", io.EOF
	}
	if cells, err = w.rows.Columns(); err != nil {
		return nil, "", fmt.Errorf("%w: %w", errWorkbook, err)
	}
	if w.cells += len(cells); w.cells > maxCells {
		return nil, "", fmt.Errorf("has more than %d cells: save it as CSV UTF-8", maxCells)
	}
	size := 0
	for _, cell := range cells {
		size += len(cell)
	}
	if len(cells) > maxColumns || size > MaxRow {
		return nil, rowTooLarge, nil
	}
	return cells, "", nil
}

// recoverWorkbook turns a panic about a malformed file into an error.
func recoverWorkbook(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("%w: %v", errWorkbook, cause)
	}
}
