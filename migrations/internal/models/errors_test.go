package models_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/models"
)

// panicking has a GormDBDataType that panics, because it uses a schema that the database does not have.
type panicking string

func (panicking) GormDBDataType(db *gorm.DB, _ *gormschema.Field) string {
	return db.Exec("SELECT 1").Statement.Schema.Table
}

// TestErrorsNameTheModelAndTheField checks that errors name the model and the field that cause them.
func TestErrorsNameTheModelAndTheField(t *testing.T) {
	t.Parallel()
	type Good struct {
		ID   int64
		Name string `gorm:"index:idx_name"`
	}
	for want, list := range map[string][]any{
		`model models_test.Bad, field Flag: the default "perhaps" is not a valid bool`: func() []any {
			type Bad struct {
				Flag bool `gorm:"default:perhaps"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad, field Count: the default "many" is not a valid int16`: func() []any {
			type Counts struct {
				Count int16 `gorm:"default:many"`
			}
			type Bad struct {
				Inner Counts `gorm:"embedded"`
			}
			return []any{&Bad{}}
		}(),
		`model models_test.Bad, field Tags: unknown serializer "yaml"`: func() []any {
			type Bad struct {
				Tags []string `gorm:"serializer:yaml"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad, field At: the default "10:30" depends on the current date`: func() []any {
			type Bad struct {
				At time.Time `gorm:"default:10:30"`
			}
			return []any{Bad{}}
		}(),
		"model models_test.Bad, field Text: index idx_bads_text: neither PostgreSQL nor " +
			"SQLite has an index of class FULLTEXT": func() []any {
			type Bad struct {
				Text string `gorm:"index:,class:FULLTEXT"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad, field Text: the composite option of the index has no name`: func() []any {
			type Bad struct {
				ID   int64
				Text string `gorm:"index:,composite:"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad, field Hidden: index idx_bads_hidden is on a field that is not a column`: func() []any {
			type Bad struct {
				ID     int64
				Hidden string `gorm:"-:migration;index"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad, field Good: foreign key fk_bads_good uses a field that is not a column`: func() []any {
			type Bad struct {
				ID     int64
				GoodID int64 `gorm:"-:migration"`
				Good   Good
			}
			return []any{Bad{}, Good{}}
		}(),
		"model models_test.Bad: foreign key fk_bads_good points at goods (name), which " +
			"is neither the primary key nor unique": func() []any {
			type Bad struct {
				ID       int64
				GoodName string
				Good     Good `gorm:"references:Name"`
			}
			return []any{Bad{}, Good{}}
		}(),
		`model models_test.Bad and model models_test.Good both have an index or unique constraint idx_name`: func() []any {
			type Bad struct {
				ID   int64
				Name string `gorm:"index:idx_name"`
			}
			return []any{Good{}, Bad{}}
		}(),
		`both have table goods`: func() []any {
			type Bad struct{ ID int64 }
			return []any{Good{}, models.Named{Table: "goods", Model: Bad{}}}
		}(),
		`model models_test.Bad: two check constraints have the same name`: func() []any {
			type Bad struct {
				A int64 `gorm:"check:chk,a > 0"`
				B int64 `gorm:"check:chk,b > 0"`
			}
			return []any{Bad{}}
		}(),
		`model models_test.Bad: two foreign keys are named fk`: func() []any {
			type Bad struct {
				ID    int64
				OneID int64
				One   Good `gorm:"constraint:fk,OnDelete:CASCADE"`
				TwoID int64
				Two   Good `gorm:"constraint:fk,OnDelete:CASCADE"`
			}
			return []any{Bad{}, Good{}}
		}(),
		`model models_test.Bad, field Type: GormDBDataType of models_test.panicking panics without a database`: func() []any {
			type Bad struct{ Type panicking }
			return []any{Bad{}}
		}(),
		`model models_test.Bad has no columns`: func() []any {
			type Bad struct {
				Hidden string `gorm:"-"`
			}
			return []any{Bad{}}
		}(),
		"model models_test.Bad, field Goods: model models_test.Link has the join table " +
			"links but no column bad_id": func() []any {
			type Link struct {
				ID     int64
				GoodID int64
			}
			type Bad struct {
				ID    int64
				Goods []Good `gorm:"many2many:links"`
			}
			return []any{Bad{}, Good{}, Link{}}
		}(),
		`share the join table links but differ in the constraint tag`: func() []any {
			type Bad struct {
				ID     int64
				Goods  []Good `gorm:"many2many:links;joinForeignKey:A;joinReferences:B;constraint:OnDelete:CASCADE"`
				Goods2 []Good `gorm:"many2many:links;joinForeignKey:A;joinReferences:B;constraint:OnDelete:SET NULL"`
			}
			return []any{Bad{}, Good{}}
		}(),
		`model models_test.Bad: the name ` + strings.Repeat("x", 64) + ` has 64 bytes`: func() []any {
			type Bad struct {
				ID   int64
				Name string `gorm:"index:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`
			}
			return []any{Bad{}}
		}(),
		`int is not a model: a model is a struct`:   {1},
		`it has no name, and so no table`:           {struct{ ID int64 }{}},
		`<nil> is not a model: a model is a struct`: {nil},
	} {
		_, err := models.Schema(list, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v\nwant one with %s", err, want)
		}
	}
}
