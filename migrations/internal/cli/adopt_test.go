package cli

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// habit has defaults in all the ways in which people write them.
type habit struct {
	ID      int64
	Plain   string    `gorm:"size:20;default:all"`
	Quoted  string    `gorm:"size:20;default:'all'"`
	Double  string    `gorm:"size:20;default:\"all\""`
	Empty   string    `gorm:"default:''"`
	Blank   string    `gorm:"default:\"\""`
	Null    *string   `gorm:"size:20;default:null"`
	NULL    *int      `gorm:"default:NULL"`
	None    *string   `gorm:"type:text;default:NULL"`
	Made    time.Time `gorm:"default:current_timestamp"`
	Changed time.Time `gorm:"default:CURRENT_TIMESTAMP"`
	Both    time.Time `gorm:"default:Current_Timestamp"`
	On      bool      `gorm:"default:TRUE"`
	Off     bool      `gorm:"not null;default:false"`
	One     bool      `gorm:"type:boolean;default:true"`
	Half    float64   `gorm:"default:1.50"`
	Minus   int       `gorm:"default:-1"`
	Price   float64   `gorm:"type:numeric(10,2);default:0.00"`
	Word    string    `gorm:"type:varchar(10);not null;default:it's"`
	Upper   string    `gorm:"default:'ALL';unique"`
	Sum     int       `gorm:"default:(1+2)"`
	Wide    int64     `gorm:"type:BIGINT;default:0"`
	JSON    string    `gorm:"type:text;default:'{}'"`
	Array   string    `gorm:"type:text;default:[]"`
}

// worded has tags that GORM takes word for word.
type worded struct {
	gorm.Model
	A       string    `gorm:"index:idx_a,sort:asc;size:20"`
	B       string    `gorm:"index:idx_a,sort:desc;type:VARCHAR ( 20 )"`
	C       string    `gorm:"index:idx_c,where:c <> 'X' AND (a IS NOT NULL);type:Text"`
	D       string    `gorm:"index:idx_d,expression:lower(d)"`
	E       time.Time `gorm:"default:'2020-01-02 03:04:05';type:timestamp"`
	F       time.Time `gorm:"default:2020-01-02 03:04:05"`
	G       []byte    `gorm:"default:'abc'"`
	H       bool      `gorm:"default:1"`
	J       int       `gorm:"default:007"`
	N       float32   `gorm:"default:1e3"`
	O       string    `gorm:"default:   padded  "`
	P       string    `gorm:"default:TRUE"`
	R       string    `gorm:"check:length(r) < 5;uniqueIndex:idx_r,class:UNIQUE"`
	S       string    `gorm:"default:a'b\"c"`
	T       string    `gorm:"default:(lower('X'))"`
	U       int       `gorm:"default:(abs(-3))"`
	OwnerID *int64
	Owner   *owner `gorm:"constraint:OnDelete:cascade,OnUpdate:set null"`
}

type owner struct {
	ID     int64  `gorm:"unique"`
	Name   string `gorm:"unique;default:x"`
	BossID *int64
	Boss   *owner
}

type coded struct {
	Code string `gorm:"primaryKey;unique;size:10"`
	Note string
}

type numbered struct {
	ID   uint `gorm:"primaryKey;unique"`
	Name string
}

type indexed struct {
	ID   uint   `gorm:"primaryKey;uniqueIndex"`
	Code string `gorm:"unique;uniqueIndex"`
}

type pair struct {
	A int64 `gorm:"primaryKey;autoIncrement:false;unique"`
	B int64 `gorm:"primaryKey;autoIncrement:false"`
}

type member struct {
	ID      int64
	Circles []circle `gorm:"many2many:circle_members"`
}

type circle struct {
	ID      int64
	Members []member `gorm:"many2many:circle_members"`
}

// adopted returns a project with a database that AutoMigrate made from the models, and a stamped revision for it.
func adopted(t *testing.T, models ...any) *testProject {
	t.Helper()
	w := newTestProject(t)
	if err := w.db.AutoMigrate(models...); err != nil {
		t.Fatal(err)
	}
	w.migrateAndCompile("a", models)
	w.want("", "stamp", "head")
	return w
}

func TestWhatAutoMigrateMadeIsNoDrift(t *testing.T) {
	t.Parallel()
	for name, models := range map[string][]any{
		"defaults":                  {&habit{}},
		"words":                     {&worded{}, &owner{}},
		"keys that are unique":      {&coded{}, &numbered{}, &indexed{}, &pair{}},
		"both sides of a join":      {&member{}, &circle{}},
		"both sides, the other way": {&circle{}, &member{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := adopted(t, models...)
			w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
			w.want("", "downgrade", "base", "--yes")
			w.want("", "upgrade")
			w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
		})
	}
}

// TestWhatAutoMigrateMadeChanges changes models whose tables AutoMigrate made.
func TestWhatAutoMigrateMadeChanges(t *testing.T) {
	t.Parallel()
	t.Run("a key is no longer unique", func(t *testing.T) {
		t.Parallel()
		type Coded struct {
			Code string `gorm:"primaryKey;size:10"`
			Note string
		}
		type Numbered struct {
			ID   uint
			Name string
		}
		w := adopted(t, &coded{}, &numbered{})
		if err := w.db.Create(&coded{Code: "a"}).Error; err != nil {
			t.Fatal(err)
		}
		w.migrateAndCompile("b", []any{&Coded{}, &Numbered{}})
		w.want("", "upgrade")
		w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
		if err := w.db.Create(&coded{Code: "a"}).Error; err == nil {
			t.Error("the primary key is gone")
		}
		w.want("", "downgrade", "--yes")
		if got := w.run("check", "--database"); !strings.HasPrefix(got, "No drift detected.\n") {
			t.Errorf("after the downgrade: %s", got)
		}
	})
	t.Run("a join table gets columns", func(t *testing.T) {
		t.Parallel()
		type CircleMember struct {
			MemberID int64  `gorm:"primaryKey"`
			CircleID int64  `gorm:"primaryKey"`
			Note     string `gorm:"default:x"`
		}
		for _, models := range [][]any{{&member{}, &circle{}}, {&circle{}, &member{}}} {
			w := adopted(t, models...)
			w.migrateAndCompile("b", append(models, &CircleMember{}))
			w.want("", "upgrade")
			w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
		}
	})
	t.Run("a join table is gone", func(t *testing.T) {
		t.Parallel()
		w := adopted(t, &member{}, &circle{})
		if err := w.db.Exec("DROP TABLE circle_members").Error; err != nil {
			t.Fatal(err)
		}
		const want = "table circle_members is missing\nError: "
		if got := w.run("check", "--database"); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want it to begin with %q", got, want)
		}
	})
	t.Run("a key moves", func(t *testing.T) {
		t.Parallel()
		type Coded struct {
			Code string `gorm:"unique;size:10"`
			Note string `gorm:"primaryKey"`
		}
		w := adopted(t, &coded{})
		w.migrateAndCompile("b", []any{&Coded{}})
		w.want("", "upgrade")
		w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	})
	t.Run("a default", func(t *testing.T) {
		t.Parallel()
		type Before struct {
			ID    int64
			State string `gorm:"default:all"`
		}
		w := adopted(t, &Before{})
		type After struct {
			ID    int64
			State string `gorm:"default:some"`
		}
		w.migrateAndCompile("b", []any{&After{}}, "befores=afters")
		w.want("", "upgrade")
		w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	})
}

// TestConstraintsWithoutNames checks that check finds constraints that a later revision could not change, as they lack
// their names.
func TestConstraintsWithoutNames(t *testing.T) {
	t.Parallel()
	type Team struct {
		ID int64
	}
	type Person struct {
		ID     int64
		Email  string `gorm:"unique"`
		Age    int64  `gorm:"check:chk_people_age,age > 0"`
		TeamID int64
		Team   Team
	}
	w := newTestProject(t)
	create := func(email, age, team string) {
		t.Helper()
		for _, statement := range []string{
			"DROP TABLE IF EXISTS people", "DROP TABLE IF EXISTS teams",
			"CREATE TABLE teams (id integer PRIMARY KEY AUTOINCREMENT)",
			"CREATE TABLE people (id integer PRIMARY KEY AUTOINCREMENT, email text" + email + ", age integer" + age +
				", team_id integer" + team + ")",
		} {
			if dbtest.Postgres() {
				statement = strings.ReplaceAll(strings.ReplaceAll(statement, "integer", "bigint"),
					"bigint PRIMARY KEY AUTOINCREMENT",
					"bigserial PRIMARY KEY")
			}
			if err := w.db.Exec(statement).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	w.migrateAndCompile("a", []any{&Team{}, &Person{}})
	w.want("", "stamp", "head")
	create(" CONSTRAINT uni_people_email UNIQUE", " CONSTRAINT chk_people_age CHECK (age > 0)",
		" CONSTRAINT fk_people_team REFERENCES teams (id)")
	const none = "No drift detected.\n"
	if got := w.run("check"); dbtest.Postgres() != strings.HasSuffix(got, none) {
		t.Errorf("named constraints of columns: got %s, want %q at the end: %t", got, none, dbtest.Postgres())
	}
	create(" UNIQUE", " CHECK (age > 0)", " REFERENCES teams (id)")
	want := `check of people: age > 0 is without a name of its own, not named chk_people_age
foreign key people (team_id) is to teams (id) on delete NO ACTION on update NO ACTION, ` +
		`without a name of its own, not to teams (id) on delete NO ACTION on update NO ACTION, named fk_people_team
unique constraint people (email) is without a name of its own, not named uni_people_email
Error: The database differs from its revisions: 3 differences
a revision finds a constraint by its name: rebuild the table with the names ` +
		`(CREATE TABLE ..., CONSTRAINT <name> ..., copy the rows, drop the old table and rename the new one); for the rest, `
	if dbtest.Postgres() {
		want = `constraint people.chk_people_age is missing
constraint people.fk_people_team is missing
constraint people.people_age_check is not in the history
constraint people.people_email_key is not in the history
constraint people.people_team_id_fkey is not in the history
constraint people.uni_people_email is missing
Error: The database differs from its revisions: 6 differences
a revision finds a constraint by its name: ` +
			`ALTER TABLE people RENAME CONSTRAINT people_age_check TO chk_people_age; for the rest, `
	}
	if got := w.run("check", "--database"); !strings.HasPrefix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
