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
	namer  gormschema.Namer
	only   schema.Dialect // where GORM itself can create them
	before []string       // statements that PostgreSQL needs first
}

func zoos() []zoo {
	return []zoo{
		{name: "kinds", models: []any{&kinds{}}},
		{name: "more kinds", models: []any{&more{}}},
		{name: "generic", models: []any{models.Named{Table: "g", Model: &generic[string]{}}}},
		{name: "custom types", models: []any{&custom{}}},
		{name: "embedded", models: []any{&exported{}}},
		{name: "indexes", models: []any{&indexed{}}},
		{name: "indexes of PostgreSQL", models: []any{&postgresIndexed{}}, only: schema.Postgres},
		{name: "indexes of SQLite", models: []any{&nocaseIndexed{}}, only: schema.SQLite},
		{name: "primary keys", models: []any{&composite{}, &counted{}, &keyless{}, &bigKey{}, &smallKey{}}},
		{name: "expression default", models: []any{&stringKey{}}, only: schema.Postgres, before: []string{
			`CREATE FUNCTION gen_id() RETURNS text LANGUAGE sql AS 'SELECT ''x'''`}},
		{name: "relations", models: []any{
			&skill{}, &company{}, &employee{}, &desk{}, &badge{}, &project{}, &assignment{}, &photo{}},
			join: func(db *gorm.DB) error { return db.SetupJoinTable(&employee{}, "Projects", &assignment{}) }},
		{name: "circle", models: []any{&author{}, &book{}, &cover{}}, only: schema.SQLite},
		{name: "composite foreign keys", models: []any{&city{}, &country{}}},
		{name: "unlisted models", models: []any{&city{}}},
		{name: "embedded relations", models: []any{&invoice{}, &line{}, &tabled{}}},
		{name: "names", models: []any{&tabled{}, &namedByNamer{}, &aVeryLongModelNameThatGoesOnAndOnAndOn{}}},
		{name: "naming strategy", models: []any{&city{}, &country{}, &indexed{}, &namedByNamer{}},
			namer: gormschema.NamingStrategy{TablePrefix: "app_", SingularTable: true, IdentifierMaxLength: 40,
				NameReplacer: strings.NewReplacer("Country", "Land")}},
		{name: "upper case", models: []any{&city{}, &country{}, &composite{}},
			namer: gormschema.NamingStrategy{NoLowerCase: true}},
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

func autoMigrate(t *testing.T, db *gorm.DB, z zoo) {
	t.Helper()
	db.NamingStrategy = gormschema.NamingStrategy{IdentifierMaxLength: 63}
	if z.namer != nil {
		db.NamingStrategy = z.namer
	}
	if z.join != nil {
		if err := z.join(db); err != nil {
			t.Fatal(err)
		}
	}
	if named, ok := z.models[0].(models.Named); ok {
		if err := db.Table(named.Table).AutoMigrate(named.Model); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := db.AutoMigrate(z.models...); err != nil {
		t.Fatal(err)
	}
}

func TestModelsInAnyOrderGiveTheSameSchema(t *testing.T) {
	t.Parallel()
	for _, z := range zoos() {
		want, err := models.Schema(z.models, z.namer)
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
				if got := schemaOf(t, models, z.namer); !diff.Same(want, got) || !schema.Equal(want, got) {
					t.Errorf("%s: another order gives another schema", z.name)
				} else if p, err := diff.Diff(history, got); err != nil || !p.IsEmpty() {
					t.Errorf("%s: left to do: %v, %v", z.name, diff.Operations(p.Upgrade), err)
				}
			}
		}
	}
}

func schemaOf(t *testing.T, list []any, namer gormschema.Namer) schema.Schema {
	t.Helper()
	s, err := models.Schema(list, namer)
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
