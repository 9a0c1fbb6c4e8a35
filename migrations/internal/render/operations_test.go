package render_test

import (
	"math"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/optest"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
)

// everyOperation returns functions that record every operation with every option.
func everyOperation() []func(m *op.Migration) {
	return []func(m *op.Migration){tables, columns, alterations, indexes, constraints, statements, oddTexts}
}

func TestEveryOperationIsRendered(t *testing.T) {
	t.Parallel()
	all := []op.Operation{&op.Run{}} // see TestGoCodeIsNotRendered
	for _, record := range everyOperation() {
		all = append(all, op.Record(record)...)
	}
	if missing := optest.Missing(all); len(missing) > 0 {
		t.Errorf("no case covers %q", missing)
	}
}

func TestGoCodeIsNotRendered(t *testing.T) {
	t.Parallel()
	for _, o := range op.Record(func(m *op.Migration) {
		m.Run(func(*gorm.DB) error { return nil }).Named("fill in phones")
		m.Batches("users", 1, func(*gorm.DB, op.Batch) error { return nil })
	}) {
		steps := []render.Step{{Operation: o}}
		if text, err := render.File(render.Revision{ID: "a", Upgrade: steps}); err == nil {
			t.Errorf("got\n%s\nwant an error", text)
		}
	}
}

func tables(m *op.Migration) {
	m.CreateTable("teams",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(64)).NotNull().Default("x").Comment("its name"),
		op.Column("total", op.Int(32)).Generated("a + b"),
		op.Unique("uni", "name"),
		op.Unique("uni_2", "id", "name"),
		op.Check("chk", `name <> 'it''s "q"'`),
		op.ForeignKey("fk", "id").References("teams", "id"),
		op.ForeignKey("fk_with_a_very_long_name_that_takes_space", "id", "name").
			References("another_table_with_a_long_name", "id", "name").OnDelete("SET NULL").OnUpdate("CASCADE"),
		op.Check("chk_later", "id > 0").NotValid(),
		op.ForeignKey("fk_later", "id").References("teams", "id").NotValid(),
		op.Comment("who plays"),
	)
	m.CreateTable("pairs",
		op.Column("b", op.Int(64)),
		op.Column("a", op.Int(64)),
		op.PrimaryKey("a", "b").Named("pk_pairs"),
	)
	m.CreateTable("named", op.Column("a", op.Int(64)), op.PrimaryKey("a").Named("pk"))
	m.CreateTable("keyless", op.Column("a", op.Int(64)))
	m.DropTable("teams")
	m.RenameTable("pairs", "couples")
	m.CommentTable("couples", "it's\n\tthem")
	m.CommentTable("couples", "")
}

func columns(m *op.Migration) {
	m.AddColumn("t", op.Column("bool", op.Bool()).Default(true))
	m.AddColumn("t", op.Column("int", op.Int(8)).Default(-5))
	m.AddColumn("t", op.Column("uint", op.Uint(64)).Default(uint64(math.MaxUint64)))
	m.AddColumn("t", op.Column("float", op.Float(32)).Default(0.1))
	m.AddColumn("t", op.Column("large", op.Float(64)).Default(1e20))
	m.AddColumn("t", op.Column("small", op.Float(64)).Default(-1e-7))
	m.AddColumn("t", op.Column("decimal", op.Decimal(10, 2)).Default(1.5))
	m.AddColumn("t", op.Column("whole", op.Decimal(10, 0)))
	m.AddColumn("t", op.Column("text", op.Text()).Default(""))
	m.AddColumn("t", op.Column("null", op.Text()).Default(nil))
	m.AddColumn("t", op.Column("time", op.Time()).Default(op.Expr("now()")))
	m.AddColumn("t", op.Column("time3", op.Time(3)).NotNull().Default(
		op.ExprFor(op.Dialects{Postgres: "now()", SQLite: "CURRENT_TIMESTAMP"})))
	m.AddColumn("t", op.Column("bytes", op.Bytes()))
	m.AddColumn("t", op.Column("vector", op.Type("tsvector")))
	m.AddColumn("t", op.Column("doc", op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"})).NotNull())
	m.AddColumn("t", op.Column("only", op.TypeFor(op.Dialects{Postgres: "jsonb"})))
	m.AddColumn("t", op.Column("n", op.Int(64)).PrimaryKey().AutoIncrement().Generated("identity always"))
	m.DropColumn("t", "n")
	m.RenameColumn("t", "text", "words")
	m.CommentColumn("t", "words", `C:\path "q"`)
	m.CommentColumn("t", "words", "")
}

func alterations(m *op.Migration) {
	m.AlterColumn("t", "c").Type(op.Text())
	m.AlterColumn("t", "c").Type(op.Int(32)).Using("c::integer")
	m.AlterColumn("t", "c").Type(op.Int(32)).UsingFor(op.Dialects{Postgres: "c::integer", SQLite: "CAST(c AS integer)"})
	m.AlterColumn("t", "c").NotNull()
	m.AlterColumn("t", "c").Nullable()
	m.AlterColumn("t", "c").Default("x")
	m.AlterColumn("t", "c").Default(nil)
	m.AlterColumn("t", "c").NoDefault()
	m.AlterColumn("t", "c").AutoIncrement()
	m.AlterColumn("t", "c").NoAutoIncrement()
	m.AlterColumn("t", "c").Generated("identity")
	m.AlterColumn("t", "c").Generated("")
	m.AlterColumn("table_with_a_long_name", "column_with_a_long_name").Type(op.Decimal(10, 2)).NotNull().
		Default(op.Expr("some_function_with_a_long_name()")).NoAutoIncrement().Generated("")
}

func indexes(m *op.Migration) {
	m.CreateIndex("i", "t", "a")
	m.CreateIndex("i", "t", "a", "b").Unique()
	m.CreateIndex("i", "t").On(op.Asc("a"), op.Desc("b"), op.Asc("c").Order("DESC NULLS LAST"))
	m.CreateIndex("i", "t").On(op.Asc("a").Collate(`"C"`), op.Desc("b").Collate("NOCASE"), op.Expr("lower(c) DESC"))
	m.CreateIndex("i", "t", "a").Unique().Using("gin").With("WITH (fastupdate = off)").
		Where("a <> '' AND a_column_with_a_long_name IS NOT NULL").Concurrently()
	m.DropIndex("i", "t")
	m.DropIndex("i", "t").Concurrently()
	m.RenameIndex("i", "j", "t")
}

func constraints(m *op.Migration) {
	m.AddPrimaryKey("t", "a")
	m.AddPrimaryKey("t", "a", "b").Named("pk")
	m.AddPrimaryKey("t", "a").UsingIndex("i")
	m.DropPrimaryKey("t")
	m.AddUnique("u", "t", "a", "b")
	m.AddUnique("u", "t", "a").UsingIndex("i")
	m.DropUnique("u", "t")
	m.AddCheck("c", "t", "a > 0 AND b <> `x`")
	m.AddCheck("c", "t", "a > 0").NotValid()
	m.ValidateCheck("c", "t")
	m.DropCheck("c", "t")
	m.AddForeignKey("fk", "t", "a").References("u", "a")
	m.AddForeignKey("fk", "t", "a", "b").References("u", "a", "b").OnDelete("CASCADE").OnUpdate("SET DEFAULT")
	m.AddForeignKey("fk", "t", "a").References("u", "a").NotValid()
	m.ValidateForeignKey("fk", "t")
	m.DropForeignKey("fk", "t")
	m.RenameConstraint("a", "b", "t")
}

func statements(m *op.Migration) {
	m.SQL("UPDATE t SET a = 1")
	m.SQL("UPDATE t\n\tSET a = 'x'\n\tWHERE b = \"c\"").Undo("SELECT 1")
	m.SQLFor(op.Dialects{Postgres: "SELECT 1"}).UndoFor(op.Dialects{SQLite: "SELECT 2"})
	m.BatchesSQL("t", 1000, "UPDATE t\n\tSET a = 'x'\n\tWHERE {rows}")
	m.BatchesSQLFor("t(", 1, op.Dialects{Postgres: "UPDATE t SET a = 1 WHERE {rows}"})
	m.SQL("ALTER TABLE t ADD c int").Undo("ALTER TABLE t DROP c").Declares(func(m *op.Migration) {
		m.AddColumn("t", op.Column("c", op.Int(32)))
		m.CreateTable("x", op.Column("c", op.Int(32)).PrimaryKey())
		m.SQL("nested").Declares(func(m *op.Migration) { m.DropTable("x") })
	})
}

// oddTexts records operations with names and texts that a Go string has to escape.
func oddTexts(m *op.Migration) {
	for _, text := range []string{
		"", `"`, "`", "`\"\\", "\n", "a\nb\"", "\t\"", "\x00", "\xff", "\r\n", "%d %s {{ . }}", "*/ // /*", "größe ☃ \u202e",
		"\ufeff\"",
		strings.Repeat("long ", 40), strings.Repeat(`"`, 130),
	} {
		m.CreateTable(text, op.Column(text, op.Type(text)).Default(text).Comment(text).Generated(text),
			op.Check(text, text), op.Comment(text))
		m.CreateIndex(text, text, text).Where(text).Using(text).With(text)
		m.AddColumn(text, op.Column(text, op.Text()).Default(op.Expr(text)))
		m.SQL(text).Undo(text)
		m.DropColumn(text, text)
	}
}
