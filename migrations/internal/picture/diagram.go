package picture

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// Mark is the kind of a difference between two schemas.
type Mark int

// The marks. In a diagram of one schema, everything is Same.
const (
	Same Mark = iota
	Added
	Removed
	Changed
)

// String returns the mark as a word, empty for Same.
func (m Mark) String() string { return [...]string{"", "added", "removed", "changed"}[m] }

// Sign returns the mark as one character, empty for Same.
func (m Mark) Sign() string { return [...]string{"", "+", "−", "~"}[m] }

// Diagram is the tables to draw, and the foreign keys between them.
type Diagram struct {
	Title    string
	Compared bool // it shows changes
	Hidden   int  // number of unchanged tables that are not shown
	Tables   []Table
	Keys     []Key
}

// Table is a table of a diagram.
type Table struct {
	Name    string
	Was     string // its old name, if renamed
	Comment string
	Mark    Mark
	Bare    bool // show only its name
	Columns []Column
	Items   []Item
}

// Column is a column of a table.
type Column struct {
	Name                     string
	Type                     string
	Null                     bool
	Primary, Foreign, Unique bool
	Default                  string // empty for none
	Comment                  string
	Mark                     Mark
	Was                      []string // the old values of changed properties
}

// Item is a key, index or check that no column shows.
type Item struct {
	Text string
	Mark Mark
}

// Key is a foreign key.
type Key struct {
	Table, To           string
	Columns, RefColumns []string
	Optional            bool // a row may have no reference
	Single              bool // no two rows refer to the same row
	Identifying         bool // the columns are in the primary key
	Actions             string
	Mark                Mark
	Was                 []string
}

// Of returns a diagram of one schema. With indexes, it lists checks and non-unique indexes too.
func Of(title string, s schema.Schema, indexes bool) Diagram {
	d := Diagram{Title: title}
	for _, t := range s.Tables() {
		drawn := Table{Name: t.Name, Comment: t.Comment}
		for _, c := range t.Columns {
			drawn.Columns = append(drawn.Columns, columnOf(t, c))
		}
		for _, i := range itemsOf(t, indexes) {
			if !i.badge {
				drawn.Items = append(drawn.Items, Item{Text: i.text})
			}
		}
		d.Tables = append(d.Tables, drawn)
		for _, k := range t.ForeignKeys {
			d.Keys = append(d.Keys, keyOf(t, k))
		}
	}
	return d
}

// columnOf returns a column of a table as it is drawn.
func columnOf(t schema.Table, c schema.Column) Column {
	primary := slices.Contains(t.PrimaryKey.Columns, c.Name)
	return Column{
		Name: c.Name, Type: typeOf(c), Null: !c.NotNull && !primary, Primary: primary,
		Foreign: slices.ContainsFunc(t.ForeignKeys, func(k schema.ForeignKey) bool {
			return slices.Contains(k.Columns, c.Name)
		}),
		Unique:  isUnique(t, []string{c.Name}),
		Default: defaultOf(c), Comment: c.Comment,
	}
}

func typeOf(c schema.Column) string {
	text := oneLine(c.Type.String())
	if c.Expression() != "" && !strings.Contains(strings.ToLower(text), " as ") {
		text += " computed"
	}
	return text
}

func defaultOf(c schema.Column) string {
	if c.Default.Kind == schema.NoDefault {
		return ""
	}
	return oneLine(c.Default.String())
}

// isUnique reports whether a constraint or an index other than the primary key makes the columns unique.
func isUnique(t schema.Table, columns []string) bool {
	isKey := t.IsKey(columns)
	if slices.Equal(t.PrimaryKey.Columns, columns) { // shown as PK
		t.PrimaryKey = schema.PrimaryKey{}
		return t.IsKey(columns)
	}
	return isKey
}

// item is an Item with the normal form of its text, as the key for comparison.
type item struct {
	text, key string
	badge     bool // a column shows it already
}

// itemsOf returns the unique keys and, with all, indexes and checks, by their definitions, without names.
func itemsOf(t schema.Table, all bool) []item {
	var items []item
	add := func(text, key string, badge bool) {
		if !slices.ContainsFunc(items, func(i item) bool { return i.key == key }) {
			items = append(items, item{text, key, badge})
		}
	}
	for _, u := range t.Uniques {
		text := "unique (" + strings.Join(u.Columns, ", ") + ")"
		add(text, text, len(u.Columns) == 1)
	}
	for _, i := range t.Indexes {
		if all || i.Unique {
			badge := i.Unique && len(i.Keys) == 1 && i.Where == "" && i.Keys[0].Column != ""
			add(indexText(i), indexText(i.Normal()), badge)
		}
	}
	if all {
		for _, c := range t.Checks {
			add("check ("+oneLine(c.Expression)+")", "check ("+c.Normal().Expression+")", false)
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return strings.Compare(firstWord(b.text), firstWord(a.text)) })
	return items
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func indexText(i schema.Index) string {
	var keys []string
	for _, k := range i.Keys {
		text := k.Column
		if k.Expression != "" {
			text = k.Expression
		}
		if k.Collate != "" {
			text += " collate " + k.Collate
		}
		keys = append(keys, strings.TrimSpace(text+" "+strings.ToLower(k.Order)))
	}
	text := "index (" + strings.Join(keys, ", ") + ")"
	if i.Unique {
		text = "unique (" + strings.Join(keys, ", ") + ")"
	}
	if i.Method != "" {
		text += " using " + i.Method
	}
	if i.Option != "" {
		text += " " + i.Option
	}
	if i.Where != "" {
		text += " where " + i.Where
	}
	return oneLine(text)
}

// keyOf returns a foreign key of a table as it is drawn.
func keyOf(t schema.Table, k schema.ForeignKey) Key {
	k = k.Normal()
	drawn := Key{
		Table: t.Name, To: k.RefTable, Columns: k.Columns, RefColumns: k.RefColumns,
		Single: t.IsKey(k.Columns), Identifying: true,
	}
	for _, name := range k.Columns {
		c, _ := t.Column(name)
		primary := slices.Contains(t.PrimaryKey.Columns, name)
		drawn.Optional = drawn.Optional || !c.NotNull && !primary
		drawn.Identifying = drawn.Identifying && primary
	}
	var actions []string
	if k.OnDelete != "" {
		actions = append(actions, "on delete "+strings.ToLower(k.OnDelete))
	}
	if k.OnUpdate != "" {
		actions = append(actions, "on update "+strings.ToLower(k.OnUpdate))
	}
	if k.NotValid {
		actions = append(actions, "not valid")
	}
	drawn.Actions = strings.Join(actions, ", ")
	return drawn
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// String returns the key as "table (columns) → table (columns) actions".
func (k Key) String() string {
	text := k.Table + " (" + strings.Join(k.Columns, ", ") + ") → " + k.To + " (" + strings.Join(k.RefColumns, ", ") + ")"
	if k.Actions != "" {
		text += " " + k.Actions
	}
	return text
}
