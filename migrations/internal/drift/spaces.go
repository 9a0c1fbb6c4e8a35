package drift

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// scratchSpace is the PostgreSQL schema in which the schema of the history is built. It exists only within one
// transaction, so no other session sees it.
const scratchSpace = "migrations_check"

// space is a PostgreSQL schema that holds tables of the history.
type space struct {
	qualifier string // before the names of its tables, with a dot; empty for the current schema
	name      string
	quoted    string // as the server writes it, with a dot
	scratch   string // its name in the scratch; needs no quotes
}

// spaces are the current schema, which comes first, and the schemas in table names such as app.users. The scratch has
// one schema for each, in the same order in the search path: the server qualifies names to which the path does not
// lead.
type spaces struct {
	all  []space
	path []string // of the scratch; it precedes the database's own
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

// qualifiers returns the schemas in table names, each with its dot, sorted.
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

// inScratch returns the schema with the tables renamed as in the scratch.
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

// describe describes tables, in the database or in the scratch, under their names in the history.
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

// rename replaces the scratch schemas in descriptions with those of the database.
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
