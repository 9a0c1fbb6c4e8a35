package diff_test

func indexEdits() []edit {
	return append(addIndexEdits(), changeIndexEdits()...)
}

func addIndexEdits() []edit {
	return []edit{
		of("add index", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;index"`
			}
			return m(User{})
		}()),
		of("add unique index", func() []any {
			type User struct {
				Base
				Email string `gorm:"size:254;not null;uniqueIndex"`
			}
			return m(User{})
		}()),
		of("add composite index", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_who,priority:2"`
				Email string `gorm:"size:254;not null;index:idx_users_who,priority:1,sort:desc"`
			}
			return m(User{})
		}()),
		of("add partial index", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;index:idx_users_name,where:name <> '' AND active"`
			}
			return m(User{})
		}()),
		of("add expression index", func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;uniqueIndex:idx_users_lower_name,expression:lower(name)"`
			}
			return m(User{})
		}()),
		{name: "add index by method", old: plain(), rows: people(), only: "postgres", new: func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;index:idx_users_name,type:hash,option:WITH (fillfactor = 70)"`
			}
			return m(User{})
		}()},
		{name: "add index with collation", old: plain(), rows: people(), new: func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;index:idx_users_name,collate:\"C\""`
			}
			return m(User{})
		}(), on: "postgres"},
		{name: "drop index", new: plain(), rows: people(), old: func() []any {
			type User struct {
				Base
				Name string `gorm:"size:64;index:,where:name <> '';uniqueIndex:idx_again"`
			}
			return m(User{})
		}()},
	}
}

func changeIndexEdits() []edit {
	old := func() []any {
		type User struct {
			Base
			Name  string `gorm:"size:64;index:idx_users_who"`
			Email string `gorm:"size:254;not null;index:idx_users_who"`
		}
		return m(User{})
	}()
	change := func(name string, models []any) edit {
		return edit{name: name, old: old, new: models, rows: people()}
	}
	return []edit{
		change("change columns of index", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_who"`
				Email string `gorm:"size:254;not null;"`
				Age   int32  `gorm:"index:idx_users_who"`
			}
			return m(User{})
		}()),
		change("change order of index", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_who,priority:2"`
				Email string `gorm:"size:254;not null;index:idx_users_who,priority:1"`
			}
			return m(User{})
		}()),
		change("change sort of index", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_who"`
				Email string `gorm:"size:254;not null;index:idx_users_who,sort:desc"`
			}
			return m(User{})
		}()),
		change("make index unique", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;uniqueIndex:idx_users_who"`
				Email string `gorm:"size:254;not null;uniqueIndex:idx_users_who"`
			}
			return m(User{})
		}()),
		change("make index partial", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_who"`
				Email string `gorm:"size:254;not null;index:idx_users_who,where:email <> ''"`
			}
			return m(User{})
		}()),
		change("rename index undeclared", func() []any {
			type User struct {
				Base
				Name  string `gorm:"size:64;index:idx_users_name_email"`
				Email string `gorm:"size:254;not null;index:idx_users_name_email"`
			}
			return m(User{})
		}()),
	}
}
