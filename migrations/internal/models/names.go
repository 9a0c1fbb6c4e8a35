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
	name string // with the schema, where the table has one
	what string // for people: index idx_users_name of model User
	mend string // what to do about it; empty for a name that is made up
	or   string // what else to do about a clash with it
	made bool   // by PostgreSQL alone
}

// checkRelations refuses names that a database gives once and the models want twice. PostgreSQL has one name space for
// tables, indexes and sequences, the indexes of primary keys and unique constraints among them
// (https://www.postgresql.org/docs/current/catalog-pg-class.html); SQLite has one for tables and indexes, in which case
// does not matter.
func checkRelations(parsed []*gormschema.Schema, s schema.Schema, reserved []string) error {
	var all []relation
	const or = ", or set VersionTable in migrations.Environment"
	for _, table := range reserved {
		all = append(all, relation{name: table, what: "the table where the applied revisions are recorded", or: or},
			relation{name: schema.ObjectName(table, "", "pkey"), made: true, or: or,
				what: "the primary key of the table where the applied revisions are recorded"})
	}
	seen := map[string]bool{}
	first := slices.DeleteFunc(slices.Clone(parsed), func(p *gormschema.Schema) bool { // of the models that share a table
		another := seen[p.Table]
		seen[p.Table] = true
		return another
	})
	for _, of := range []func(p *gormschema.Schema, t schema.Table) []relation{tableOf, indexesOf, madeUpOf} {
		for _, p := range first {
			t, _ := s.Table(p.Table)
			all = append(all, of(p, t)...)
		}
	}
	exact, folded := map[string]relation{}, map[string]relation{}
	for _, r := range all {
		other, taken := exact[r.name]
		if !taken && !r.made {
			other, taken = folded[strings.ToLower(r.name)]
		}
		if taken && other.mend+r.mend != "" {
			return clash(other, r)
		}
		if strings.HasPrefix(strings.ToLower(r.name), "sqlite_") && !r.made {
			return fmt.Errorf("%s: SQLite keeps names that begin with sqlite_ to itself: %s", r.what, r.mend)
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
func clash(a, b relation) error {
	if b.mend == "" {
		a, b = b, a
	}
	return fmt.Errorf("%s has the name of %s: %s%s", b.what, a.what, b.mend, a.or)
}

func tableOf(p *gormschema.Schema, t schema.Table) []relation {
	return []relation{{name: t.Name, what: fmt.Sprintf("%s: its table %s", label(p), t.Name),
		mend: "give the model another table with TableName"}}
}

func indexesOf(p *gormschema.Schema, t schema.Table) []relation {
	var all []relation
	for _, u := range t.Uniques {
		all = append(all, relation{
			name: beside(t, u.Name), what: fmt.Sprintf("%s: unique constraint %s", label(p), u.Name),
			mend: "make it a unique index with a name of its own, as in uniqueIndex:name", made: true,
		})
	}
	for _, i := range t.Indexes {
		all = append(all, relation{
			name: beside(t, i.Name), what: fmt.Sprintf("%s: index %s", label(p), i.Name),
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
			what: fmt.Sprintf("%s: its primary key", label(p)), made: true})
	}
	for _, c := range t.Columns {
		_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
		if c.AutoIncrement || serial || c.Generated != "" && !c.Computed() {
			all = append(all, relation{name: beside(t, schema.ObjectName(table, c.Name, "seq")),
				what: fmt.Sprintf("%s: the sequence of its column %s", label(p), c.Name), made: true})
		}
	}
	return all
}

// beside returns the name with the schema of the table, where all that belongs to it is.
func beside(t schema.Table, name string) string {
	return t.Name[:strings.LastIndex(t.Name, ".")+1] + name
}
