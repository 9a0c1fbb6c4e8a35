package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The columns of tables of people. Readers also accept synonyms.
const (
	Email     = "email"
	Firstname = "firstname"
	Lastname  = "lastname"
	UserTitle = "user_title"
	Language  = "language"
	Role      = "role"
	Tags      = "tags"
	TagIDs    = "tag_ids"

	wholeName = "name" // first and last name in one
)

// synonyms are names of columns in other programs' exports, in English, French, German and Portuguese, as
// normalizedName returns them. The first one that a table has is used. "E-mail 1 - Value" is Google Contacts',
// "Attendee First Name" Eventbrite's, "Adresse de messagerie" Outlook's.
var synonyms = map[string][]string{
	Email: {
		"email", "emailaddress", "attendeeemail", "email1value", "primaryemail", "mail", "mailaddress", "emailadress",
		"emailadresse", "mailadresse", "adresseemail", "adressemail", "adressedemessagerie", "adresseelectronique",
		"courriel", "adressecourriel", "courrierelectronique", "enderecodeemail", "enderecodecorreioeletronico",
		"enderecodecorreioelectronico", "correioeletronico",
	},
	Firstname: {
		"firstname", "givenname", "forename", "attendeefirstname", "prenom", "prenoms", "vorname", "vornamen", "rufname",
		"primeironome", "nomeproprio",
	},
	Lastname: {
		"lastname", "surname", "familyname", "attendeelastname", "attendeesurname", "nomdefamille", "nachname",
		"familienname", "zuname", "sobrenome", "apelido", "apelidos", "ultimonome",
	},
	UserTitle: {
		"usertitle", "title", "nameprefix", "prefix", "honorificprefix", "salutation", "titre", "civilite", "titel",
		"anrede", "titulo", "tratamento",
	},
	Language: {
		"language", "preferredlanguage", "primarylanguage", "lang", "locale", "langue", "sprache", "idioma", "lingua",
	},
	Role: {"role", "fonction", "rolle", "funktion", "papel", "funcao"},
	Tags: {
		"tags", "tag", "etiquettes", "etiquette", "schlagworte", "schlagworter", "etiquetas", "etiqueta", "marcadores",
	},
}

// Columns with whole names. Those of looseNames may also be the first or last name if another column has the other.
var (
	wholeNames = []string{
		"fullname", "displayname", "attendeename", "guestname", "nomcomplet", "vollstandigername", "vollername",
		"nomecompleto", "nomprenom", "prenomnom",
	}
	looseNames = []string{"name", "nom", "nome", "names"}
)

// normalizedName returns a column's name in lower case, without accents, spaces and punctuation.
func normalizedName(name string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.ReplaceAll(out.String(), "ß", "ss")
}

// layout maps the columns of a table to known columns.
type layout struct {
	names   []string // as in the table
	columns []string // known columns, by index; "": unused
	ignored []bool   // whether mapped to nothing
}

// newLayout finds the known columns among the names in a header row. mapped overrides the columns of some names.
func newLayout(names, known []string, mapped map[string]string) (*layout, error) {
	l := &layout{names: names, columns: make([]string, len(names)), ignored: make([]bool, len(names))}
	for name, column := range mapped {
		if err := l.mapColumn(name, column, known); err != nil {
			return nil, err
		}
	}
	for _, column := range known {
		if err := l.findKnown(column); err != nil {
			return nil, err
		}
	}
	if slices.Contains(known, Firstname) && slices.Contains(known, Lastname) {
		if err := l.findNames(); err != nil {
			return nil, err
		}
	}
	if l.has(TagIDs) { // IDs are exact; names may be another event's
		l.drop(Tags)
	}
	return l, nil
}

// findKnown finds a known column by its own name, or else by the first matching synonym.
func (l *layout) findKnown(column string) error {
	if l.has(column) || l.has(wholeName) && (column == Firstname || column == Lastname) {
		return nil
	}
	if err := l.find(column, func(name string) bool { return strings.EqualFold(name, column) }); err != nil {
		return err
	}
	for _, synonym := range synonyms[column] {
		if l.has(column) {
			break
		}
		if err := l.find(column, func(name string) bool { return normalizedName(name) == synonym }); err != nil {
			return err
		}
	}
	return nil
}

// mapColumn maps a name to a known column, or ignores it if column is "".
func (l *layout) mapColumn(name, column string, known []string) error {
	if column != "" && column != wholeName && !slices.Contains(known, column) {
		names := strings.Join(known, ", ")
		if slices.Contains(known, Firstname) {
			names += ", " + wholeName
		}
		return fmt.Errorf("cannot be read as mapped: %q is not one of %s", column, names)
	}
	if column != "" && l.has(column) {
		return fmt.Errorf("has two columns that are mapped to %s", column)
	}
	found := false
	for i := range l.names {
		if !strings.EqualFold(l.names[i], strings.TrimSpace(name)) {
			continue
		}
		if found && column != "" {
			return fmt.Errorf("has two columns %q", name)
		}
		found, l.columns[i], l.ignored[i] = true, column, column == ""
	}
	if !found {
		return fmt.Errorf("has no column %q, which is mapped to %s", name, column)
	}
	return nil
}

// find maps the column whose name matches to a known column.
func (l *layout) find(column string, matches func(name string) bool) error {
	at := -1
	for i, name := range l.names {
		switch {
		case l.columns[i] != "" || l.ignored[i] || !matches(name):
		case at >= 0:
			return fmt.Errorf("has two columns %q: map one of them", strings.ToLower(name))
		default:
			at = i
		}
	}
	if at >= 0 {
		l.columns[at] = column
	}
	return nil
}

// findNames finds a column with whole names or, if there is a column of either first or last names, the other one.
func (l *layout) findNames() error {
	column, candidates := wholeName, append(slices.Clone(wholeNames), looseNames...)
	switch first, last := l.has(Firstname), l.has(Lastname); {
	case l.has(wholeName) || first && last:
		return nil
	case first:
		column, candidates = Lastname, looseNames
	case last:
		column, candidates = Firstname, looseNames
	}
	for _, candidate := range candidates {
		if l.has(column) {
			break
		}
		if err := l.find(column, func(name string) bool { return normalizedName(name) == candidate }); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) has(column string) bool { return slices.Contains(l.columns, column) }

func (l *layout) drop(column string) {
	if at := slices.Index(l.columns, column); at >= 0 {
		l.columns[at] = ""
	}
}

// check fails if the table has no addresses, or if it has no names but columns that look like names.
func (l *layout) check() error {
	if !l.has(Email) {
		return fmt.Errorf("has no column email in its first row; "+
			"of its columns (%s), map the one with the addresses to email", quotedNames(l.names))
	}
	if l.has(Firstname) || l.has(Lastname) || l.has(wholeName) {
		return nil
	}
	var names []string
	for i, name := range l.names {
		if l.columns[i] == "" && !l.ignored[i] && looksLikeName(normalizedName(name)) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("would be imported without names: map %s to firstname, lastname or name, or to nothing",
			quotedNames(names))
	}
	return nil
}

// looksLikeName reports whether a normalized name looks like that of a column of people's names.
func looksLikeName(key string) bool {
	others := []string{"company", "organi", "event", "user", "file", "nick", "ticket", "firma", "domain", "group", "tag"}
	for _, other := range others {
		if strings.Contains(key, other) {
			return false
		}
	}
	for _, part := range []string{"name", "prenom", "nome", "apelido"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return key == "nom" || strings.HasPrefix(key, "nomd")
}

func quotedNames(names []string) string {
	const limit = 20
	var out []string
	for _, name := range names {
		if len(out) == limit {
			return strings.Join(out, ", ") + ", …"
		}
		if name != "" {
			out = append(out, fmt.Sprintf("%.60q", name))
		}
	}
	return strings.Join(out, ", ")
}

// ParseMap parses mappings of columns, NAME=COLUMN: the name in the file, and the known column. An empty COLUMN ignores
// the column.
func ParseMap(pairs []string) (map[string]string, error) {
	mapped := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		at := strings.LastIndexByte(pair, '=')
		if at < 1 {
			return nil, errors.New("must be NAME=COLUMN, such as Given=firstname")
		}
		mapped[strings.TrimSpace(pair[:at])] = strings.ToLower(strings.TrimSpace(pair[at+1:]))
	}
	return mapped, nil
}
