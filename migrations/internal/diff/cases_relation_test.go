package diff_test

func relationEdits() []edit {
	return []edit{
		createCircle(), dropCircle(), growCircle(), selfReference(), dropSelfReference(), hasOne(), polymorphic(),
		addManyToMany(), dropManyToMany(), selfByIndex(), byIndex(), changeManyToMany(), customJoinTable(), changeKeyType(),
	}
}

type author struct {
	ID         int64
	FavoriteID *int64
	Favorite   *book  `gorm:"foreignKey:FavoriteID"`
	Books      []book `gorm:"constraint:OnDelete:CASCADE"`
}

type book struct {
	ID       int64
	Title    string
	AuthorID int64 `gorm:"not null"`
	SequelID *int64
	Sequel   *book
}

func circleRows() []string {
	return []string{
		`INSERT INTO authors (favorite_id) VALUES (NULL), (NULL)`,
		`INSERT INTO books (title, author_id, sequel_id) VALUES ('one', 1, NULL), ('two', 1, 1)`,
		`UPDATE authors SET favorite_id = 2`,
	}
}

// createCircle creates tables that reference each other, which GORM cannot do on PostgreSQL.
func createCircle() edit {
	return edit{name: "create tables that point at each other", old: m(), new: m(author{}, book{}), only: "sqlite"}
}

func dropCircle() edit {
	return edit{name: "drop tables that point at each other", old: m(author{}, book{}), new: m(), rows: circleRows()}
}

func growCircle() edit {
	type Author struct{ ID int64 }
	old := m(Author{})
	{
		type Book struct {
			ID       int64
			AuthorID int64
			Writer   *author `gorm:"foreignKey:AuthorID"`
		}
		type Author struct {
			ID     int64
			BookID *int64
			Book   *Book `gorm:"foreignKey:BookID"`
		}
		return edit{name: "add table that is pointed at", only: "sqlite", old: old, new: m(Author{}, Book{}),
			rows: []string{`INSERT INTO authors DEFAULT VALUES`}}
	}
}

func selfReference() edit {
	type User struct {
		Base
		BossID *int64
		Boss   *User `gorm:"constraint:OnDelete:SET NULL"`
	}
	return of("add self reference", m(User{}))
}

// selfByIndex creates a table whose foreign key references a column that an index makes unique, which GORM cannot do on
// PostgreSQL, as it creates the index later.
func selfByIndex() edit {
	type Place struct {
		ID         int64
		Code       string `gorm:"size:8;uniqueIndex"`
		RegionCode *string
		Region     *Place `gorm:"foreignKey:RegionCode;references:Code"`
	}
	return edit{name: "create table that points at a unique index of its own", old: m(), new: m(Place{}), only: "sqlite"}
}

func byIndex() edit {
	type User struct {
		Base

		ID   int64  `gorm:"primaryKey;uniqueIndex:idx_users_id_name,priority:1"`
		Name string `gorm:"size:64;uniqueIndex:idx_users_id_name,priority:2"`
	}
	type Seat struct {
		ID       int64
		UserID   int64
		UserName string `gorm:"size:64"`
		User     *User  `gorm:"foreignKey:UserID,UserName;references:ID,Name;constraint:OnUpdate:CASCADE"`
	}
	return of("add table that points at a unique index", m(User{}, Seat{}))
}

func dropSelfReference() edit {
	type User struct {
		Base
		BossID *int64
		Boss   *User
	}
	return edit{name: "drop self reference", old: m(User{}), new: plain(),
		rows: append(people(), `UPDATE users SET boss_id = 1`)}
}

func hasOne() edit {
	type Badge struct {
		Number string `gorm:"primaryKey;size:12"`
		UserID int64  `gorm:"unique"`
	}
	type User struct {
		Base
		Badge *Badge `gorm:"constraint:OnUpdate:CASCADE,OnDelete:RESTRICT"`
	}
	return of("add has one", m(User{}, Badge{}))
}

func polymorphic() edit {
	type Photo struct {
		ID        int64
		OwnerID   int64  `gorm:"index:idx_owner"`
		OwnerType string `gorm:"size:20;index:idx_owner"`
	}
	type User struct {
		Base
		Photos []Photo `gorm:"polymorphic:Owner"`
	}
	return of("add polymorphic relation", m(User{}, Photo{}))
}

type Tag struct {
	Name string `gorm:"primaryKey;size:32"`
}

func addManyToMany() edit {
	type User struct {
		Base
		Tags []Tag `gorm:"many2many:user_tags"`
	}
	return of("add many to many", m(User{}, Tag{}))
}

func dropManyToMany() edit {
	type User struct {
		Base
		Tags []Tag `gorm:"many2many:user_tags"`
	}
	return edit{name: "drop many to many", old: m(User{}, Tag{}), new: append(plain(), Tag{}),
		rows: append(people(), `INSERT INTO tags VALUES ('x')`, `INSERT INTO user_tags (user_id, tag_name) VALUES (1, 'x')`)}
}

func changeManyToMany() edit {
	type User struct {
		Base
		Tags []Tag `gorm:"many2many:user_tags"`
	}
	e := edit{name: "change many to many", old: m(User{}, Tag{}),
		rows: append(people(), `INSERT INTO tags VALUES ('x')`, `INSERT INTO user_tags (user_id, tag_name) VALUES (1, 'x')`)}
	{
		type User struct {
			Base
			Tags []Tag `gorm:"many2many:user_tags;constraint:OnDelete:CASCADE"`
		}
		e.new = m(User{}, Tag{})
	}
	return e
}

func customJoinTable() edit {
	type User struct {
		Base
		Tags []Tag `gorm:"many2many:user_tags"`
	}
	type UserTag struct {
		UserID  int64  `gorm:"primaryKey;autoIncrement:false"`
		TagName string `gorm:"primaryKey;size:32"`
		Weight  int32  `gorm:"not null;default:1;index"`
		User    User
		Tag     Tag
	}
	return edit{name: "extend a join table", old: m(User{}, Tag{}), new: m(User{}, Tag{}, UserTag{}),
		rows: append(people(), `INSERT INTO tags VALUES ('x')`, `INSERT INTO user_tags (user_id, tag_name) VALUES (1, 'x')`)}
}

// changeKeyType changes a key and the foreign key to it from numbers to text.
func changeKeyType() edit {
	type User struct{ ID int64 }
	type Pet struct {
		ID     int64
		UserID int64
		User   User
	}
	old := m(User{}, Pet{})
	{
		type User struct {
			ID string `gorm:"size:20"`
		}
		type Pet struct {
			ID     int64
			UserID string `gorm:"size:20"`
			User   User
		}
		return edit{name: "change type of key and foreign key", old: old, new: m(User{}, Pet{}),
			rows: []string{`INSERT INTO users DEFAULT VALUES`, `INSERT INTO pets (user_id) VALUES (1)`}}
	}
}
