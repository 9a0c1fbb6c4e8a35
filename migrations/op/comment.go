package op

import (
	"fmt"

	"guestlist/migrations/schema"
)

// CommentTable sets the comment of a table; an empty text removes it. SQLite has no comments.
type CommentTable struct {
	Table string
	Text  string
}

func (o *CommentTable) String() string { return fmt.Sprintf("comment table %s %q", o.Table, o.Text) }

// Apply sets the comment.
func (o *CommentTable) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.Comment = o.Text
		return nil
	})
}

// Reverse restores the old comment.
func (o *CommentTable) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	return []Operation{&CommentTable{Table: o.Table, Text: t.Comment}}, nil
}

// CommentColumn sets the comment of a column; an empty text removes it. SQLite has no comments.
type CommentColumn struct {
	Table  string
	Column string
	Text   string
}

func (o *CommentColumn) String() string {
	return fmt.Sprintf("comment column %s.%s %q", o.Table, o.Column, o.Text)
}

// Apply sets the comment.
func (o *CommentColumn) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		for n := range t.Columns {
			if t.Columns[n].Name == o.Column {
				t.Columns[n].Comment = o.Text
				return nil
			}
		}
		return fmt.Errorf("column %s.%s does not exist", o.Table, o.Column)
	})
}

// Reverse restores the old comment.
func (o *CommentColumn) Reverse(before schema.Schema) ([]Operation, error) {
	c, err := columnOf(before, o.Table, o.Column)
	if err != nil {
		return nil, err
	}
	return []Operation{&CommentColumn{Table: o.Table, Column: o.Column, Text: c.Comment}}, nil
}
