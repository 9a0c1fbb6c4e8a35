package diff_test

func constraintEdits() []edit {
	return []edit{
		of("add unique", func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254;not null;unique"`
			}
			return m(User{})
		}()),
		of("add checks", func() []any {
			type User struct {
				Base
				Age  int32  `gorm:"check:age >= 0 AND age < 200"`
				Name string `gorm:"size:64;check:chk_users_named,name <> ''"`
			}
			return m(User{})
		}()),
		{name: "drop unique", new: plain(), rows: people(), old: func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254;not null;unique"`
			}
			return m(User{})
		}()},
		{name: "unique constraint to unique index", rows: people(), old: func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254;not null;unique"`
			}
			return m(User{})
		}(), new: func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254;not null;uniqueIndex"`
			}
			return m(User{})
		}()},
		changeChecks(),
		{name: "respell check", respelled: true, rows: people(), old: func() []any {
			type User struct {
				Base
				Age int32 `gorm:"check:age >= 0 AND age < 200"`
			}
			return m(User{})
		}(), new: func() []any {
			type User struct {
				Base
				Age int32 `gorm:"check:(age >= 0 and  age < 200)"`
			}
			return m(User{})
		}()},
	}
}

func changeChecks() edit {
	type User struct {
		Base
		Age  int32  `gorm:"check:age > 0"`
		Name string `gorm:"size:64;check:name <> ''"`
	}
	e := edit{name: "change and drop check", old: m(User{}), rows: people()}
	{
		type User struct {
			Base
			Age int32 `gorm:"check:age > 10"`
		}
		e.new = m(User{})
	}
	return e
}

func keyEdits() []edit {
	return []edit{
		addForeignKey(), changeForeignKey(), retargetForeignKey(), dropForeignKey(), pointAtUnique(),
		changePrimaryKey(), extendPrimaryKey(), dropPrimaryKey(), stopCounting(), renumber(),
	}
}

// addForeignKey adds a foreign key from pets to users.
func addForeignKey() edit {
	type User struct{ Base }
	type Pet struct {
		ID     int64
		UserID int64
	}
	e := edit{name: "add foreign key", old: m(User{}, Pet{}),
		rows: append(people(), `INSERT INTO pets (user_id) VALUES (1)`)}
	{
		type Pet struct {
			ID     int64
			UserID int64
			User   User `gorm:"constraint:OnUpdate:CASCADE,OnDelete:SET NULL"`
		}
		e.new = m(User{}, Pet{})
	}
	return e
}

func changeForeignKey() edit {
	type User struct{ Base }
	type Pet struct {
		ID     int64
		UserID int64
		User   User `gorm:"constraint:OnDelete:SET NULL"`
	}
	e := edit{name: "change actions of foreign key", old: m(User{}, Pet{}),
		rows: append(people(), `INSERT INTO pets (user_id) VALUES (1)`)}
	{
		type Pet struct {
			ID     int64
			UserID int64
			User   User `gorm:"constraint:OnDelete:CASCADE,OnUpdate:RESTRICT"`
		}
		e.new = m(User{}, Pet{})
	}
	return e
}

func retargetForeignKey() edit {
	type User struct{ Base }
	type Owner struct{ ID int64 }
	type Pet struct {
		ID     int64
		UserID int64
		Holder User `gorm:"foreignKey:UserID"`
	}
	e := edit{name: "change target of foreign key", old: m(User{}, Pet{}), rows: people()}
	{
		type Pet struct {
			ID     int64
			UserID int64
			Holder Owner `gorm:"foreignKey:UserID"`
		}
		e.new = m(User{}, Owner{}, Pet{})
	}
	return e
}

func dropForeignKey() edit {
	type User struct{ Base }
	type Pet struct {
		ID     int64
		UserID int64
		User   User
	}
	e := edit{name: "drop foreign key", old: m(User{}, Pet{}),
		rows: append(people(), `INSERT INTO pets (user_id) VALUES (1)`)}
	{
		type Pet struct {
			ID     int64
			UserID int64
			User   User `gorm:"constraint:-"`
		}
		e.new = m(User{}, Pet{})
	}
	return e
}

// pointAtUnique makes a column unique and references it in the same edit.
func pointAtUnique() edit {
	type User struct{ Base }
	type Pet struct {
		ID        int64
		UserEmail string `gorm:"size:254"`
	}
	e := edit{name: "point at a column that becomes unique", old: m(User{}, Pet{}),
		rows: append(people(), `INSERT INTO pets (user_email) VALUES ('a@x')`)}
	{
		type User struct {
			Base
			Email string `gorm:"size:254;not null;unique"`
		}
		type Pet struct {
			ID        int64
			UserEmail string `gorm:"size:254"`
			User      User   `gorm:"references:Email"`
		}
		e.new = m(User{}, Pet{})
	}
	return e
}

func changePrimaryKey() edit {
	type Land struct {
		ID   int64
		Code string `gorm:"size:2;not null"`
	}
	old := m(Land{})
	{
		type Land struct {
			Code string `gorm:"size:2;not null;primaryKey"`
		}
		return edit{name: "change primary key", old: old, new: m(Land{}),
			rows: []string{`INSERT INTO lands (code) VALUES ('de'), ('fr')`}}
	}
}

func extendPrimaryKey() edit {
	type Land struct {
		Code string `gorm:"size:2;primaryKey"`
		Lang string `gorm:"size:2;not null;default:de"`
	}
	old := m(Land{})
	{
		type Land struct {
			Code string `gorm:"size:2;primaryKey"`
			Lang string `gorm:"size:2;not null;default:de;primaryKey"`
		}
		return edit{name: "extend primary key", old: old, new: m(Land{}),
			rows: []string{`INSERT INTO lands (code) VALUES ('de'), ('fr')`}}
	}
}

func dropPrimaryKey() edit {
	type Land struct {
		Code string `gorm:"size:2;primaryKey"`
	}
	old := m(Land{})
	{
		type Land struct {
			Code string `gorm:"size:2"`
		}
		return edit{name: "drop primary key", old: old, new: m(Land{}),
			rows: []string{`INSERT INTO lands (code) VALUES ('de'), ('fr')`}}
	}
}

func stopCounting() edit {
	type Land struct{ ID int64 }
	old := m(Land{})
	{
		type Land struct {
			ID int64 `gorm:"autoIncrement:false"`
		}
		return edit{name: "stop counting", old: old, new: m(Land{}), rows: []string{`INSERT INTO lands DEFAULT VALUES`}}
	}
}

// renumber replaces the AUTOINCREMENT column by another.
func renumber() edit {
	type Land struct {
		ID   int64
		Name string
	}
	old := m(Land{})
	{
		type Land struct {
			Number int32 `gorm:"primaryKey"`
			Name   string
		}
		return edit{name: "replace counting key", old: old, new: m(Land{}),
			rows: []string{`INSERT INTO lands (name) VALUES ('x')`}}
	}
}
