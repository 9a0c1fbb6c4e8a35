package models_test

import (
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// zoo is a set of models that live in one database.
type zoo struct {
	name   string
	models []any
	join   func(db *gorm.DB) error // custom join tables
	config gorm.Config
	only   schema.Dialect // where GORM itself can create them
	before []string       // statements that PostgreSQL needs first
}

func relations() []any {
	return []any{&skill{}, &company{}, &employee{}, &desk{}, &badge{}, &project{}, &assignment{}, &photo{}}
}

func joinProjects(db *gorm.DB) error {
	return db.SetupJoinTable(&employee{}, "Projects", &assignment{})
}

func naming(n gormschema.Namer) gorm.Config { return gorm.Config{NamingStrategy: n} }

// shouting is a program's own naming strategy.
type shouting struct{ gormschema.NamingStrategy }

func (shouting) TableName(name string) string     { return "T_" + strings.ToUpper(name) }
func (shouting) ColumnName(_, name string) string { return strings.ToUpper(name) }
func (s shouting) JoinTableName(name string) string {
	return s.TableName(strings.TrimSuffix(name, "s"))
}
func (shouting) IndexName(table, column string) string { return "I_" + table + "_" + column }

func zoos() []zoo {
	return []zoo{
		{name: "kinds", models: []any{&kinds{}}},
		{name: "more kinds", models: []any{&more{}}},
		{name: "generic", models: []any{models.Named{Table: "g", Model: &generic[string]{}}}},
		{name: "custom types", models: []any{&custom{}}},
		{name: "types with constraints", models: []any{&inlined{}}, only: schema.Postgres},
		{name: "embedded", models: []any{&exported{}}},
		{name: "indexes", models: []any{&indexed{}}},
		{name: "indexes of PostgreSQL", models: []any{&postgresIndexed{}}, only: schema.Postgres},
		{name: "indexes of SQLite", models: []any{&nocaseIndexed{}}, only: schema.SQLite},
		{name: "primary keys", models: []any{&composite{}, &counted{}, &keyless{}, &bigKey{}, &smallKey{}}},
		{name: "expression default", models: []any{&stringKey{}}, only: schema.Postgres, before: []string{
			`CREATE FUNCTION gen_id() RETURNS text LANGUAGE sql AS 'SELECT ''x'''`}},
		{name: "relations", models: relations(), join: joinProjects},
		{name: "circle", models: []any{&author{}, &book{}, &cover{}}, only: schema.SQLite},
		{name: "composite foreign keys", models: []any{&city{}, &country{}}},
		{name: "unlisted models", models: []any{&city{}}},
		{name: "embedded relations", models: []any{&invoice{}, &line{}, &tabled{}}},
		{name: "names", models: []any{&tabled{}, &namedByNamer{}, &aVeryLongModelNameThatGoesOnAndOnAndOn{}}},
		{name: "naming strategy", models: []any{&city{}, &country{}, &indexed{}, &namedByNamer{}},
			config: naming(gormschema.NamingStrategy{TablePrefix: "app_", SingularTable: true, IdentifierMaxLength: 40,
				NameReplacer: strings.NewReplacer("Country", "Land")})},
		{name: "upper case", models: []any{&city{}, &country{}, &composite{}},
			config: naming(gormschema.NamingStrategy{NoLowerCase: true})},
		{name: "prefix", models: relations(), join: joinProjects,
			config: naming(gormschema.NamingStrategy{TablePrefix: "app_"})},
		{name: "singular", models: []any{&invoice{}, &line{}, &tabled{}, &namedByNamer{}},
			config: naming(&gormschema.NamingStrategy{SingularTable: true, TablePrefix: "s_"})},
		{name: "short names", models: append(relations(), &exported{}, &invoice{}, &line{}, &tabled{}), join: joinProjects,
			config: naming(gormschema.NamingStrategy{IdentifierMaxLength: 20})},
		{name: "replaced names", models: []any{&city{}, &country{}, &labelled{}},
			config: naming(gormschema.NamingStrategy{NoLowerCase: true,
				NameReplacer: strings.NewReplacer("C", "K", "ID", "Id")})},
		{name: "own namer", models: append(relations(), &labelled{}), join: joinProjects, config: naming(shouting{})},
		{name: "no foreign keys", models: relations(), join: joinProjects,
			config: gorm.Config{DisableForeignKeyConstraintWhenMigrating: true}},
		{name: "no foreign keys, unlisted models", models: []any{&city{}, &book{}},
			config: gorm.Config{DisableForeignKeyConstraintWhenMigrating: true}},
		{name: "no relationships", models: []any{&company{}, &employee{}, &city{}, &book{}},
			config: gorm.Config{IgnoreRelationshipsWhenMigrating: true}},
		{name: "named", models: []any{models.Named{Table: "x", Model: &indexed{}},
			models.Named{Table: "y", Model: exported{}},
			models.Named{Table: "z", Model: &aVeryLongModelNameThatGoesOnAndOnAndOnAlone{}}, &tabled{}},
			config: naming(gormschema.NamingStrategy{TablePrefix: "app_"})},
		{name: "named twice", models: []any{
			models.Named{Table: "x", Model: &kinds{}}, models.Named{Table: "y", Model: &kinds{}}, &kinds{}}},
		{name: "named with relations", models: []any{models.Named{Table: "writers", Model: &novelist{}}}},
		{name: "named without relationships", models: []any{models.Named{Table: "towns", Model: &city{}}},
			config: gorm.Config{IgnoreRelationshipsWhenMigrating: true}},
	}
}

func TestSchemaIsWhatAutoMigrateCreates(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, z := range zoos() {
			if z.only != "" && z.only != s.Dialect {
				continue
			}
			t.Run(z.name, func(t *testing.T) {
				t.Parallel()
				theirs, ours := s.Open(t), s.Open(t)
				theirs.Exec(t, z.before...)
				ours.Exec(t, z.before...)
				autoMigrate(t, theirs.DB, z)
				ours.Must(t, schema.Schema{}, operations(t, z))
				want, got := theirs.Catalogue(t), ours.Catalogue(t)
				if want != got {
					t.Errorf("not what AutoMigrate creates:%s", difftest.Difference(want, got))
				}
			})
		}
	})
}

// autoMigrate runs AutoMigrate with the configuration of the zoo.
func autoMigrate(t *testing.T, db *gorm.DB, z zoo) {
	t.Helper()
	db = db.Session(&gorm.Session{NewDB: true})
	db.NamingStrategy = gormschema.NamingStrategy{IdentifierMaxLength: 63}
	db.DisableForeignKeyConstraintWhenMigrating = z.config.DisableForeignKeyConstraintWhenMigrating
	db.IgnoreRelationshipsWhenMigrating = z.config.IgnoreRelationshipsWhenMigrating
	if z.config.NamingStrategy != nil {
		db.NamingStrategy = z.config.NamingStrategy
	}
	if z.join != nil {
		if err := z.join(db); err != nil {
			t.Fatal(err)
		}
	}
	var listed []any
	for _, m := range z.models {
		if named, ok := m.(models.Named); !ok {
			listed = append(listed, m)
		} else if err := db.Table(named.Table).AutoMigrate(named.Model); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.AutoMigrate(listed...); err != nil {
		t.Fatal(err)
	}
}

// TestRelationsPointAtNamedTables checks that a foreign key references the table that models.Named gives to a model.
// GORM's AutoMigrate panics for such a relation, as it looks for the table that the model would have otherwise.
func TestRelationsPointAtNamedTables(t *testing.T) {
	t.Parallel()
	s := schemaOf(t, []any{&novel{}, models.Named{Table: "writers", Model: &novelist{}}}, nil)
	novels, _ := s.Table("novels")
	if len(s.Tables()) != 2 || len(novels.ForeignKeys) != 1 {
		t.Fatalf("got %d tables and the keys %+v, want 2 and one key", len(s.Tables()), novels.ForeignKeys)
	}
	k := novels.ForeignKeys[0]
	got := [...]string{k.Name, k.RefTable, k.OnDelete}
	if want := [...]string{"fk_writers_novels", "writers", "CASCADE"}; got != want {
		t.Errorf("got foreign key %q, want %q", got, want)
	}
}

// TestNamesFitBothDialects checks that the naming strategies that gorm.Open fills in on either dialect give the same
// names.
func TestNamesFitBothDialects(t *testing.T) {
	t.Parallel()
	long := []any{&aVeryLongModelNameThatGoesOnAndOnAndOn{}, &tabled{}}
	want := schemaOf(t, long, nil)
	own := &gormschema.NamingStrategy{}
	for _, n := range []gormschema.Namer{
		gormschema.NamingStrategy{}, gormschema.NamingStrategy{IdentifierMaxLength: 63},
		gormschema.NamingStrategy{IdentifierMaxLength: 64}, own,
	} {
		config := naming(n)
		if !schema.Equal(want, schemaOf(t, long, &config)) {
			t.Errorf("%+v: got other names, want the same", n)
		}
	}
	if own.IdentifierMaxLength != 0 {
		t.Errorf("the program's naming strategy was changed: got %+v", own)
	}
}

func TestModelsInAnyOrderGiveTheSameSchema(t *testing.T) {
	t.Parallel()
	for _, z := range zoos() {
		want, err := models.Schema(z.models, &z.config)
		if err != nil {
			t.Fatalf("%s: %v", z.name, err)
		}
		history, err := op.ApplyAll(schema.Schema{}, operations(t, z))
		if err != nil {
			t.Fatalf("%s: %v", z.name, err)
		}
		shuffled := slices.Clone(z.models)
		for range len(shuffled) {
			shuffled = append(shuffled[1:], shuffled[0])
			for _, models := range [][]any{shuffled, reversed(shuffled)} {
				if got := schemaOf(t, models, &z.config); !diff.Same(want, got) || !schema.Equal(want, got) {
					t.Errorf("%s: another order gives another schema: got %v, want %v", z.name, got, want)
				} else if p, err := diff.Diff(history, got); err != nil || !p.IsEmpty() {
					t.Errorf("%s: got changes %v, %v; want none, no error", z.name, diff.Operations(p.Upgrade), err)
				}
			}
		}
	}
}

func schemaOf(t *testing.T, list []any, config *gorm.Config) schema.Schema {
	t.Helper()
	s, err := models.Schema(list, config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reversed(list []any) []any {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
