package diff_test

import "guestlist/migrations/internal/diff"

// clauses returns an edit of a model whose types mention columns.
func clauses() edit {
	type Person struct {
		Nick  string
		Mail  string `gorm:"type:text UNIQUE CHECK (mail <> 'mail')"`
		Age   int32  `gorm:"type:int CHECK (age > 0 AND length(mail) > 1)"`
		Twice int32  `gorm:"type:int GENERATED ALWAYS AS (age * 2) STORED"`
	}
	return edit{old: m(Person{}), rows: persons()}
}

func renameInTypes() edit {
	type Person struct {
		Nick  string
		Order string `gorm:"type:text UNIQUE CHECK (\"order\" <> 'mail')"`
		Years int32  `gorm:"type:int CHECK (years > 0 AND length(\"order\") > 1)"`
		Twice int32  `gorm:"type:int GENERATED ALWAYS AS (years * 2) STORED"`
	}
	e := clauses()
	e.name, e.new, e.keeps, e.answer = "rename columns in types", m(Person{}), `SELECT "order", years, twice FROM people`,
		"a@x | 41 | 82"
	e.renames = []diff.Rename{column("people", "mail", "order"), column("people", "age", "years")}
	return e
}

func renameInTypesAndAlter() edit {
	type Person struct {
		Nick  string
		Email string `gorm:"type:varchar(80) CHECK (length(email) > 1) CHECK (email <> 'mail');not null"`
		Years int64  `gorm:"type:bigint CHECK (years > 1) UNIQUE"`
		Twice int64  `gorm:"type:bigint GENERATED ALWAYS AS (years * 3) STORED"`
	}
	e := clauses()
	e.name, e.new, e.keeps, e.answer = "rename columns in types and alter them", m(Person{}),
		`SELECT email, years FROM people`, "a@x | 41"
	e.renames = []diff.Rename{column("people", "mail", "email"), column("people", "age", "years")}
	return e
}

func renameCaseInTypes() edit {
	type Person struct {
		Nick  string
		Mail  string `gorm:"column:Mail;type:text UNIQUE CHECK (\"Mail\" <> 'mail')"`
		Age   int32  `gorm:"column:AGE;type:int CHECK (\"AGE\" > 0 AND length(\"Mail\") > 1)"`
		Twice int32  `gorm:"type:int GENERATED ALWAYS AS (\"AGE\" * 2) STORED"`
	}
	e := clauses()
	e.name, e.new, e.keeps, e.answer = "rename columns in types by case", m(Person{}),
		`SELECT "Mail", "AGE", twice FROM people`, "a@x | 41 | 82"
	return e
}

func renameInTypesUndeclared() edit {
	e := renameInTypes()
	e.name, e.renames, e.keeps = "rename columns in types undeclared", nil, ""
	return e
}
