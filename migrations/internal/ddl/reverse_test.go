package ddl

import (
	"slices"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// described returns the operations as text.
func described(operations []op.Operation) []string {
	texts := make([]string, 0, len(operations))
	for _, o := range operations {
		texts = append(texts, o.String())
	}
	return texts
}

// TestAddColumnWithPrimaryKey checks that a column which a revision adds as the primary key becomes the key.
func TestAddColumnWithPrimaryKey(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("notes", op.Column("body", op.Text()))
	}))
	if err != nil {
		t.Fatal(err)
	}
	up := op.Record(func(m *op.Migration) {
		m.AddColumn("notes", op.Column("code", op.Text()).NotNull().PrimaryKey())
		m.AddColumn("notes", op.Column("size", op.Int(64)))
	})
	want := []string{"add column notes.code text not null", "add primary key on notes (code)",
		"add column notes.size int(64)"}
	if got := described(up); !slices.Equal(got, want) {
		t.Errorf("got the operations %q, want %q", got, want)
	}
	keys := map[schema.Dialect]string{
		schema.SQLite: "SELECT name FROM pragma_table_info('notes') WHERE pk > 0",
		schema.Postgres: "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)" +
			" WHERE indrelid = 'notes'::regclass AND indisprimary",
	}
	onEach(t, func(t *testing.T, s server) {
		db := s.open(t)
		db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) { m.CreateTable("notes", op.Column("body", op.Text())) }))
		after := db.must(t, before, up)
		notes, _ := after.Table("notes")
		if got, want := notes.PrimaryKey.Columns, []string{"code"}; !slices.Equal(got, want) {
			t.Errorf("got the key %q in the schema, want %q", got, want)
		}
		if got, want := db.Query(t, keys[s.Dialect]), []string{"code"}; !slices.Equal(got, want) {
			t.Errorf("got the key %q in the database, want %q", got, want)
		}
	})
}

// computedTables creates a computed column with a constraint and an index, which foreign keys of its own table and of
// another one reference.
func computedTables(m *op.Migration) {
	m.CreateTable("sums", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("a", op.Int(32)),
		op.Column("twice", op.Int(64)).Generated("a * 2"), op.Column("parent", op.Int(64)),
		op.Unique("uni_sums", "twice"), op.Check("chk_sums", "twice < 99"),
		op.ForeignKey("fk_sums", "parent").References("sums", "twice"))
	m.CreateIndex("idx_sums", "sums", "twice")
	m.CreateTable("parts", op.Column("twice", op.Int(64)),
		op.ForeignKey("fk_parts", "twice").References("sums", "twice").OnDelete("CASCADE"))
}

// TestReverseOfAComputedColumn checks that the reverse adds again all that was dropped with a computed column: its key,
// check and index, and the foreign keys of either table.
func TestReverseOfAComputedColumn(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(computedTables))
	if err != nil {
		t.Fatal(err)
	}
	c := change{
		up:    func(m *op.Migration) { m.AlterColumn("sums", "twice").Generated("") },
		loses: []string{"counter"}, // there are no numbered rows
	}
	down, err := op.ReverseAll(before, op.Record(c.up))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"drop foreign key fk_parts on parts",
		"drop column sums.twice",
		"add column sums.twice int(64) generated a * 2",
		"add unique uni_sums on sums (twice)",
		"add check chk_sums on sums (twice < 99)",
		"create index idx_sums on sums (twice)",
		"add foreign key fk_sums on sums (parent) references sums (twice)",
		"add foreign key fk_parts on parts (twice) references sums (twice)",
	}
	if got := described(down); !slices.Equal(got, want) {
		t.Errorf("got the reverse\n%q\nwant\n%q", got, want)
	}
	onEach(t, func(t *testing.T, s server) {
		db := s.open(t)
		db.must(t, schema.Schema{}, op.Record(computedTables))
		db.thereAndBack(t, before, c)
	})
}

// TestStatementsOfAComputedColumn checks that a type change drops and adds again the computed column and all that uses
// it, and the foreign keys that reference it.
func TestStatementsOfAComputedColumn(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(computedTables))
	if err != nil {
		t.Fatal(err)
	}
	for column, change := range map[string][]string{
		"a": {
			`ALTER TABLE "sums" ALTER COLUMN "a" TYPE bigint`,
			`ALTER TABLE "sums" ADD COLUMN "twice" bigint GENERATED ALWAYS AS (a * 2) STORED`,
		},
		"twice": {`ALTER TABLE "sums" ADD COLUMN "twice" boolean GENERATED ALWAYS AS (a * 2) STORED`},
	} {
		columnType := map[string]schema.Type{"a": op.Int(64), "twice": op.Bool()}[column]
		o := op.Record(func(m *op.Migration) { m.AlterColumn("sums", column).Type(columnType) })[0]
		statements, err := Statements(schema.Postgres, o, before)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, 0, len(statements))
		for _, s := range statements {
			got = append(got, s.SQL)
		}
		want := slices.Concat([]string{
			`ALTER TABLE "parts" DROP CONSTRAINT "fk_parts"`,
			`ALTER TABLE "sums" DROP CONSTRAINT "fk_sums"`,
			`ALTER TABLE "sums" DROP CONSTRAINT "chk_sums"`,
			`DROP INDEX "idx_sums"`,
			`ALTER TABLE "sums" DROP CONSTRAINT "uni_sums"`,
			`ALTER TABLE "sums" DROP COLUMN "twice"`,
		}, change, []string{
			`ALTER TABLE "sums" ADD CONSTRAINT "uni_sums" UNIQUE ("twice")`,
			`ALTER TABLE "sums" ADD CONSTRAINT "chk_sums" CHECK (twice < 99)`,
			`CREATE INDEX "idx_sums" ON "sums" ("twice")`,
			`ALTER TABLE "sums" ADD CONSTRAINT "fk_sums" FOREIGN KEY ("parent") REFERENCES "sums" ("twice")`,
			`ALTER TABLE "parts" ADD CONSTRAINT "fk_parts" FOREIGN KEY ("twice") REFERENCES "sums" ("twice") ON DELETE CASCADE`,
		})
		if !slices.Equal(got, want) {
			t.Errorf("type of %s: got\n%q\nwant\n%q", column, got, want)
		}
	}
}
