package models

import (
	"fmt"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// systemColumns are those that every table has on PostgreSQL
// (https://www.postgresql.org/docs/current/ddl-system-columns.html).
var systemColumns = []string{"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}

// checkColumns refuses a column that PostgreSQL has already, and two that SQLite takes for one.
func checkColumns(p *gormschema.Schema, t schema.Table) error {
	for _, column := range systemColumns {
		if f, ok := p.FieldsByDBName[column]; ok && hasColumn(p, f) {
			return fault(p, f, fmt.Errorf("every table of PostgreSQL has a column %s of its own: "+
				"give the field another one with the tag column", column))
		}
	}
	folded := map[string]string{}
	for _, c := range t.Columns {
		key := strings.ToLower(c.Name)
		if other, taken := folded[key]; taken {
			return fmt.Errorf("%s: the columns %s and %s are one to SQLite, where case does not matter: "+
				"give one of the fields another one with the tag column", label(p), other, c.Name)
		}
		folded[key] = c.Name
	}
	return nil
}

// relation is something that has its name to itself among the tables, indexes and sequences of a schema.
type relation struct {
	name string             // with the schema, where the table has one
	of   *gormschema.Schema // the model; nil for what is reserved
	noun string             // for people, and what it is called: index, idx_users_name
	own  string
	mend string // what to do about it; empty for a name that is made up
	or   string // what else to do about a clash with it
	made bool   // by PostgreSQL alone
}

// what names it for people.
func (r *relation) what() string {
	if r.of == nil {
		return r.noun
	}
	return label(r.of) + ": " + r.noun + r.own
}

// checkRelations refuses names that a database gives once and the models want twice. PostgreSQL has one name space for
// tables, indexes and sequences, the indexes of primary keys and unique constraints among them
// (https://www.postgresql.org/docs/current/catalog-pg-class.html); SQLite has one for tables and indexes, in which case
// does not matter.
func checkRelations(parsed []*gormschema.Schema, s schema.Schema, reserved []string) error {
	var all []relation
	const or = ", or set VersionTable in migrations.Environment"
	for _, table := range reserved {
		all = append(all, relation{name: table, noun: "the table where the applied revisions are recorded", or: or},
			relation{name: schema.ObjectName(table, "", "pkey"), made: true, or: or,
				noun: "the primary key of the table where the applied revisions are recorded"})
	}
	first := slices.CompactFunc(slices.Clone(parsed), func(a, b *gormschema.Schema) bool { return a.Table == b.Table })
	for _, of := range []func(p *gormschema.Schema, t schema.Table) []relation{tableOf, indexesOf, madeUpOf} {
		for _, p := range first {
			t, _ := s.Table(p.Table)
			all = append(all, of(p, t)...)
		}
	}
	exact, folded := make(map[string]*relation, len(all)), make(map[string]*relation, len(all))
	for i := range all {
		r := &all[i]
		other, taken := exact[r.name]
		if !taken && !r.made {
			other, taken = folded[strings.ToLower(r.name)]
		}
		if taken && (other.mend != "" || r.mend != "") {
			return clash(other, r)
		}
		if strings.HasPrefix(strings.ToLower(r.name), "sqlite_") && !r.made {
			return fmt.Errorf("%s: SQLite keeps names that begin with sqlite_ to itself: %s", r.what(), r.mend)
		}
		exact[r.name] = r
		if !r.made {
			folded[strings.ToLower(r.name)] = r
		}
	}
	return nil
}

// clash says which of the two is to have another name: what is made up cannot. Two that are made up are no clash, as
// PostgreSQL makes up another one.
func clash(a, b *relation) error {
	if b.mend == "" {
		a, b = b, a
	}
	return fmt.Errorf("%s has the name of %s: %s%s", b.what(), a.what(), b.mend, a.or)
}

func tableOf(p *gormschema.Schema, t schema.Table) []relation {
	return []relation{{name: t.Name, of: p, noun: "its table ", own: t.Name,
		mend: "give the model another table with TableName"}}
}

func indexesOf(p *gormschema.Schema, t schema.Table) []relation {
	var all []relation
	for _, u := range t.Uniques {
		all = append(all, relation{
			name: beside(t, u.Name), of: p, noun: "unique constraint ", own: u.Name,
			mend: "make it a unique index with a name of its own, as in uniqueIndex:name", made: true,
		})
	}
	for _, i := range t.Indexes {
		all = append(all, relation{
			name: beside(t, i.Name), of: p, noun: "index ", own: i.Name,
			mend: "give it another one in the tag, as in index:name",
		})
	}
	return all
}

// madeUpOf returns what PostgreSQL names itself: the primary key and the sequences of the columns that count.
func madeUpOf(p *gormschema.Schema, t schema.Table) []relation {
	var all []relation
	table := t.Name[strings.LastIndex(t.Name, ".")+1:]
	if len(t.PrimaryKey.Columns) > 0 {
		all = append(all, relation{name: beside(t, schema.ObjectName(table, "", "pkey")),
			of: p, noun: "its primary key", made: true})
	}
	for _, c := range t.Columns {
		_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
		if c.AutoIncrement || serial || c.Generated != "" && !c.Computed() {
			all = append(all, relation{name: beside(t, schema.ObjectName(table, c.Name, "seq")),
				of: p, noun: "the sequence of its column ", own: c.Name, made: true})
		}
	}
	return all
}

// beside returns the name with the schema of the table, where all that belongs to it is.
func beside(t schema.Table, name string) string {
	return t.Name[:strings.LastIndex(t.Name, ".")+1] + name
}
