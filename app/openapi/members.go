package openapi

import (
	"fmt"
	"regexp"
	"slices"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Members are the members of a struct, for a Describer. The methods of a Member return it, so that calls can be
// chained. If a Describer names a member that the struct does not have, Build fails.
type Members struct {
	of      *schema
	unknown []string
}

// Member is a member of a struct.
type Member struct {
	of   *schema
	name string
	*schema
}

// Of returns the member with the name in JSON. The words become its description, unless they are empty.
func (m *Members) Of(name, words string) *Member {
	found, ok := m.of.Properties.find(name)
	if !ok {
		m.unknown = append(m.unknown, name)
		found = &schema{}
	}
	if words != "" {
		found.Description = words
	}
	return &Member{m.of, name, found}
}

// Required says that a request has to have the member.
func (m *Member) Required() *Member {
	if !slices.Contains(m.of.Required, m.name) {
		m.of.Required = append(m.of.Required, m.name)
	}
	return m
}

// Lengths says how many characters the text has: at least, and at most; 0: not said.
func (m *Member) Lengths(atLeast, atMost int) *Member {
	if atLeast > 0 {
		m.MinLength = &atLeast
	}
	if atMost > 0 {
		m.MaxLength = &atMost
	}
	return m
}

// Like says what the text looks like.
func (m *Member) Like(pattern *regexp.Regexp) *Member {
	m.Pattern = pattern.String()
	return m
}

// OneOf says which texts there are.
func (m *Member) OneOf(texts ...string) *Member {
	m.Enum = enum(texts)
	return m
}

// Always says that the value is always the same.
func (m *Member) Always(value any) *Member {
	m.Const = value
	return m
}

// From says what the least number is.
func (m *Member) From(least int64) *Member {
	m.Minimum = &least
	return m
}

// To says what the greatest number is.
func (m *Member) To(greatest int64) *Member {
	m.Maximum = &greatest
	return m
}

// ID says that the number is an id.
func (m *Member) ID() *Member { return m.From(1) }

// Items says how many elements the list has: at least, and at most.
func (m *Member) Items(atLeast, atMost int) *Member {
	if atLeast > 0 {
		m.MinItems = &atLeast
	}
	m.MaxItems = &atMost
	return m
}

// EachID says that the elements of the list are ids.
func (m *Member) EachID() *Member {
	if m.schema.Items != nil {
		m.schema.Items.Minimum = new(int64(1))
	}
	return m
}

// OrElse says what the value is if the member is missing.
func (m *Member) OrElse(value any) *Member {
	m.Default = value
	return m
}

// Email says that the text is an e-mail address.
func (m *Member) Email() *Member {
	m.Format, m.MaxLength = "email", new(text.MaxEmail)
	return m
}

// Language says that the text is a language tag.
func (m *Member) Language() *Member { return m.Like(text.LanguageTag) }

// Texts says how long the text may be in each language.
func (m *Member) Texts(atMost int) *Member {
	m.PropertyNames = &schema{Pattern: text.LanguageTag.String()}
	m.MinProperties, m.MaxProperties = new(1), new(text.MaxLanguages)
	if m.AdditionalProperties != nil {
		m.AdditionalProperties.MinLength, m.AdditionalProperties.MaxLength = new(1), &atMost
	}
	return m
}

// List describes the members of utils.ListQuery, for a list with pages of at most maxLimit that can be sorted by the
// fields. If the list has no pages unless they are asked for, whole is true.
func (m *Members) List(whole bool, maxLimit int, fields ...string) {
	limit := m.Of("limit", "How many there are on a page.").From(1).To(int64(maxLimit))
	if whole {
		limit.Description += " Without it, and without a cursor, the whole list is returned."
	} else {
		limit.OrElse(utils.DefaultLimit)
	}
	m.Of("cursor", "Where the page begins: from the response before it. It belongs to one list with one order.")
	var orders []string
	for _, field := range fields {
		orders = append(orders, field, "-"+field)
	}
	m.Of("sort", "What the list is sorted by; prefix with - for descending order.").OneOf(orders...).
		OrElse(utils.DefaultSort)
}

// describe lets a value describe the members of its schema.
func describe(value any, of *schema) error {
	d, ok := value.(Describer)
	if !ok {
		return nil
	}
	m := &Members{of: of}
	d.Describe(m)
	if len(m.unknown) > 0 {
		return fmt.Errorf("%T has no members %q", value, m.unknown)
	}
	return nil
}

func enum(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
