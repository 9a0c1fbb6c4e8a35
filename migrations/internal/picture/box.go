package picture

import "strings"

// The maximum lengths of texts in a box, in cells.
const (
	longestName = 40
	longestType = 28
	itemCells   = 30 // longer items are wrapped, unless the columns are wider
)

// box is the layout of a table.
type box struct {
	table         Table
	compared      bool
	rows          []row
	gutter        int // for signs and keys
	width, height int
}

// row is a column, an item, or a further line of either.
type row struct {
	y      int // from the upper edge of the box
	column string
	mark   Mark
	sign   string
	keys   []string
	text   string
	kind   string // right-aligned
	quiet  bool
	below  bool // it continues the column above
	rule   bool // a line separates it from the row above
	tip    string
}

// newBox lays out a table. compared leaves room for signs.
func newBox(t Table, compared bool) box {
	b := box{table: t, compared: compared}
	keys := 0
	for _, c := range t.Columns {
		keys = max(keys, len(c.keys(boxUnique)))
	}
	if compared && !t.Bare {
		b.gutter += 14
	}
	signs := b.gutter
	b.gutter += keys * 18
	inner := 0
	for _, c := range t.Columns {
		inner = max(inner, textWidth(cut(c.Name, longestName))+18+textWidth(kindOf(c)))
	}
	b.width = max(2*boxPad+b.gutter+inner, 2*boxPad+b.headWidth(), 110)
	limit := max(itemCells, (b.width-2*boxPad-signs)*10/cellTenths)
	for _, c := range t.Columns {
		b.addColumn(c, limit)
	}
	for i, item := range t.Items {
		b.addItem(item, limit, i == 0)
	}
	b.height = headHeight + len(b.rows)*rowHeight
	if len(b.rows) > 0 {
		b.height += 4
	}
	for i, r := range b.rows {
		b.rows[i].y = headHeight + 2 + i*rowHeight
		if r.column == "" {
			b.width = max(b.width, 2*boxPad+signs+textWidth(r.text))
		}
		if r.below {
			b.width = max(b.width, 2*boxPad+b.gutter+textWidth(r.text))
		}
	}
	return b
}

func (b *box) headWidth() int {
	n := textWidth(cut(b.table.Name, longestName)) * nameSize / fontSize
	if tag := b.table.tag(); tag != "" {
		n += 12 + textWidth(tag)
	}
	return n
}

// tag returns the change of a table, to print after its name, or "".
func (t Table) tag() string {
	if t.Was != "" {
		return "was " + cut(t.Was, longestName)
	}
	return strings.TrimSpace(t.Mark.Sign() + " " + t.Mark.String())
}

// boxUnique is the abbreviation of a unique key in a box, which legend explains.
const boxUnique = "UQ"

func kindOf(c Column) string {
	text := cut(c.Type, longestType)
	if c.Null {
		text += " null"
	}
	return text
}

func (b *box) addColumn(c Column, limit int) {
	tip := c.Name + " " + c.Type
	if !c.Null {
		tip += " not null"
	}
	if c.Default != "" {
		tip += " default " + c.Default
	}
	if c.Comment != "" {
		tip += ": " + c.Comment
	}
	b.rows = append(b.rows, row{
		column: c.Name, mark: c.Mark, sign: c.Mark.Sign(), keys: c.keys(boxUnique),
		text: cut(c.Name, longestName), kind: kindOf(c), tip: tip,
	})
	b.addFormer(c.Was, c.Mark, limit)
}

func (b *box) addItem(i Item, limit int, first bool) {
	for n, text := range wrap(i.Text, limit) {
		r := row{mark: i.Mark, text: text, quiet: true, rule: first && n == 0, tip: i.Text}
		if n == 0 {
			r.sign = i.Mark.Sign()
		} else {
			r.text = "  " + text
		}
		b.rows = append(b.rows, r)
	}
}

// addFormer adds rows with the former properties of a column.
func (b *box) addFormer(was []string, mark Mark, limit int) {
	if len(was) == 0 {
		return
	}
	for _, text := range wrap("was "+joined(was), limit) {
		b.rows = append(b.rows, row{mark: mark, text: text, quiet: true, below: true})
	}
}

// wrap breaks a text between words into lines of at most limit cells. It cuts longer words.
func wrap(text string, limit int) []string {
	limit -= 2 // the indentation of further lines
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		word = cut(word, limit)
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) > limit:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// port returns the height at which lines meet the first of the columns, or the middle of the head if it is not shown.
func (b *box) port(columns []string) int {
	for _, r := range b.rows {
		if len(columns) > 0 && r.column == columns[0] {
			return r.y + rowHeight/2
		}
	}
	return headHeight / 2
}
