package diff_test

import (
	"time"

	"gorm.io/datatypes"
	"gorm.io/gorm"
)

// Address is embedded in models.
type Address struct {
	Street string `gorm:"size:80;index"`
	Zip    string `gorm:"size:10"`
}

func tableEdits() []edit {
	type (
		User struct {
			ID   int64
			Name string `gorm:"size:64;not null"`
		}
		Team struct {
			ID     int64
			Name   string `gorm:"size:64;uniqueIndex"`
			UserID int64  `gorm:"not null"`
			User   *User  `gorm:"constraint:OnDelete:CASCADE"`
		}
		Thing struct {
			UUID      datatypes.UUID `gorm:"type:uuid;primaryKey"`
			CreatedAt time.Time      `gorm:"precision:6;not null"`
			DeletedAt gorm.DeletedAt `gorm:"index"`
			Price     float64        `gorm:"precision:10;scale:2;not null;default:0;check:price >= 0"`
			Count     uint16         `gorm:"not null;default:1"`
			Title     string         `gorm:"size:80;not null;default:'un\"titled';comment:what it's called"`
			Tags      []string       `gorm:"serializer:json"`
			Details   datatypes.JSON `gorm:"not null"`
			Raw       []byte
			Kind      string  `gorm:"size:8;unique;index:idx_things_kind_title,unique,priority:1"`
			Home      Address `gorm:"embedded;embeddedPrefix:home_"`
			Slug      string  `gorm:"index:idx_things_kind_title,sort:desc,where:slug <> '';index:,expression:lower(slug)"`
			Skipped   string  `gorm:"-"`
			Hidden    string  `gorm:"-:migration"`
		}
		Code struct {
			Land   string `gorm:"primaryKey;size:2"`
			Number int32  `gorm:"primaryKey;autoIncrement:false"`
		}
	)
	rows := []string{`INSERT INTO users (name) VALUES ('ann'), ('bob')`,
		`INSERT INTO teams (name, user_id) VALUES ('a', 1)`}
	return []edit{
		{name: "create table", old: m(), new: m(User{})},
		{name: "create tables", old: m(), new: m(Team{}, User{})},
		{name: "create table of every sort of column", old: m(), new: m(Thing{})},
		{name: "create table with composite key", old: m(), new: m(Code{})},
		{name: "add table with foreign key", old: m(User{}), new: m(User{}, Team{}), rows: rows[:1]},
		{name: "drop table", old: m(User{}, Team{}), new: m(User{}), rows: rows},
		{name: "drop tables", old: m(User{}, Team{}), new: m(), rows: rows},
		{name: "replace table", old: m(User{}), new: m(Code{}), rows: rows[:1]},
		{name: "nothing", old: m(Thing{}, User{}, Team{}), new: m(Team{}, Thing{}, User{})},
		takeNameOfIndex(), takeNameOfDroppedIndex(),
	}
}

// takeNameOfIndex moves an index from one table to another under the same name.
func takeNameOfIndex() edit {
	type Alpha struct {
		ID   int64
		Name string
	}
	type Omega struct {
		ID   int64
		Name string `gorm:"uniqueIndex:idx_name"`
	}
	old := m(Alpha{}, Omega{})
	{
		type Alpha struct {
			ID   int64
			Name string `gorm:"uniqueIndex:idx_name"`
		}
		type Omega struct {
			ID   int64
			Name string
		}
		return edit{name: "move index to another table", old: old, new: m(Alpha{}, Omega{})}
	}
}

// takeNameOfDroppedIndex gives a new table an index with the name of one that is dropped with its table.
func takeNameOfDroppedIndex() edit {
	type User struct{ ID int64 }
	type Old struct {
		Key    string `gorm:"primaryKey;index:idx_key"`
		UserID int64
		User   User
	}
	type Link struct {
		Key    string `gorm:"primaryKey"`
		OldKey string
		Old    Old
	}
	type Fresh struct {
		ID  int64
		Key int64 `gorm:"index:idx_key"`
	}
	return edit{name: "take the name of a dropped table's index", old: m(User{}, Old{}, Link{}), new: m(User{}, Fresh{}),
		rows: []string{`INSERT INTO users DEFAULT VALUES`, `INSERT INTO olds VALUES ('k', 1)`,
			`INSERT INTO links VALUES ('l', 'k')`}}
}
