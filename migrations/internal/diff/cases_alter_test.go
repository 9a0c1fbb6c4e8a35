package diff_test

import (
	"time"

	"gorm.io/datatypes"
)

func alterEdits() []edit {
	return append(typeEdits(), otherTypeEdits()...)
}

func typeEdits() []edit {
	return []edit{
		of("widen string", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:128"`
			}
			return m(User{})
		}()),
		of("narrow string", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:16"`
			}
			return m(User{})
		}()),
		of("string to text", func() []any {
			type User struct {
				Base
				Name string
			}
			return m(User{})
		}()),
		of("text to string", func() []any {
			type User struct {
				Base
				Bio string `gorm:"size:200"`
			}
			return m(User{})
		}()),
		of("widen integer", func() []any {
			type User struct {
				Base
				Age int64
			}
			return m(User{})
		}()),
		of("narrow integer", func() []any {
			type User struct {
				Base
				Age int16
			}
			return m(User{})
		}()),
		of("same column type", func() []any {
			type User struct {
				Base
				Age uint16
			}
			return m(User{})
		}()),
		of("precision and scale", func() []any {
			type User struct {
				Base
				Score float64 `gorm:"precision:8;scale:3"`
			}
			return m(User{})
		}()),
		of("precision of times", func() []any {
			type User struct {
				Base
				Born time.Time `gorm:"precision:3"`
			}
			return m(User{})
		}()),
	}
}

func otherTypeEdits() []edit {
	return []edit{
		of("serial to identity", func() []any {
			type User struct {
				Base
				ID int64 `gorm:"generated:identity"`
			}
			return m(User{})
		}()),
		of("integer to string", func() []any {
			type User struct {
				Base
				Age string `gorm:"size:8"`
			}
			return m(User{})
		}()),
		of("text to json", func() []any {
			type User struct {
				Base
				Bio datatypes.JSON
			}
			return m(User{})
		}()),
		of("type by tag", func() []any {
			type User struct {
				Base
				Name string `gorm:"type:varchar(77)"`
			}
			return m(User{})
		}()),
		of("bool to integer", func() []any {
			type User struct {
				Base
				Active int32 `gorm:"default:1"`
			}
			return m(User{})
		}()),
		of("everything of a column", func() []any {
			type User struct {
				Base
				Age int64 `gorm:"not null;default:18;comment:in years"`
			}
			return m(User{})
		}()),
		{name: "type, not null and index at once", old: plain(), rows: people(), new: func() []any {
			type User struct {
				Base
				Name string `gorm:"size:100;not null;uniqueIndex"`
			}
			return m(User{})
		}()},
	}
}

func defaultEdits() []edit {
	return []edit{
		of("set not null", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;not null"`
			}
			return m(User{})
		}()),
		of("drop not null", func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254"`
			}
			return m(User{})
		}()),
		of("set default", func() []any {
			type User struct {
				Base
				Name string    `gorm:"size:64;default:nobody"`
				Born time.Time `gorm:"default:2000-01-01"`
			}
			return m(User{})
		}()),
		of("change default", func() []any {
			type User struct {
				Base
				Active bool `gorm:"default:false"`
			}
			return m(User{})
		}()),
		of("drop default", func() []any {
			type User struct {
				Base
				Active bool
			}
			return m(User{})
		}()),
		of("default null", func() []any {
			type User struct {
				Base
				Active bool `gorm:"default:null"`
			}
			return m(User{})
		}()),
		of("default expression", func() []any {
			type User struct {
				Base
				Born time.Time `gorm:"default:CURRENT_TIMESTAMP"`
			}
			return m(User{})
		}()),
		of("set comment", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;comment:what people call them"`
			}
			return m(User{})
		}()),
		changeComment(),
	}
}

func changeComment() edit {
	type User struct {
		Base
		Name  string `gorm:"size:64;comment:its name"`
		Email string `gorm:"size:254;not null;comment:where to write"`
	}
	e := edit{name: "change and drop comment", old: m(User{}), rows: people()}
	{
		type User struct {
			Base
			Name string `gorm:"size:64;comment:\"the\" name"`
		}
		e.new = m(User{})
	}
	return e
}
