package models

import (
	"fmt"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// systemColumns are the columns that every PostgreSQL table has
// (https://www.postgresql.org/docs/current/ddl-system-columns.html).
var systemColumns = []string{"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}

// checkColumns rejects system columns of PostgreSQL, and columns whose names differ only in case, as SQLite does.
func checkColumns(p *gormschema.Schema, t schema.Table) error {
	for _, column := range systemColumns {
		if f, ok := p.FieldsByDBName[column]; ok && hasColumn(p, f) {
			return fieldError(p, f, fmt.Errorf("every PostgreSQL table has a system column %s: "+
				"name the field's column with the tag column", column))
		}
	}
	folded := map[string]string{}
	for _, c := range t.Columns {
		key := strings.ToLower(c.Name)
		if other, taken := folded[key]; taken {
			return fmt.Errorf("%s: the columns %s and %s differ only in case, which SQLite ignores: "+
				"rename one with the tag column", label(p), other, c.Name)
		}
		folded[key] = c.Name
	}
	return nil
}

// relation is a table, index or sequence, whose name must be unique in its schema.
type relation struct {
	name        string             // schema-qualified if the table is
	of          *gormschema.Schema // the model; nil for a reserved name
	noun        string             // such as "index "
	own         string             // the name without the schema
	fix         string             // how to rename it; empty for a generated name
	alternative string             // what else resolves a clash with it
	generated   bool               // exists on PostgreSQL only
}

// String returns the relation with its model.
func (r *relation) String() string {
	if r.of == nil {
		return r.noun
	}
	return label(r.of) + ": " + r.noun + r.own
}

// checkRelations rejects names that the models use twice. PostgreSQL has one namespace for tables, indexes and
// sequences, including the indexes of primary keys and unique constraints
// (https://www.postgresql.org/docs/current/catalog-pg-class.html); SQLite has one for tables and indexes, and ignores
// case.
func checkRelations(parsed []*gormschema.Schema, s schema.Schema, reserved []string) error {
	var all []relation
	const alternative = ", or set VersionTable in migrations.Environment"
	for _, table := range reserved {
		all = append(all, relation{name: table, noun: "the table where the applied revisions are recorded",
			alternative: alternative},
			relation{name: schema.ObjectName(table, "", "pkey"), generated: true, alternative: alternative,
				noun: "the primary key of the table where the applied revisions are recorded"})
	}
	first := slices.CompactFunc(slices.Clone(parsed), func(a, b *gormschema.Schema) bool { return a.Table == b.Table })
	for _, of := range []func(p *gormschema.Schema, t schema.Table) []relation{tableOf, indexesOf, generatedOf} {
		for _, p := range first {
			t, _ := s.Table(p.Table)
			all = append(all, of(p, t)...)
		}
	}
	exact, folded := make(map[string]*relation, len(all)), make(map[string]*relation, len(all))
	for i := range all {
		r := &all[i]
		other, taken := exact[r.name]
		if !taken && !r.generated {
			other, taken = folded[strings.ToLower(r.name)]
		}
		if taken && (other.fix != "" || r.fix != "") {
			return clash(other, r)
		}
		if strings.HasPrefix(strings.ToLower(r.name), "sqlite_") && !r.generated {
			return fmt.Errorf("%s: SQLite reserves names that begin with sqlite_: %s", r, r.fix)
		}
		exact[r.name] = r
		if !r.generated {
			folded[strings.ToLower(r.name)] = r
		}
	}
	return nil
}

// clash returns an error that says how to rename one of the two; a generated name cannot be changed. Two generated
// names never clash, as PostgreSQL generates another.
func clash(a, b *relation) error {
	if b.fix == "" {
		a, b = b, a
	}
	return fmt.Errorf("%s has the name of %s: %s%s", b, a, b.fix, a.alternative)
}

func tableOf(p *gormschema.Schema, t schema.Table) []relation {
	return []relation{{name: t.Name, of: p, noun: "its table ", own: t.Name,
		fix: "give the model another table with TableName"}}
}

func indexesOf(p *gormschema.Schema, t schema.Table) []relation {
	var all []relation
	for _, u := range t.Uniques {
		all = append(all, relation{
			name: qualify(t, u.Name), of: p, noun: "unique constraint ", own: u.Name,
			fix: "make it a unique index with a name of its own, as in uniqueIndex:name", generated: true,
		})
	}
	for _, i := range t.Indexes {
		all = append(all, relation{
			name: qualify(t, i.Name), of: p, noun: "index ", own: i.Name,
			fix: "give it another one in the tag, as in index:name",
		})
	}
	return all
}

// generatedOf returns the relations that PostgreSQL names: the primary key, and the sequences of serial and identity
// columns.
func generatedOf(p *gormschema.Schema, t schema.Table) []relation {
	var all []relation
	table := t.Name[strings.LastIndex(t.Name, ".")+1:]
	if len(t.PrimaryKey.Columns) > 0 {
		all = append(all, relation{name: qualify(t, schema.ObjectName(table, "", "pkey")),
			of: p, noun: "its primary key", generated: true})
	}
	for _, c := range t.Columns {
		_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
		if c.AutoIncrement || serial || c.Generated != "" && !c.Computed() {
			all = append(all, relation{name: qualify(t, schema.ObjectName(table, c.Name, "seq")),
				of: p, noun: "the sequence of its column ", own: c.Name, generated: true})
		}
	}
	return all
}

// qualify returns the name with the schema of the table, if it has one.
func qualify(t schema.Table, name string) string {
	return t.Name[:strings.LastIndex(t.Name, ".")+1] + name
}
