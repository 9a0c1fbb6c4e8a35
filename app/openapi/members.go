package openapi

import (
	"fmt"
	"regexp"
	"slices"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Members are the members of a struct, for a Describer. Methods of Member return it, so that calls can be chained.
// Build fails if a Describer names an unknown member.
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

// Of returns the member with a JSON name. words becomes its description, unless it is empty.
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

// Required marks the member as required in a request.
func (m *Member) Required() *Member {
	if !slices.Contains(m.of.Required, m.name) {
		m.of.Required = append(m.of.Required, m.name)
	}
	return m
}

// Lengths sets the minimum and maximum length, in characters; 0: none.
func (m *Member) Lengths(atLeast, atMost int) *Member {
	if atLeast > 0 {
		m.MinLength = &atLeast
	}
	if atMost > 0 {
		m.MaxLength = &atMost
	}
	return m
}

// Like sets the pattern of the string.
func (m *Member) Like(pattern *regexp.Regexp) *Member {
	m.Pattern = pattern.String()
	return m
}

// OneOf sets the allowed strings.
func (m *Member) OneOf(texts ...string) *Member {
	m.Enum = enum(texts)
	return m
}

// Always sets the only allowed value.
func (m *Member) Always(value any) *Member {
	m.Const = value
	return m
}

// From sets the minimum.
func (m *Member) From(least int64) *Member {
	m.Minimum = &least
	return m
}

// To sets the maximum.
func (m *Member) To(greatest int64) *Member {
	m.Maximum = &greatest
	return m
}

// ID marks the number as an id.
func (m *Member) ID() *Member { return m.From(1) }

// Items sets the minimum and maximum number of elements; atLeast 0: no minimum.
func (m *Member) Items(atLeast, atMost int) *Member {
	if atLeast > 0 {
		m.MinItems = &atLeast
	}
	m.MaxItems = &atMost
	return m
}

// EachID marks the elements of the list as ids.
func (m *Member) EachID() *Member {
	if m.schema.Items != nil {
		m.schema.Items.Minimum = new(int64(1))
	}
	return m
}

// OrElse sets the default value.
func (m *Member) OrElse(value any) *Member {
	m.Default = value
	return m
}

// Email marks the string as an e-mail address.
func (m *Member) Email() *Member {
	m.Format, m.MaxLength = "email", new(text.MaxEmail)
	return m
}

// Language marks the string as a language tag.
func (m *Member) Language() *Member { return m.Like(text.LanguageTag) }

// Texts sets the maximum length of the text in each language.
func (m *Member) Texts(atMost int) *Member {
	m.PropertyNames = &schema{Pattern: text.LanguageTag.String()}
	m.MinProperties, m.MaxProperties = new(1), new(text.MaxLanguages)
	if m.AdditionalProperties != nil {
		m.AdditionalProperties.MinLength, m.AdditionalProperties.MaxLength = new(1), &atMost
	}
	return m
}

// List describes the members of utils.ListQuery, for a list with pages of at most maxLimit rows, sorted by one of
// fields. whole means that the list has pages only on request.
func (m *Members) List(whole bool, maxLimit int, fields ...string) {
	limit := m.Of("limit", "The number of entries on a page.").From(1).To(int64(maxLimit))
	if whole {
		limit.Description += " Without it, and without a cursor, the whole list is returned."
	} else {
		limit.OrElse(utils.DefaultLimit)
	}
	m.Of("cursor", "Where the page begins: the cursor in the previous page. It is valid only for the same list, "+
		"filters and order.")
	var orders []string
	for _, field := range fields {
		orders = append(orders, field, "-"+field)
	}
	m.Of("sort", "The order of the list; prefix with - for descending order.").OneOf(orders...).
		OrElse(utils.DefaultSort)
}

// describe calls value's Describe, if it has one, on its schema.
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
