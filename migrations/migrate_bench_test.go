package migrations

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"guestlist/migrations/internal/models"
)

// Owner is what the many models point at.
type Owner struct {
	ID   int64
	Code string `gorm:"size:8;unique"`
}

// manyModels are 500 models of eight columns with indexes and a foreign key; one of them is longer if edited.
func manyModels(edited bool) []any {
	list := []any{Owner{}}
	for i := range 500 {
		field := func(name string, of any, tag string) reflect.StructField {
			return reflect.StructField{Name: name, Type: reflect.TypeOf(of), Tag: reflect.StructTag(`gorm:"` + tag + `"`)}
		}
		fields := []reflect.StructField{
			field("ID", int64(0), "primaryKey"),
			field("Name", "", fmt.Sprintf("size:64;not null;index:idx_name_%03d", i)),
			field("Email", "", fmt.Sprintf("size:254;not null;uniqueIndex:idx_email_%03d", i)),
			field("Active", false, "not null;default:true"),
			field("Score", 0.5, fmt.Sprintf("precision:10;scale:2;check:chk_%03d,score >= 0", i)),
			field("Bio", "", ""),
			field("Count", int32(0), "default:0"),
			field("OwnerID", int64(0), ""),
			field("Owner", Owner{}, "constraint:OnDelete:CASCADE"),
		}
		if edited && i == 250 {
			fields = append(fields, field("Phone", "", "size:32"))
		}
		list = append(list, models.Named{Table: fmt.Sprintf("table_%03d", i), Model: reflect.New(reflect.StructOf(fields)).Interface()})
	}
	return list
}

// BenchmarkMigrate measures db migrate after one edit among many models, from the command line to the file.
func BenchmarkMigrate(b *testing.B) {
	w := newStudio(b)
	w.built("aaaa", manyModels(false))
	w.env.Models = manyModels(true)
	b.ReportAllocs()
	for b.Loop() {
		w.want("Generating migrations/versions/bbbb_.go ...  done\n", "migrate", "--rev-id", "bbbb")
		if err := os.Remove(filepath.Join(w.env.versions(), "bbbb_.go")); err != nil {
			b.Fatal(err)
		}
	}
}
