package picture

import (
	"fmt"
	"strings"
)

// summary returns the numbers of changed tables, or "".
func (d Diagram) summary() string {
	if !d.Compared {
		return ""
	}
	var parts []string
	for _, mark := range []Mark{Added, Changed, Removed} {
		if n := d.count(mark); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", tables(n), mark))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "no table has changed")
	}
	if d.Hidden > 0 {
		parts = append(parts, fmt.Sprintf("%s unchanged and not shown", tables(d.Hidden)))
	}
	return joined(parts)
}

func tables(n int) string {
	if n == 1 {
		return "1 table"
	}
	return fmt.Sprintf("%d tables", n)
}

// legend explains the abbreviations and signs of the picture.
func (d Diagram) legend() string {
	text := "PK primary key   FK foreign key   UQ unique"
	if d.Compared {
		text += "   + added   − removed   ~ changed"
	}
	return text
}

// description returns the content of the picture as text, for screen readers.
func (d Diagram) description() string {
	names := make([]string, 0, len(d.Tables))
	for _, t := range d.Tables {
		text := t.Name
		if tag := t.tag(); tag != "" {
			text += " (" + tag + ")"
		}
		names = append(names, text)
	}
	keys := make([]string, 0, len(d.Keys))
	for _, k := range d.Keys {
		keys = append(keys, strings.TrimSpace(k.Mark.String()+" "+k.String()))
	}
	text := "Tables: " + joined(names) + "."
	if len(keys) > 0 {
		text += " Foreign keys: " + joined(keys) + "."
	}
	if len(names) == 0 {
		text = "There are no tables."
	}
	if d.summary() != "" {
		text = strings.ToUpper(d.summary()[:1]) + d.summary()[1:] + ". " + text
	}
	return text
}
