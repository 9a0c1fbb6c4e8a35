package models_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/schema"
)

// Label is the model to which random models have many-to-many relations.
type Label struct {
	ID   int64
	Name string `gorm:"size:20;uniqueIndex"`
}

// namers returns the naming strategies of random models. The names in their checks are lower case.
func namers() []gormschema.Namer {
	return []gormschema.Namer{
		gormschema.NamingStrategy{IdentifierMaxLength: 63},
		gormschema.NamingStrategy{IdentifierMaxLength: 63, TablePrefix: "app_"},
		gormschema.NamingStrategy{IdentifierMaxLength: 30, SingularTable: true},
		gormschema.NamingStrategy{IdentifierMaxLength: 63, NameReplacer: strings.NewReplacer("Label", "Tag")},
	}
}

// option returns a random option for an index on a column.
func (r random) option(column string) string {
	all := []string{
		"sort:desc", "where:" + column + " IS NOT NULL", "unique", "class:UNIQUE", "priority:3", "comment:found by",
		"expression:coalesce(" + column + "\\,NULL)", "option:CONCURRENTLY",
	}
	if r.dialect == schema.Postgres {
		return pick(r, append(all, "type:btree", "type:hash", "option:WITH (fillfactor = 70)",
			"unique,option:NULLS NOT DISTINCT",
			"sort:desc nulls last")...)
	}
	return pick(r, append(all, "collate:NOCASE", "collate:RTRIM,sort:desc")...)
}

// special returns a field that is more than a plain column, or less.
func (r random) special(table, i int) reflect.StructField {
	f := reflect.StructField{Name: fmt.Sprintf("F%d", i)}
	var tag string
	switch i {
	case 10:
		f.Type = r.embedded(table)
		tag = pick(r, "embedded", "embedded;embeddedPrefix:home_", "embedded;embeddedPrefix:work_")
	case 11:
		f.Type = pick(r, reflect.TypeFor[[]string](), reflect.TypeFor[map[string]int]())
		tag = pick(r, "serializer:json", "serializer:gob;type:bytes", "serializer:json;size:200") + pick(r, "", ";not null")
	case 12:
		f.Type = reflect.TypeFor[int64]()
		tag = pick(r, "generated:id * 2", "generated:identity", "generated:identity always", "generated:id + 1;index",
			"generated")
	case 13:
		other := []reflect.Type{reflect.TypeFor[int64](), reflect.TypeFor[time.Time](), reflect.TypeFor[uint8]()}
		f.Type = pick(r, reflect.TypeFor[string](), other[table])
		tag = pick(r, "-", "-:all", "-:migration", "->:false;<-:create", "<-:false", "->;<-:update", "autoCreateTime",
			"autoUpdateTime:milli")
	case 14:
		f.Name, f.Type = "Labels", reflect.TypeFor[[]Label]()
		tag = fmt.Sprintf("many2many:things_%d_labels;joinForeignKey:Thing%dID", table, table) +
			pick(r, "", ";constraint:OnDelete:CASCADE", ";constraint:OnUpdate:CASCADE,OnDelete:SET NULL", ";constraint:-",
				";-:migration")
	default:
		rare := []reflect.Type{reflect.TypeFor[level](), reflect.TypeFor[uid](), reflect.TypeFor[gorm.DeletedAt]()}
		f.Type = pick(r, reflect.TypeFor[color](), rare[table]) // PostgreSQL converts each to a text and back
		tag = pick(r, "", "index", "not null", "unique;comment:rare")
	}
	f.Tag = reflect.StructTag(fmt.Sprintf("gorm:%q", tag))
	return f
}

// embedded returns a struct type to embed, with an index and a check of its own.
func (r random) embedded(table int) reflect.Type {
	field := func(name string, of reflect.Type, tag string) reflect.StructField {
		return reflect.StructField{Name: name, Type: of, Tag: reflect.StructTag(fmt.Sprintf("gorm:%q", tag))}
	}
	list := []reflect.StructField{
		field("Street", reflect.TypeFor[string](), pick(r, "size:80", "index", "uniqueIndex:,where:id IS NOT NULL",
			"unique")),
		field("Zip", reflect.TypeFor[*string](),
			pick(r, "", "size:10;default:x", fmt.Sprintf("check:chk_zip_%d,id <> 7", table))),
	}
	if r.chance(50) {
		list = append(list,
			field("Since", reflect.TypeFor[time.Time](), pick(r, "precision:3", "autoCreateTime", "-:migration")))
	}
	return reflect.StructOf(list)
}

// withoutLabels returns the model without its many-to-many relation, because GORM would give the join table the name of
// the model's table.
func withoutLabels(model any) any {
	var list []reflect.StructField
	for f := range reflect.TypeOf(model).Elem().Fields() {
		if f.Name != "Labels" {
			list = append(list, f)
		}
	}
	return reflect.New(reflect.StructOf(list)).Interface()
}

// createJoinTables creates the join tables that AutoMigrate creates in addition to the tables of the models.
func createJoinTables(t *testing.T, db *difftest.DB, list []any) {
	t.Helper()
	done := map[string]bool{}
	for _, model := range list {
		named, ok := model.(models.Named)
		if !ok {
			continue
		}
		tx := db.Table(named.Table)
		if err := tx.Statement.ParseWithSpecialTableName(named.Model, named.Table); err != nil {
			t.Fatal(err)
		}
		for _, rel := range tx.Statement.Schema.Relationships.Many2Many {
			if rel.Field.IgnoreMigration || done[rel.JoinTable.Table] {
				continue
			}
			done[rel.JoinTable.Table] = true
			if err := db.Migrator().CreateTable(reflect.New(rel.JoinTable.ModelType).Interface()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
