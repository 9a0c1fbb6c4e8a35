package diff_test

import (
	"fmt"
	"reflect"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

const manyTables = 500

// manyModels returns models of eight columns with indexes and a foreign key.
func manyModels() []any {
	list := []any{Owner{}}
	for i := range manyTables {
		list = append(list, models.Named{Table: fmt.Sprintf("table_%03d", i), Model: model(i)})
	}
	return list
}

// Owner is the model that the others reference.
type Owner struct {
	ID   int64
	Code string `gorm:"size:8;unique"`
}

func model(i int) any {
	field := func(name string, of any, tag string) reflect.StructField {
		return reflect.StructField{Name: name, Type: reflect.TypeOf(of), Tag: reflect.StructTag(`gorm:"` + tag + `"`)}
	}
	index := func(kind string) string { return fmt.Sprintf("%s:idx_%s_%03d", kind, kind, i) }
	return reflect.New(reflect.StructOf([]reflect.StructField{
		field("ID", int64(0), "primaryKey"),
		field("Name", "", "size:64;not null;"+index("index")),
		field("Email", "", "size:254;not null;"+index("uniqueIndex")),
		field("Active", false, "not null;default:true"),
		field("Score", 0.5, fmt.Sprintf("precision:10;scale:2;check:chk_%03d,score >= 0", i)),
		field("Bio", "", ""),
		field("Count", int32(0), "default:0"),
		field("OwnerID", int64(0), ""),
		field("Owner", Owner{}, "constraint:OnDelete:CASCADE"),
	})).Interface()
}

// BenchmarkDiff measures one edit among many tables: reading the models, comparing them with the history, and proving
// the plan.
func BenchmarkDiff(b *testing.B) {
	list := manyModels()
	to, err := models.Schema(list, nil)
	if err != nil {
		b.Fatal(err)
	}
	from := to
	for _, o := range op.Record(func(m *op.Migration) { m.DropColumn("table_250", "bio") }) {
		if from, err = o.Apply(from); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		is, err := models.Schema(list, nil)
		if err != nil {
			b.Fatal(err)
		}
		if p, err := diff.Diff(from, is); err != nil || len(p.Upgrade) != 1 {
			b.Fatalf("got the upgrade %v, %v; want one step, no error", p.Upgrade, err)
		}
	}
}

// BenchmarkCreate measures the first revision of a large schema.
func BenchmarkCreate(b *testing.B) {
	to, err := models.Schema(manyModels(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := diff.Diff(schema.Schema{}, to); err != nil {
			b.Fatal(err)
		}
	}
}
