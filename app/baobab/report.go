package baobab

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// kind is a kind of rows in the report.
type kind int

// The kinds, in the order of the report.
const (
	accounts kind = iota
	deletedAccounts
	eventsKind
	roles
	tagsKind
	guests
	guestTags
	kinds
)

// String returns the kind's name in the report.
func (k kind) String() string {
	return [kinds]string{"accounts", "deleted accounts", "events", "roles", "tags", "guests", "tags of guests"}[k]
}

// Report is the result of an import.
type Report struct {
	Organisation string
	Created      [kinds]int
	There        [kinds]int // existing, unchanged
	Skipped      [kinds]int
	Notes        []string // on single rows
}

// skipf counts and reports a skipped row.
func (r *Report) skipf(k kind, table string, id int64, format string, arguments ...any) {
	r.Skipped[k]++
	r.notef(table, id, "skipped: "+format, arguments...)
}

// notef reports on a row.
func (r *Report) notef(table string, id int64, format string, arguments ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf("%s %d: ", table, id)+fmt.Sprintf(format, arguments...))
}

// count counts a row as created or as existing.
func (r *Report) count(k kind, created bool) {
	if created {
		r.Created[k]++
	} else {
		r.There[k]++
	}
}

func sum(counts [kinds]int) (total int) {
	for _, count := range counts {
		total += count
	}
	return total
}

// print prints the report.
func (r *Report) print(out io.Writer, dry bool) error {
	for _, note := range r.Notes {
		if _, err := fmt.Fprintln(out, note); err != nil {
			return err
		}
	}
	heading := "created"
	if dry {
		heading = "to create"
	}
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(columns, "%s\t%s\tthere already\tskipped\t\n", "", heading) // Flush returns the error
	for k := range kinds {
		_, _ = fmt.Fprintf(columns, "%v\t%d\t%d\t%d\t\n", k, r.Created[k], r.There[k], r.Skipped[k])
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, r.conclusion(dry))
	return err
}

func (r *Report) conclusion(dry bool) string {
	switch created := sum(r.Created) > 0; {
	case !created:
		return fmt.Sprintf("%s has nothing new: nothing was changed.", r.Organisation)
	case dry:
		return fmt.Sprintf("%s: nothing was changed; this was a dry run.", r.Organisation)
	}
	return fmt.Sprintf("Imported %s. No mail was sent.", r.Organisation)
}
