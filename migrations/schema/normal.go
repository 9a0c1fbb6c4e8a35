package schema

import (
	"reflect"
	"slices"
	"strings"
)

// Equal reports whether the two schemas are the same on every dialect. The order of columns, indexes and constraints
// does not matter.
func Equal(a, b Schema) bool { return reflect.DeepEqual(a.Normal().Tables(), b.Normal().Tables()) }

// Normal returns the schema with everything sorted by name and in its normal form.
func (s Schema) Normal() Schema {
	tables := s.Tables()
	for i, t := range tables {
		tables[i] = t.Normal()
	}
	return New(tables...)
}

// Normal returns the table with everything sorted by name and in its normal form. Columns are sorted too, as no
// revision can reorder them.
func (t Table) Normal() Table {
	t.Columns = normalEach(t.Columns, Column.Normal, func(c Column) string { return c.Name })
	t.Uniques = normalEach(t.Uniques, Unique.clone, func(u Unique) string { return u.Name })
	t.Checks = normalEach(t.Checks, Check.Normal, func(c Check) string { return c.Name })
	t.ForeignKeys = normalEach(t.ForeignKeys, ForeignKey.Normal, func(k ForeignKey) string { return k.Name })
	t.Indexes = normalEach(t.Indexes, Index.Normal, func(i Index) string { return i.Name })
	if len(t.PrimaryKey.Columns) == 0 {
		t.PrimaryKey = PrimaryKey{}
	}
	return t
}

// Normal returns the column with its type, default and generation in their normal forms.
func (c Column) Normal() Column {
	c.Type = c.Type.Normal()
	c.Default = c.Default.Normal()
	c.Generated = NormalText(c.Generated)
	return c
}

// normalEach returns the list in normal form, sorted by name. An empty list becomes nil, so that reflect.DeepEqual does
// not tell the two apart.
func normalEach[E any](list []E, normal func(E) E, name func(E) string) []E {
	if len(list) == 0 {
		return nil
	}
	list = cloneEach(list, normal)
	slices.SortStableFunc(list, func(a, b E) int { return strings.Compare(name(a), name(b)) })
	return list
}

// NormalText returns SQL in a form that ignores spaces, comments, the case of unquoted words, needless quotes and
// parentheses around the whole. It is for comparison only.
func NormalText(sql string) string {
	var words []string
	for _, t := range Tokens(sql) {
		if t.Kind != SpaceToken {
			words = append(words, normalToken(t))
		}
	}
	for enclosed(words) {
		words = words[1 : len(words)-1]
	}
	return strings.Join(words, " ")
}

func normalToken(t Token) string {
	switch t.Kind {
	case WordToken:
		return strings.ToLower(t.Text)
	case NameToken:
		name, ok := t.Name()
		if ok && isPlain(name) {
			return name
		}
		return quote(name)
	default:
		return t.Text
	}
}

// isPlain reports whether a name, unless it is a keyword, needs no quotes.
func isPlain(name string) bool {
	odd := strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return name != "" && odd < 0 && (name[0] < '0' || name[0] > '9')
}

// enclosed reports whether one pair of parentheses encloses all the words.
func enclosed(words []string) bool {
	if len(words) < 2 || words[0] != "(" || words[len(words)-1] != ")" {
		return false
	}
	depth := 0
	for i, w := range words {
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			return i == len(words)-1
		}
	}
	return false
}
