package diff_test

import "guestlist/migrations/internal/diff"

func column(table, from, to string) diff.Rename {
	return diff.Rename{Kind: diff.Column, Table: table, From: from, To: to}
}

func table(from, to string) diff.Rename { return diff.Rename{Kind: diff.Table, From: from, To: to} }

func renameEdits() []edit {
	return []edit{
		renameColumn(), renameColumnUndeclared(), renameColumnWithAll(), renameAndAlter(), swapColumns(),
		renameForeignKeyColumn(), renameIndex(), renameConstraint(), renameInTypes(), renameInTypesAndAlter(),
		renameCaseInTypes(), renameInTypesUndeclared(),
	}
}

func persons() []string {
	return []string{`INSERT INTO people (nick, mail, age) VALUES ('ann', 'a@x', 41)`}
}

func renameColumn() edit {
	type Person struct {
		Nick, Mail string
		Age        int32
	}
	old := m(Person{})
	{
		type Person struct {
			Nick, Email string
			Age         int32
		}
		return edit{name: "rename column", keeps: `SELECT email FROM people`, answer: "a@x", old: old, new: m(Person{}),
			rows:    persons(),
			renames: []diff.Rename{column("people", "mail", "email")}}
	}
}

func renameColumnUndeclared() edit {
	e := renameColumn()
	e.name, e.renames, e.keeps = "rename column undeclared", nil, ""
	return e
}

// renameColumnWithAll renames a column that indexes and constraints of every kind use.
func renameColumnWithAll() edit {
	type Person struct {
		Nick string
		Mail string `gorm:"size:80;unique;index;check:length(mail) > 2;index:idx_lower,expression:lower(mail)"`
		Age  int32  `gorm:"index:idx_age,where:mail <> ''"`
	}
	old := m(Person{})
	{
		type Person struct {
			Nick  string
			Order string `gorm:"size:80;unique;index;check:length(\"order\") > 2;index:idx_lower,expression:lower(\"order\")"`
			Age   int32  `gorm:"index:idx_age,where:\"order\" <> ''"`
		}
		return edit{name: "rename column with index, unique and check", keeps: `SELECT "order" FROM people`, answer: "a@x",
			old: old, new: m(Person{}), rows: persons(),
			renames: []diff.Rename{column("people", "mail", "order")}}
	}
}

func renameAndAlter() edit {
	type Person struct {
		Nick, Mail string
		Age        int32
	}
	old := m(Person{})
	{
		type Person struct {
			Nick  string
			Email string `gorm:"size:80;not null;uniqueIndex"`
			Age   int32
		}
		return edit{name: "rename column and alter it", keeps: `SELECT email FROM people`, answer: "a@x", old: old,
			new: m(Person{}), rows: persons(),
			renames: []diff.Rename{column("people", "mail", "email")}}
	}
}

func swapColumns() edit {
	type Person struct {
		Nick string `gorm:"size:10"`
		Mail string `gorm:"size:20"`
		Age  int32
	}
	old := m(Person{})
	{
		type Person struct {
			Nick string `gorm:"size:20"`
			Mail string `gorm:"size:10"`
			Age  int32
		}
		return edit{name: "swap the names of columns", keeps: `SELECT nick, mail FROM people`, answer: "a@x | ann", old: old,
			new: m(Person{}), rows: persons(),
			renames: []diff.Rename{column("people", "mail", "nick"), column("people", "nick", "mail")}}
	}
}

func renameForeignKeyColumn() edit {
	type User struct{ Base }
	type Pet struct {
		ID     int64
		UserID int64 `gorm:"index"`
		User   User  `gorm:"constraint:OnDelete:CASCADE"`
	}
	e := edit{name: "rename column of foreign key", old: m(User{}, Pet{}),
		rows:    append(people(), `INSERT INTO pets (user_id) VALUES (1)`),
		renames: []diff.Rename{column("pets", "user_id", "owner_id")}}
	{
		type Pet struct {
			ID      int64
			OwnerID int64 `gorm:"index"`
			Owner   User  `gorm:"constraint:OnDelete:CASCADE"`
		}
		e.new = m(User{}, Pet{})
	}
	return e
}

func renameIndex() edit {
	type User struct {
		Base
		Name string `gorm:"size:64;index:idx_old,where:name <> ''"`
	}
	e := edit{name: "rename index", old: m(User{}), rows: people(),
		renames: []diff.Rename{{Kind: diff.Index, Table: "users", From: "idx_old", To: "idx_new"}}}
	{
		type User struct {
			Base
			Name string `gorm:"size:64;index:idx_new,where:name <> ''"`
		}
		e.new = m(User{})
	}
	return e
}

func renameConstraint() edit {
	type User struct {
		Base
		Name string `gorm:"size:64;check:chk_old,name <> ''"`
	}
	e := edit{name: "rename constraint", old: m(User{}), rows: people(),
		renames: []diff.Rename{{Kind: diff.Constraint, Table: "users", From: "chk_old", To: "chk_new"}}}
	{
		type User struct {
			Base
			Name string `gorm:"size:64;check:chk_new,name <> ''"`
		}
		e.new = m(User{})
	}
	return e
}

func tableRenameEdits() []edit {
	return []edit{renameTable(), renameTableUndeclared(), renameTableAndColumn()}
}

// renameTable renames a model that others reference, with everything named after it.
func renameTable() edit {
	type Tag struct {
		ID   int64
		Name string
	}
	type Car struct {
		ID     int64
		UserID int64
	}
	type User struct {
		ID     int64
		Email  string `gorm:"size:80;uniqueIndex;check:email <> ''"`
		Nick   string `gorm:"size:20;unique"`
		BossID *int64
		Boss   *User
		Tags   []Tag `gorm:"many2many:taggings"`
		Cars   []Car `gorm:"foreignKey:UserID"`
	}
	type Pet struct {
		ID      int64
		OwnerID int64
		Owner   User
	}
	old := m(User{}, Pet{}, Tag{}, Car{})
	{
		type Person struct {
			ID     int64
			Email  string `gorm:"size:80;uniqueIndex;check:email <> ''"`
			Nick   string `gorm:"size:20;unique"`
			BossID *int64
			Boss   *Person
			Tags   []Tag `gorm:"many2many:taggings"`
			Cars   []Car `gorm:"foreignKey:UserID"`
		}
		type Pet struct {
			ID      int64
			OwnerID int64
			Owner   Person
		}
		return edit{name: "rename table", keeps: `SELECT email, person_id, owner_id FROM people, taggings, pets`,
			answer: "a@x | 1 | 1", old: old, new: m(Person{}, Pet{}, Tag{}, Car{}),
			rows: []string{`INSERT INTO users (email, nick) VALUES ('a@x', 'ann')`, `INSERT INTO pets (owner_id) VALUES (1)`,
				`INSERT INTO tags (name) VALUES ('x')`, `INSERT INTO taggings (user_id, tag_id) VALUES (1, 1)`},
			renames: []diff.Rename{table("users", "people"), column("taggings", "user_id", "person_id")}}
	}
}

func renameTableUndeclared() edit {
	type User struct {
		ID   int64
		Name string
	}
	old := m(User{})
	{
		type Person struct {
			ID   int64
			Name string
		}
		return edit{name: "rename table undeclared", old: old, new: m(Person{}),
			rows: []string{`INSERT INTO users (name) VALUES ('x')`}}
	}
}

func renameTableAndColumn() edit {
	type User struct {
		ID   int64
		Name string `gorm:"index"`
	}
	old := m(User{})
	{
		type Person struct {
			ID       int64
			FullName string `gorm:"index;size:80"`
		}
		return edit{name: "rename table and column", keeps: `SELECT full_name FROM people`, answer: "x", old: old,
			new: m(Person{}), rows: []string{`INSERT INTO users (name) VALUES ('x')`},
			renames: []diff.Rename{table("users", "people"), column("users", "name", "full_name")}}
	}
}
