package invitedguest

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// sink takes guests and writes them in a format, without keeping them.
type sink interface {
	write(batch []Guest) error
	close() error
}

// jsonSink writes a list.
type jsonSink struct {
	out   io.Writer
	shape func(*Guest) any // what is written of a guest
	begun bool
}

func (s *jsonSink) write(batch []Guest) error {
	for i := range batch {
		if err := s.separate(); err != nil {
			return err
		}
		data, err := json.Marshal(s.shape(&batch[i]))
		if err != nil {
			return fmt.Errorf("write a guest: %w", err)
		}
		if _, err := s.out.Write(data); err != nil {
			return fmt.Errorf("write a guest: %w", err)
		}
	}
	return nil
}

// separate writes the punctuation before a guest.
func (s *jsonSink) separate() error {
	text := ","
	if !s.begun {
		s.begun, text = true, "["
	}
	_, err := io.WriteString(s.out, text)
	return err
}

func (s *jsonSink) close() error {
	text := "]"
	if !s.begun {
		text = "[]"
	}
	_, err := io.WriteString(s.out, text)
	return err
}

// The columns of a CSV file of guests. Those that an import knows have the same names there.
var csvColumns = []string{
	"invited_guest_id", "email", "user_title", "firstname", "lastname", "language", "role", "status", "answered_at", "tags", "tag_ids",
}

// csvSink writes a table (RFC 4180) that a spreadsheet can open without taking a cell for a formula.
type csvSink struct {
	out   *csv.Writer
	begun bool
}

func newCSVSink(out io.Writer) *csvSink { return &csvSink{out: csv.NewWriter(out)} }

func (s *csvSink) write(batch []Guest) error {
	if !s.begun {
		s.begun = true
		if err := s.out.Write(csvColumns); err != nil {
			return fmt.Errorf("write the names of the columns: %w", err)
		}
	}
	for i := range batch {
		if err := s.out.Write(csvRecord(&batch[i])); err != nil {
			return fmt.Errorf("write a guest: %w", err)
		}
	}
	s.out.Flush()
	return s.out.Error()
}

func (s *csvSink) close() error { return s.write(nil) }

func csvRecord(g *Guest) []string {
	names, ids := make([]string, len(g.Tags)), make([]string, len(g.Tags))
	for i, t := range g.Tags {
		names[i], ids[i] = t.Name, strconv.FormatInt(t.ID, 10)
	}
	at := ""
	if g.AnsweredAt != nil {
		at = g.AnsweredAt.Format("2006-01-02T15:04:05Z07:00")
	}
	cells := []string{
		strconv.FormatInt(g.ID, 10), g.User.Email, g.User.UserTitle, g.User.Firstname, g.User.Lastname, g.User.Language,
		g.Role, string(g.Status), at,
		strings.Join(names, "; "), strings.Join(ids, ";"),
	}
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	return cells
}

// formula are the characters that a spreadsheet takes for the beginning of a formula, or skips before one
// (https://owasp.org/www-community/attacks/CSV_Injection), their wide forms among them; and the apostrophe.
const formula = "=+-@\t\r\n＝＋－＠'"

// skipped are the characters after which a formula still begins a cell: blanks, and the quotes that a
// spreadsheet takes away where it begins a cell at a semicolon.
const skipped = " \""

// harmless returns a cell that no spreadsheet takes for a formula: it has an apostrophe before every character that
// could begin one, also after a semicolon, which for some spreadsheets begins another cell; and before an apostrophe
// there, so that readable can undo it.
func harmless(cell string) string {
	if !strings.ContainsAny(cell, formula) {
		return cell
	}
	var out strings.Builder
	begins := true
	for _, r := range cell {
		if begins && strings.ContainsRune(formula, r) {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		begins = r == ';' || begins && strings.ContainsRune(skipped, r)
	}
	return out.String()
}

// readable undoes harmless.
func readable(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var out []rune
	begins, runes := true, []rune(cell)
	for i := 0; i < len(runes); i++ {
		if begins && runes[i] == '\'' && i+1 < len(runes) && strings.ContainsRune(formula, runes[i+1]) {
			i++
		}
		out = append(out, runes[i])
		begins = runes[i] == ';' || begins && strings.ContainsRune(skipped, runes[i])
	}
	return string(out)
}
