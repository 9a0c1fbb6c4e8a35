package invitedguest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"guestlist/app/table"
)

// sink writes guests in a format, without keeping them in memory.
type sink interface {
	write(batch []Guest) error
	close() error
}

// jsonSink writes a JSON array.
type jsonSink struct {
	out     io.Writer
	shape   func(*Guest) any // returns the value to write for a guest
	started bool
}

// wholeGuest is the shape that writes all of a guest.
func wholeGuest(g *Guest) any { return g }

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
	if !s.started {
		s.started, text = true, "["
	}
	_, err := io.WriteString(s.out, text)
	return err
}

func (s *jsonSink) close() error {
	text := "]"
	if !s.started {
		text = "[]"
	}
	_, err := io.WriteString(s.out, text)
	return err
}

// tableColumns are the columns of a table of guests, under the names that an import knows.
var tableColumns = []string{
	"invited_guest_id", "email", "user_title", "firstname", "lastname", "language", "role", "status", "answered_at",
	"tags", "tag_ids",
	"comment", "mail_status",
}

// tableSink writes a table whose cells no spreadsheet mistakes for formulas.
type tableSink struct {
	out     table.Writer
	started bool
}

func newTableSink(out io.Writer, format table.Format) *tableSink {
	return &tableSink{out: table.NewWriter(out, format)}
}

func (s *tableSink) write(batch []Guest) error {
	if !s.started {
		s.started = true
		if err := s.out.Write(tableColumns); err != nil {
			return fmt.Errorf("write the names of the columns: %w", err)
		}
	}
	for i := range batch {
		if err := s.out.Write(tableRecord(&batch[i])); err != nil {
			return fmt.Errorf("write a guest: %w", err)
		}
	}
	return s.out.Flush()
}

func (s *tableSink) close() error { return errors.Join(s.write(nil), s.out.Close()) }

func tableRecord(g *Guest) []string {
	names, ids := make([]string, len(g.Tags)), make([]string, len(g.Tags))
	for i, t := range g.Tags {
		names[i], ids[i] = t.Name, strconv.FormatInt(t.ID, 10)
	}
	at := ""
	if g.AnsweredAt != nil {
		at = g.AnsweredAt.Format("2006-01-02T15:04:05Z07:00")
	}
	return []string{
		strconv.FormatInt(g.ID, 10), g.User.Email, g.User.UserTitle, g.User.Firstname, g.User.Lastname, g.User.Language,
		g.Role, string(g.Status), at,
		strings.Join(names, "; "), strings.Join(ids, ";"), g.Comment, string(g.MailStatus),
	}
}
