package diff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// random generates schemas from a few names, so that names are reused in other roles. It avoids only what the databases
// refuse: a column changes only between types that PostgreSQL converts without USING, each table keeps one column, as a
// table needs at least one, and an AUTOINCREMENT column is the primary key, as on SQLite.
type random struct{ *rand.Rand }

func newRandom(seed uint64) *random { return &random{rand.New(rand.NewPCG(seed, 0))} }

func (r *random) chance(percent int) bool { return r.IntN(100) < percent }

func pick[E any](r *random, list []E) E { return list[r.IntN(len(list))] }

// schema generates a schema that keeps much of the one before.
func (r *random) schema(before schema.Schema) schema.Schema {
	var tables []schema.Table
	for i := range 5 {
		name := fmt.Sprintf("t%d", i)
		was, ok := before.Table(name)
		switch {
		case ok && r.chance(50):
			tables = append(tables, was.Clone())
		case ok && r.chance(15), !ok && r.chance(40):
		default:
			tables = append(tables, r.table(name, was))
		}
	}
	r.Shuffle(len(tables), func(i, j int) { tables[i], tables[j] = tables[j], tables[i] })
	r.distinct(tables)
	r.references(tables)
	return schema.New(tables...)
}

func (r *random) table(name string, was schema.Table) schema.Table {
	t := schema.Table{Name: name}
	for i := range 6 {
		column := fmt.Sprintf("c%d", i)
		c, ok := was.Column(column)
		switch {
		case ok && r.chance(60):
		case ok && r.chance(40), !ok && r.chance(30) && i > 0:
			continue
		default:
			c = r.column(column, c)
		}
		t.Columns = append(t.Columns, c)
	}
	t.Columns = append(t.Columns, schema.Column{Name: "stays", Type: op.Int(64)})
	r.Shuffle(len(t.Columns), func(i, j int) { t.Columns[i], t.Columns[j] = t.Columns[j], t.Columns[i] })
	r.keys(&t)
	for i := range 3 {
		r.constraints(&t, i)
	}
	return t
}

// column generates a column; the type of an existing one changes only to one that PostgreSQL converts to.
func (r *random) column(name string, was schema.Column) schema.Column {
	c := schema.Column{Name: name, NotNull: r.chance(40)}
	families := [][]schema.Type{
		{op.Bool(), op.Int(16), op.Int(32), op.Int(64), op.Uint(8), op.Uint(32), op.String(16), op.String(80), op.Text(),
			op.Float(64), op.Decimal(10, 2), op.Type("varchar(7)")},
		{op.Time(), op.Time(3)},
		{op.Bytes()},
	}
	family := pick(r, families)
	for _, f := range families {
		if slices.Contains(f, was.Type) {
			family = f
		}
	}
	c.Type = pick(r, family)
	c.Default = r.value(c.Type)
	if r.chance(15) {
		c.Comment = pick(r, []string{"a", "it's b"})
	}
	if c.Type.Kind == schema.Int && r.chance(30) {
		c.Default, c.Generated = schema.Default{}, pick(r, []string{"1 + 1", "2 * 2", "identity"})
	}
	return c
}

func (r *random) value(t schema.Type) schema.Default {
	if r.chance(60) {
		return schema.Default{}
	}
	switch t.Kind {
	case schema.Bool:
		return schema.Literal(r.chance(50))
	case schema.Int, schema.Uint, schema.Float:
		return schema.Literal(r.IntN(50))
	case schema.String:
		return schema.Literal(pick(r, []string{"", "x", `it's "q"`}))
	case schema.Time:
		return pick(r, []schema.Default{schema.Literal(nil), schema.Expression(schema.Both("CURRENT_TIMESTAMP"))})
	default:
		return schema.Literal(nil)
	}
}

func (r *random) keys(t *schema.Table) {
	t.PrimaryKey = schema.PrimaryKey{}
	for i := range t.Columns {
		t.Columns[i].AutoIncrement = false
	}
	if r.chance(20) {
		return
	}
	for range 1 + r.IntN(2) {
		c := pick(r, t.Columns)
		if !slices.Contains(t.PrimaryKey.Columns, c.Name) && c.Generated == "" {
			t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, c.Name)
		}
	}
	if len(t.PrimaryKey.Columns) != 1 || !r.chance(50) {
		return
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Name == t.PrimaryKey.Columns[0] && c.Type.Kind == schema.Int {
			c.AutoIncrement, c.Default = true, schema.Default{}
		}
	}
}

func (r *random) constraints(t *schema.Table, i int) {
	c, other := pick(r, t.Columns).Name, pick(r, t.Columns).Name
	columns := []string{c}
	if other != c && r.chance(50) {
		columns = append(columns, other)
	}
	if r.chance(25) {
		t.Uniques = append(t.Uniques, schema.Unique{Name: r.label(), Columns: columns})
	}
	if r.chance(25) {
		t.Checks = append(t.Checks, schema.Check{Name: fmt.Sprintf("chk%d", i), Expression: c + " IS NOT NULL OR 1 = 1"})
	}
	if r.chance(40) {
		t.Indexes = append(t.Indexes, r.index(columns))
	}
}

func (r *random) label() string { return fmt.Sprintf("label%d", r.IntN(12)) }

func (r *random) index(columns []string) schema.Index {
	i := schema.Index{Name: r.label(), Unique: r.chance(30)}
	for _, c := range columns {
		k := schema.IndexKey{Column: c}
		switch {
		case r.chance(20):
			k.Order = "DESC"
		case r.chance(15):
			k = schema.IndexKey{Expression: "coalesce(" + c + ", " + c + ")"}
		}
		i.Keys = append(i.Keys, k)
	}
	if r.chance(20) {
		i.Where = columns[0] + " IS NOT NULL"
	}
	return i
}

// distinct removes unique constraints and indexes whose names are already taken.
func (r *random) distinct(tables []schema.Table) {
	seen := map[string]bool{}
	repeated := func(name string) bool {
		taken := seen[name]
		seen[name] = true
		return taken
	}
	for n := range tables {
		t := &tables[n]
		t.Uniques = slices.DeleteFunc(t.Uniques, func(u schema.Unique) bool { return repeated(u.Name) })
		t.Indexes = slices.DeleteFunc(t.Indexes, func(i schema.Index) bool { return repeated(i.Name) })
	}
}

// references adds foreign keys between columns of the same type, and removes those that are no longer valid.
func (r *random) references(tables []schema.Table) {
	s := schema.New(tables...) // without the new keys
	for n := range tables {
		t := &tables[n]
		t.ForeignKeys = slices.DeleteFunc(t.ForeignKeys, func(k schema.ForeignKey) bool {
			target, ok := s.Table(k.RefTable)
			return !ok || !fits(*t, target, k)
		})
		for i := range 2 {
			k := r.foreignKey(*t, pick(r, tables))
			k.Name = fmt.Sprintf("fk%d", i)
			target, _ := s.Table(k.RefTable)
			if _, taken := t.ForeignKey(k.Name); !taken && r.chance(60) && fits(*t, target, k) {
				t.ForeignKeys = append(t.ForeignKeys, k)
			}
		}
	}
}

func (r *random) foreignKey(t, target schema.Table) schema.ForeignKey {
	keys := [][]string{target.PrimaryKey.Columns}
	for _, u := range target.Uniques {
		keys = append(keys, u.Columns)
	}
	k := schema.ForeignKey{RefTable: target.Name, RefColumns: slices.Clone(pick(r, keys)),
		OnDelete: pick(r, []string{"", "CASCADE", "SET NULL"})}
	for range k.RefColumns {
		k.Columns = append(k.Columns, pick(r, t.Columns).Name)
	}
	return k
}

func fits(t, target schema.Table, k schema.ForeignKey) bool {
	unique := slices.Equal(target.PrimaryKey.Columns, k.RefColumns) ||
		slices.ContainsFunc(target.Uniques, func(u schema.Unique) bool { return slices.Equal(u.Columns, k.RefColumns) })
	distinct := len(slices.Compact(slices.Sorted(slices.Values(k.Columns)))) == len(k.Columns)
	if len(k.Columns) == 0 || !unique || !distinct {
		return false
	}
	for i := range k.Columns {
		a, isThere := t.Column(k.Columns[i])
		b, wasThere := target.Column(k.RefColumns[i])
		if !isThere || !wasThere || !a.Type.Equal(b.Type) || a.Generated != "" {
			return false
		}
	}
	return true
}
