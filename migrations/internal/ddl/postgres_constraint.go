package ddl

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func (p *postgres) addCheck(table string, c schema.Check) string {
	return p.alter(table) + "ADD " + p.check(c) + notValid(c.NotValid)
}

func (p *postgres) addForeignKey(table string, k schema.ForeignKey) string {
	return p.alter(table) + "ADD " + p.foreignKey(k) + notValid(k.NotValid)
}

func notValid(is bool) string {
	if is {
		return " NOT VALID"
	}
	return ""
}

// validate returns the SQL that validates a constraint; PostgreSQL does nothing if it is valid already.
func (p *postgres) validate(table, constraint string) string {
	return p.alter(table) + "VALIDATE CONSTRAINT " + p.name(constraint)
}

func (p *postgres) addUnique(o *op.AddUnique) string {
	if o.Index == "" {
		return p.alter(o.Table) + "ADD " + p.unique(o.Unique)
	}
	return p.alter(o.Table) + "ADD CONSTRAINT " + p.name(o.Unique.Name) + " UNIQUE USING INDEX " + p.name(o.Index)
}

// addPrimaryKey names a key made from an index as PostgreSQL names the keys that it builds itself; by default the key
// would take the index's name.
func (p *postgres) addPrimaryKey(o *op.AddPrimaryKey) string {
	if o.Index == "" {
		return p.alter(o.Table) + "ADD " + p.primaryKey(o.Key)
	}
	t, _ := p.after.Table(o.Table)
	return p.alter(o.Table) + "ADD CONSTRAINT " + p.name(primaryKeyName(t)) + " PRIMARY KEY USING INDEX " + p.name(o.Index)
}
