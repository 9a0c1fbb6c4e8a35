package drift

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// scratchSpace is the schema of PostgreSQL in which the history's schema is made once more. It lives no longer than the
// transaction that makes it; nobody else sees it.
const scratchSpace = "migrations_check"

// space is a schema of PostgreSQL that tables of the history are in.
type space struct {
	qualifier string // before the names of its tables, with a dot; empty for the current schema
	name      string
	quoted    string // as the server writes it, with a dot
	scratch   string // what it is called in the scratch; needs no quotes
}

// spaces are the current schema, which comes first, and those that names of tables begin with, as in app.users. The
// scratch has a schema for each, in the same places of the search path: the server writes the schema of a name where
// the path does not lead to it.
type spaces struct {
	all  []space
	path []string // of the scratch, before that of the database
}

func newSpaces(db *gorm.DB, want schema.Schema) (spaces, error) {
	var path []string
	err := db.Raw("SELECT s FROM unnest(current_schemas(false)) WITH ORDINALITY AS path(s, n) ORDER BY n").
		Scan(&path).Error
	if err != nil {
		return spaces{}, fmt.Errorf("read the search path: %w", err)
	}
	current := ""
	if len(path) > 0 {
		current = path[0]
	}
	s := spaces{all: []space{{name: current, scratch: scratchSpace}}}
	for n, qualifier := range qualifiers(want) {
		added := space{qualifier: qualifier, name: strings.TrimSuffix(qualifier, ".")}
		added.scratch = fmt.Sprintf("%s_%d", scratchSpace, n+1)
		if added.name == current {
			added.scratch = scratchSpace
		}
		s.all = append(s.all, added)
	}
	for i := range s.all {
		if err := db.Raw("SELECT quote_ident(?) || '.'", s.all[i].name).Scan(&s.all[i].quoted).Error; err != nil {
			return spaces{}, fmt.Errorf("quote the name of a schema: %w", err)
		}
	}
	s.path = []string{scratchSpace}
	for n, name := range path {
		i := slices.IndexFunc(s.all, func(other space) bool { return other.name == name })
		if n > 0 && i >= 0 {
			s.path = append(s.path, s.all[i].scratch)
		}
	}
	return s, nil
}

// qualifiers returns what comes before the names of tables, sorted.
func qualifiers(want schema.Schema) []string {
	var found []string
	for _, name := range want.Names() {
		if q := qualifier(name); q != "" {
			found = append(found, q)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func qualifier(table string) string { return table[:strings.LastIndex(table, ".")+1] }

// inScratch returns the schema with the names that its tables have in the scratch.
func (s spaces) inScratch(want schema.Schema) schema.Schema {
	for _, t := range want.Tables() {
		if name := s.scratchName(t.Name); name != t.Name {
			want = want.RenameTable(t.Name, name)
		}
	}
	return want
}

func (s spaces) scratchName(table string) string {
	for _, space := range s.all {
		if space.qualifier != "" && space.qualifier == qualifier(table) {
			return space.scratch + "." + strings.TrimPrefix(table, space.qualifier)
		}
	}
	return table
}

// describe describes tables by their names in the history, in the database or in its scratch.
func (s spaces) describe(tx *gorm.DB, tables []string, scratch bool) (objects, error) {
	all := objects{}
	for _, space := range s.all {
		var names []string
		for _, t := range tables {
			if qualifier(t) == space.qualifier {
				names = append(names, strings.TrimPrefix(t, space.qualifier))
			}
		}
		name := space.name
		if scratch {
			name = space.scratch
		}
		if err := describePostgres(tx, space.qualifier, name, names, all); err != nil {
			return nil, err
		}
	}
	if scratch {
		s.rename(all)
	}
	return all, nil
}

// rename gives the schemas in descriptions the names that they have in the database.
func (s spaces) rename(all objects) {
	var names []string
	for _, space := range s.all {
		names = append(names, space.scratch+".", space.quoted)
	}
	replacer := strings.NewReplacer(names...)
	for object, text := range all {
		all[object] = replacer.Replace(text)
	}
}
