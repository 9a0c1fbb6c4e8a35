package diff_test

import (
	"time"

	"gorm.io/datatypes"
	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

func columnEdits() []edit {
	return append(addColumnEdits(), dropColumnEdits()...)
}

func addColumnEdits() []edit {
	add := []edit{
		of("add column", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32"`
			}
			return m(User{})
		}()),
		of("add column with index", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32;uniqueIndex"`
			}
			return m(User{})
		}()),
		of("add columns with defaults", func() []any {
			type User struct {
				Base
				Role  string  `gorm:"size:16;not null;default:guest"`
				Level int     `gorm:"not null;default:-3"`
				Rate  float64 `gorm:"not null;default:0.25"`
				Admin bool    `gorm:"not null;default:false"`
				Quote string  `gorm:"not null;default:it's \"\\\\\""`
				Empty string  `gorm:"not null;default:''"`
				Null  *string `gorm:"default:NULL"`
			}
			return m(User{})
		}()),
		of("add column with expression default", func() []any {
			type User struct {
				Base
				SeenAt time.Time `gorm:"not null;default:CURRENT_TIMESTAMP"`
			}
			return m(User{})
		}()),
		of("add times", func() []any {
			type User struct {
				Base
				CreatedAt time.Time
				UpdatedAt time.Time
				DeletedAt gorm.DeletedAt `gorm:"index"`
			}
			return m(User{})
		}()),
		of("add columns of types that differ by dialect", func() []any {
			type User struct {
				Base
				Settings datatypes.JSON
				Day      datatypes.Date
				Key      datatypes.UUID    `gorm:"type:uuid"`
				Labels   map[string]string `gorm:"serializer:json"`
			}
			return m(User{})
		}()),
		of("add column with comment", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32;comment:with country code, e.g. +49"`
			}
			return m(User{})
		}()),
		of("add embedded struct", func() []any {
			type User struct {
				Base
				Home Address `gorm:"embedded;embeddedPrefix:home_"`
			}
			return m(User{})
		}()),
		of("add generated column", func() []any {
			type User struct {
				Base
				Twice int64 `gorm:"generated:age * 2"`
				Line  int64 `gorm:"generated:identity"`
			}
			return m(User{})
		}()),
		of("add column with odd name", func() []any {
			type User struct {
				Base
				Order string `gorm:"column:The \"Order\";size:8;index:Odd Index"`
			}
			return m(User{})
		}()),
	}
	add = append(add, edit{name: "add column not null", old: plain(), new: func() []any {
		type User struct {
			Base
			Phone string `gorm:"size:32;not null"`
		}
		return m(User{})
	}()})
	return add
}

func dropColumnEdits() []edit {
	drop := func(name string, old []any) edit {
		return edit{name: name, old: old, new: plain(), rows: people()}
	}
	notNull := drop("drop column not null", func() []any {
		type User struct {
			Base
			Role string `gorm:"size:16;not null"`
		}
		return m(User{})
	}())
	notNull.rows, notNull.between = []string{
		`INSERT INTO users (email, role) VALUES ('a@x', 'host')`}, nobody()
	return []edit{
		notNull,
		drop("drop column", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32;not null;default:'';comment:dial"`
			}
			return m(User{})
		}()),
		drop("drop column with index", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32;index:idx_phone,where:phone <> '',sort:desc"`
			}
			return m(User{})
		}()),
		drop("drop column with unique and check", func() []any {
			type User struct {
				Base
				Phone string `gorm:"size:32;unique;check:phone <> 'x'"`
			}
			return m(User{})
		}()),
		drop("drop column with foreign key", func() []any {
			type User struct {
				Base
				TagName *string `gorm:"size:32"`
				Tag     *Tag
			}
			return m(User{}, Tag{})
		}()),
		changeGenerated(),
		stopGenerating(),
		dropKeyword(),
	}
}

// changeGenerated changes an expression, which drops and adds the column with its index.
func changeGenerated() edit {
	type User struct {
		Base
		Twice int64 `gorm:"generated:age * 2;index;unique"`
	}
	e := edit{name: "change generated column", old: m(User{}), rows: people()}
	{
		type User struct {
			Base
			Twice int64 `gorm:"generated:age * 3;index;unique"`
		}
		e.new = m(User{})
	}
	return e
}

// stopGenerating keeps the values of a column that is no longer computed. The downgrade drops and adds it, as
// PostgreSQL cannot make an existing column a computed one.
func stopGenerating() edit {
	type User struct {
		Base
		Twice int64 `gorm:"generated:age * 2;index;unique"`
	}
	e := edit{
		name: "stop computing a column", old: m(User{}), rows: people(), on: schema.Postgres,
		keeps: "SELECT name, twice FROM users", answer: "ann | 82\nbob | 84",
	}
	{
		type User struct {
			Base
			Twice int64 `gorm:"index;unique"`
		}
		e.new = m(User{})
	}
	return e
}

// dropKeyword drops a column whose name is a keyword in an index: the index stays.
func dropKeyword() edit {
	type User struct {
		Base
		Text string `gorm:"index:idx_text,expression:(CAST(age AS text))"`
	}
	e := edit{name: "drop column named like a keyword", old: m(User{}), rows: people()}
	{
		type User struct {
			Base
			Age int32 `gorm:"index:idx_text,expression:(CAST(age AS text))"`
		}
		e.new = m(User{})
	}
	return e
}
