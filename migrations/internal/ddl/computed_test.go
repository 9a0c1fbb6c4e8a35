package ddl

import "guestlist/migrations/op"

// changeBase changes the type of a column from which others are computed, which have indexes, constraints, comments and
// foreign keys of their own, and the type of one of the computed columns.
func changeBase(m *op.Migration) {
	m.CreateTable("sums",
		op.Column("twice", op.Int(64)).Generated("a * 2").Comment("a and a"),
		op.Column("text", op.Text()).Generated("a + 1"),
		op.Column("a", op.Int(32)).NotNull().Default(3),
		op.Column("other", op.Int(64)),
		op.PrimaryKey("twice", "other"),
		op.Unique("uni_sums_twice", "twice"),
		op.Unique("uni_sums_both", "twice", "text"),
		op.Check("chk_sums_twice", "twice > a"),
		op.ForeignKey("fk_sums_other", "other").References("sums", "twice"),
	)
	m.CreateIndex("idx_sums_text", "sums", "text", "twice").Unique().Where("other > 1")
	m.CreateTable("parts", op.Column("twice", op.Int(64)),
		op.ForeignKey("fk_parts", "twice").References("sums", "twice").OnDelete("CASCADE"))
	m.AlterColumn("sums", "a").Type(op.Int(64))
	m.AlterColumn("sums", "text").Type(op.Int(32))
}
