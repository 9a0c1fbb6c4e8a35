package models_test

import (
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/schema"
)

type sharedFirm struct {
	ID     int64
	Guests []SharedGuest `gorm:"foreignKey:FirmID"`
}

// SharedBase is embedded in models. It is exported because GORM skips unexported embedded structs.
type SharedBase struct {
	ID     int64
	Name   string `gorm:"size:50;not null;index"`
	Email  string `gorm:"size:80;unique;check:email <> ''"`
	FirmID *int64
	Firm   *sharedFirm
}

// SharedGuest is a model, and embedded in another.
type SharedGuest struct {
	SharedBase

	Seat int `gorm:"index:idx_seat_first"`
}

// TableName implements schema.Tabler.
func (SharedGuest) TableName() string { return "shared_people" }

type sharedHost struct {
	SharedBase

	Phone string `gorm:"size:20;index;check:chk_phone,phone <> 'none'"`
	Size  int64  `gorm:"not null;default:1"`
}

// TableName implements schema.Tabler.
func (sharedHost) TableName() string { return "shared_people" }

// sharedVIP embeds a whole model.
type sharedVIP struct {
	SharedGuest

	Title string
}

// TableName implements schema.Tabler.
func (sharedVIP) TableName() string { return "shared_people" }

// TestModelsThatShareATable checks that models of one table are merged as if AutoMigrate ran for one after the other.
func TestModelsThatShareATable(t *testing.T) {
	t.Parallel()
	list := []any{&sharedFirm{}, &SharedGuest{}, &sharedHost{}, &sharedVIP{}}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		theirs, ours := s.Open(t), s.Open(t)
		for _, model := range list {
			if err := theirs.AutoMigrate(model); err != nil {
				t.Fatal(err)
			}
		}
		want := schemaOf(t, list, nil)
		ours.Must(t, schema.Schema{}, planned(t, 0, schema.Schema{}, want))
		if want, got := theirs.Catalogue(t), ours.Catalogue(t); want != got {
			t.Errorf("not what GORM creates:%s", difftest.Difference(want, got))
		}
		if !schema.Equal(want, schemaOf(t, reversed(list), nil)) {
			t.Error("another order of the models gives another schema")
		}
	})
}

func TestModelsThatMayNotShareATable(t *testing.T) {
	t.Parallel()
	type Base struct{ ID int64 }
	type plain struct {
		gorm.Model
		Name string
	}
	type other struct {
		gorm.Model
		Phone string
	}
	type first struct {
		Base
		Name string `gorm:"size:10"`
	}
	type second struct {
		Base
		Name string `gorm:"size:20"`
	}
	type third struct {
		Base
		Name string `gorm:"size:10;index:idx_name,unique"`
	}
	type fourth struct {
		Base
		Name string `gorm:"size:10;index:idx_name"`
	}
	for want, list := range map[string][]any{
		"both have table people: rename one, or embed the shared struct in both": {plain{}, other{}},
		"but differ in column name: make it the same in both":                    {first{}, second{}},
		"but differ in index idx_name: make it the same in both":                 {third{}, fourth{}},
	} {
		for i, model := range list {
			list[i] = models.Named{Table: "people", Model: model}
		}
		_, err := models.Schema(list, nil)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "model models_test.") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// The models below are those of join tables.

type joinPerson struct {
	ID        int64
	Groups    []joinGroup  `gorm:"many2many:join_members;joinForeignKey:PersonID;joinReferences:GroupID"`
	Followers []joinPerson `gorm:"many2many:join_follows;joinForeignKey:FollowedID;joinReferences:FollowerID"`
	Following []joinPerson `gorm:"many2many:join_follows;joinForeignKey:FollowerID;joinReferences:FollowedID"`
}

type joinGroup struct {
	ID     int64
	People []joinPerson `gorm:"many2many:join_members;joinForeignKey:GroupID;joinReferences:PersonID"`
}

type joinMember struct {
	PersonID int64      `gorm:"primaryKey"`
	GroupID  int64      `gorm:"primaryKey"`
	Member   joinPerson `gorm:"foreignKey:PersonID;constraint:OnDelete:CASCADE"`
	Role     string
}

type joinFollow struct {
	FollowedID int64 `gorm:"primaryKey"`
	FollowerID int64 `gorm:"primaryKey"`
	Since      string
}

// TestJoinModelHasOneKeyForAColumn checks that a join table has one foreign key for each column, although GORM creates
// one for each name that a side has.
func TestJoinModelHasOneKeyForAColumn(t *testing.T) {
	t.Parallel()
	s := schemaOf(t, []any{joinPerson{}, joinGroup{}, joinMember{}, joinFollow{}}, nil)
	for table, want := range map[string][]string{
		"join_members": {"fk_join_members_join_group group_id", "fk_join_members_member person_id CASCADE"},
		"join_follows": {"fk_join_follows_followers follower_id", "fk_join_follows_join_person followed_id"},
	} {
		made, _ := s.Table(table)
		var got []string
		for _, k := range made.ForeignKeys {
			got = append(got, strings.TrimSpace(k.Name+" "+strings.Join(k.Columns, ",")+" "+k.OnDelete))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got keys %q, want %q", table, got, want)
		}
	}
	difftest.Each(t, func(t *testing.T, server *difftest.Server) {
		server.Open(t).Must(t, schema.Schema{}, planned(t, 0, schema.Schema{}, s))
	})
}

type joinTag struct{ ID int64 }

type joinPost struct {
	ID   int64
	Tags []joinTag `gorm:"many2many:join_post_tags"`
}

type joinPostTag struct {
	JoinPostID int64 `gorm:"primaryKey"`
	JoinTagID  int64 `gorm:"primaryKey"`
	Position   int
}

type joinNote struct {
	ID   int64
	Tags []joinTag `gorm:"many2many:join_note_tags"`
}

// joinLabelling has a name unrelated to that of the relation.
type joinLabelling struct {
	JoinNoteID int64 `gorm:"primaryKey"`
	JoinTagID  int64 `gorm:"primaryKey"`
	Position   int
}

// TestJoinModelOfAnotherTable checks models that a program gives to SetupJoinTable, and whose tables have names other
// than the relation asks for.
func TestJoinModelOfAnotherTable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		owner, model any
		config       gorm.Config
	}{
		"singular tables": {&joinPost{}, &joinPostTag{}, naming(gormschema.NamingStrategy{SingularTable: true})},
		"with a prefix": {&joinPost{}, &joinPostTag{},
			naming(gormschema.NamingStrategy{SingularTable: true, TablePrefix: "x_"})},
		"another name":      {&joinNote{}, &joinLabelling{}, gorm.Config{}},
		"a name of its own": {&joinPost{}, &joinPostTag{}, naming(shouting{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			difftest.Each(t, func(t *testing.T, s *difftest.Server) {
				theirs, ours := s.Open(t), s.Open(t)
				theirs.NamingStrategy = test.config.NamingStrategy
				if theirs.NamingStrategy == nil {
					theirs.NamingStrategy = gormschema.NamingStrategy{IdentifierMaxLength: schema.MaxName}
				}
				if err := theirs.SetupJoinTable(test.owner, "Tags", test.model); err != nil {
					t.Fatal(err)
				}
				list := []any{&joinTag{}, test.owner, test.model}
				if err := theirs.AutoMigrate(list...); err != nil {
					t.Fatal(err)
				}
				ours.Must(t, schema.Schema{}, planned(t, 0, schema.Schema{}, schemaOf(t, list, &test.config)))
				if want, got := theirs.Catalogue(t), ours.Catalogue(t); want != got {
					t.Errorf("not what GORM creates:%s", difftest.Difference(want, got))
				}
			})
		})
	}
}

type joinRivals struct {
	ID    int64
	Homes []joinTag `gorm:"many2many:rival_homes"`
	Works []joinTag `gorm:"many2many:rival_works"`
}

type joinResidence struct {
	JoinRivalsID int64 `gorm:"primaryKey"`
	JoinTagID    int64 `gorm:"primaryKey"`
}

// TestNoJoinModelIsGuessed checks that a model is not taken for a join model if two relations could use it.
func TestNoJoinModelIsGuessed(t *testing.T) {
	t.Parallel()
	s := schemaOf(t, []any{joinTag{}, joinRivals{}, joinResidence{}}, nil)
	for _, table := range []string{"rival_homes", "rival_works", "join_residences"} {
		if _, ok := s.Table(table); !ok {
			t.Errorf("got no table %s, want one", table)
		}
	}
}
