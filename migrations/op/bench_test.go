package op_test

import (
	"fmt"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// createTables returns operations that create n tables of eight columns with two indexes and a foreign key to the first
// table.
func createTables(n int) []op.Operation {
	return op.Record(func(m *op.Migration) {
		for i := range n {
			name := fmt.Sprintf("table_%04d", i)
			m.CreateTable(name,
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(64)).NotNull(),
				op.Column("email", op.String(254)).NotNull(),
				op.Column("active", op.Bool()).NotNull().Default(true),
				op.Column("score", op.Decimal(10, 2)),
				op.Column("bio", op.Text()),
				op.Column("count", op.Int(32)).Default(0),
				op.Column("owner_id", op.Int(64)),
				op.Unique("uni_email_"+name, "email"),
				op.ForeignKey("fk_owner_"+name, "owner_id").References("table_0000", "id"),
			)
			m.CreateIndex("idx_name_"+name, name, "name")
			m.CreateIndex("idx_owner_"+name, name, "owner_id")
		}
	})
}

// changeTables returns the operations of n revisions, five changes each, spread over the tables.
func changeTables(n, tables int) []op.Operation {
	return op.Record(func(m *op.Migration) {
		for i := range n {
			name := fmt.Sprintf("table_%04d", i*7%tables)
			column := fmt.Sprintf("phone_%d", i)
			m.AddColumn(name, op.Column(column, op.String(32)))
			m.CreateIndex("idx_"+column, name, column)
			m.AlterColumn(name, column).NotNull()
			m.RenameColumn(name, column, "new_"+column)
			m.DropColumn(name, "new_"+column)
		}
	})
}

// BenchmarkReplay replays 200 revisions on a schema of 500, 1,000 and 2,000 tables.
func BenchmarkReplay(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			before, err := op.ApplyAll(schema.Schema{}, createTables(n))
			if err != nil {
				b.Fatal(err)
			}
			operations := changeTables(200, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op.ApplyAll(before, operations); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCreate replays a revision that creates 500, 1,000 and 2,000 tables.
func BenchmarkCreate(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			operations := createTables(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op.ApplyAll(schema.Schema{}, operations); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
