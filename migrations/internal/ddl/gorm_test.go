package ddl

import (
	"testing"
	"time"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

type gormTeam struct {
	ID      uint
	Name    string     `gorm:"size:64;not null;comment:its name"`
	Members []gormUser `gorm:"constraint:OnDelete:SET NULL,OnUpdate:CASCADE"`
}

type gormUser struct {
	ID         int32
	Email      string `gorm:"size:254;not null;unique"`
	Nick       string `gorm:"default:NULL;index:idx_nick,where:nick <> '';index:idx_pair,sort:desc,priority:2"`
	Bio        string
	Age        uint8   `gorm:"check:chk_age,age < 200;index:idx_pair,priority:1"`
	Small      int16   `gorm:"default:-3"`
	Counter    uint64  `gorm:"not null;default:0"`
	Balance    float64 `gorm:"precision:12;scale:3"`
	Ratio      float32
	Active     bool      `gorm:"default:true"`
	Born       time.Time `gorm:"precision:3;default:CURRENT_TIMESTAMP"`
	Document   []byte
	Vector     string `gorm:"type:varchar(77);uniqueIndex"`
	GormTeamID *uint
	GormTeam   *gormTeam
}

type gormPair struct {
	Left  string `gorm:"primaryKey"`
	Right int64  `gorm:"primaryKey;autoIncrement:false"`
}

type gormCounted struct {
	Code   string `gorm:"primaryKey"`
	Number int16  `gorm:"autoIncrement"`
}

// asGORM creates the tables of the models above.
func asGORM(m *op.Migration) {
	m.CreateTable("gorm_teams",
		op.Column("id", op.Uint(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(64)).NotNull().Comment("its name"),
	)
	m.CreateTable("gorm_users",
		op.Column("id", op.Int(32)).PrimaryKey().AutoIncrement(),
		op.Column("email", op.String(254)).NotNull(),
		op.Column("nick", op.Text()).Default(nil),
		op.Column("bio", op.Text()),
		op.Column("age", op.Uint(8)),
		op.Column("small", op.Int(16)).Default(-3),
		op.Column("counter", op.Uint(64)).NotNull().Default(0),
		op.Column("balance", op.Decimal(12, 3)),
		op.Column("ratio", op.Float(32)),
		op.Column("active", op.Bool()).Default(true),
		op.Column("born", op.Time(3)).Default(op.Expr("CURRENT_TIMESTAMP")),
		op.Column("document", op.Bytes()),
		op.Column("vector", op.Type("varchar(77)")),
		op.Column("gorm_team_id", op.Uint(64)),
		op.Unique("uni_gorm_users_email", "email"),
		op.Check("chk_age", "age < 200"),
		op.ForeignKey("fk_gorm_teams_members", "gorm_team_id").References("gorm_teams", "id").
			OnDelete("SET NULL").OnUpdate("CASCADE"),
	)
	m.CreateIndex("idx_nick", "gorm_users", "nick").Where("nick <> ''")
	m.CreateIndex("idx_pair", "gorm_users").On(op.Asc("age"), op.Desc("nick"))
	m.CreateIndex("idx_gorm_users_vector", "gorm_users", "vector").Unique()
	m.CreateTable("gorm_pairs",
		op.Column("left", op.Text()),
		op.Column("right", op.Int(64)),
		op.PrimaryKey("left", "right"),
	)
	m.CreateTable("gorm_counteds",
		op.Column("code", op.Text()).PrimaryKey(),
		op.Column("number", op.Int(16)).AutoIncrement(),
	)
}

func TestTablesAreWhatGORMCreates(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		theirs, ours := s.open(t), s.open(t)
		if err := theirs.AutoMigrate(&gormTeam{}, &gormUser{}, &gormPair{}, &gormCounted{}); err != nil {
			t.Fatal(err)
		}
		ours.must(t, schema.Schema{}, op.Record(asGORM))
		if want, got := theirs.Catalogue(t), ours.Catalogue(t); got != want {
			t.Errorf("not what AutoMigrate creates:%s", catalogue.Difference(want, got))
		}
	})
}
