package table

import (
	"encoding/csv"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Format is the format of a table.
type Format string

// The formats.
const (
	CSV Format = "csv" // RFC 4180, in UTF-8
	// ExcelCSV is CSV that opens in Excel on a double click, in any language: UTF-16 with a byte order mark, and tabs.
	// Excel also accepts UTF-8 with a mark, but only with the separator of its language, and not after "sep=".
	ExcelCSV Format = "excel"
	XLSX     Format = "xlsx" // ISO/IEC 29500
)

// Writer writes a table, row by row, without keeping rows in memory.
type Writer interface {
	Write(record []string) error
	Flush() error
	Close() error // does not close the underlying writer
}

// NewWriter starts a table.
func NewWriter(out io.Writer, format Format) Writer {
	switch format {
	case XLSX:
		return NewWorkbook(out)
	case ExcelCSV:
		encoded := transform.NewWriter(out, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder())
		w := csvWriter{csv.NewWriter(encoded), encoded}
		w.rows.Comma = '\t'
		return w
	default:
		return csvWriter{csv.NewWriter(out), nil}
	}
}

type csvWriter struct {
	rows    *csv.Writer
	encoded io.Closer // nil: UTF-8
}

// Write implements Writer. It escapes formulas.
func (w csvWriter) Write(record []string) error { return w.rows.Write(escapeRecord(record)) }

// Flush implements Writer.
func (w csvWriter) Flush() error {
	w.rows.Flush()
	return w.rows.Error()
}

// Close implements Writer.
func (w csvWriter) Close() error {
	if err := w.Flush(); err != nil || w.encoded == nil {
		return err
	}
	return w.encoded.Close()
}

func escapeRecord(record []string) []string {
	cells := make([]string, len(record))
	for i := range record {
		cells[i] = EscapeFormula(record[i])
	}
	return cells
}
