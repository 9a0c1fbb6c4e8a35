package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/schema"
)

// The models below have constraint tags that GORM does not read.

type droppedUser struct {
	ID     int64
	Orders []droppedOrder `gorm:"foreignKey:UserID"`
	Card   *droppedCard   `gorm:"foreignKey:UserID;constraint:OnDelete:SET NULL"`
}

type droppedOrder struct {
	ID     int64
	UserID int64
	User   droppedUser `gorm:"constraint:OnDelete:CASCADE"`
}

type droppedCard struct {
	ID     int64
	UserID *int64
	User   *droppedUser `gorm:"constraint:OnDelete:CASCADE,OnUpdate:CASCADE"`
}

type droppedNode struct {
	ID       int64
	ParentID *int64
	Parent   *droppedNode  `gorm:"constraint:OnDelete:CASCADE"`
	Children []droppedNode `gorm:"foreignKey:ParentID"`
}

type droppedOwner struct {
	ID   int64
	Pets []droppedPet `gorm:"foreignKey:OwnerID;constraint:-"`
}

type droppedPet struct {
	ID      int64
	OwnerID int64
	Owner   droppedOwner `gorm:"constraint:OnDelete:CASCADE"`
}

type droppedPicture struct {
	ID        int64
	OwnerID   int64
	OwnerType string
}

type droppedAlbum struct {
	ID       int64
	Pictures []droppedPicture `gorm:"polymorphic:Owner;constraint:OnDelete:CASCADE"`
}

type droppedColumn struct {
	ID      int64
	OwnerID int64 `gorm:"constraint:OnDelete:CASCADE"`
	Owner   droppedOwner
}

// The models below have constraint tags that GORM reads, on one side of the relation or on both.

type keptUser struct {
	ID     int64
	Orders []keptOrder `gorm:"foreignKey:UserID;constraint:OnDelete:CASCADE"`
	Notes  []keptNote  `gorm:"foreignKey:UserID;constraint:OnDelete:cascade"`
	Groups []keptGroup `gorm:"many2many:kept_members;constraint:OnDelete:CASCADE"`
}

type keptOrder struct {
	ID     int64
	UserID int64
	User   keptUser
}

type keptNote struct {
	ID     int64
	UserID int64
	User   keptUser `gorm:"constraint:OnDelete:CASCADE"`
	Single int64    `gorm:"check:single > 0"`
}

type keptGroup struct {
	ID      int64
	Users   []keptUser `gorm:"many2many:kept_members"`
	Boss    keptUser   `gorm:"constraint:OnDelete:SET NULL"`
	BossID  *int64
	Hidden  keptUser `gorm:"foreignKey:BossID;-:migration;constraint:OnDelete:CASCADE"`
	Nothing keptUser `gorm:"foreignKey:BossID;constraint:fk_nothing"`
}

func TestDroppedConstraintTags(t *testing.T) {
	t.Parallel()
	without := func(field, key, tag, other string) string {
		const text = "model models_test.dropped%s: GORM makes the foreign key %s without its constraint tag (%s)," +
			" as it reads the tag of the other side of the relation, model models_test.dropped%s: move the tag there"
		return fmt.Sprintf(text, field, key, tag, other)
	}
	none := func(field, columns string) string {
		return "model models_test.dropped" + field + ": GORM makes no foreign key for " + columns +
			", so its constraint tag has no effect"
	}
	for name, test := range map[string]struct {
		models []any
		want   []string
	}{
		"the other side says nothing, or something else": {[]any{droppedUser{}, droppedOrder{}, droppedCard{}}, []string{
			without("Card, field User", "fk_dropped_users_card", "OnDelete:CASCADE,OnUpdate:CASCADE", "User, field Card"),
			without("Order, field User", "fk_dropped_users_orders", "OnDelete:CASCADE", "User, field Orders"),
		}},
		"of a model to itself": {[]any{droppedNode{}}, []string{
			without("Node, field Parent", "fk_dropped_nodes_children", "OnDelete:CASCADE", "Node, field Children"),
		}},
		"the other side wants none": {[]any{droppedOwner{}, droppedPet{}}, []string{
			none("Pet, field Owner", "dropped_pets (owner_id)"),
		}},
		"polymorphic": {[]any{droppedAlbum{}, droppedPicture{}}, []string{
			none("Album, field Pictures", "dropped_pictures (owner_id)"),
		}},
		"on a column": {[]any{droppedColumn{}, droppedOwner{}}, []string{
			"model models_test.droppedColumn, field OwnerID: GORM does not read its constraint tag, as it is a column: " +
				"move the tag to the field of the relation",
		}},
		"kept": {[]any{keptUser{}, keptOrder{}, keptNote{}, keptGroup{}}, nil},
	} {
		_, got, err := models.Read(test.models, nil)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", name, err, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		_, got, err = models.Read(test.models, &gorm.Config{DisableForeignKeyConstraintWhenMigrating: true})
		if err != nil || len(got) > 0 && name != "on a column" {
			t.Errorf("%s, without foreign keys: got %q, %v; want nothing, no error", name, got, err)
		}
	}
}

// TestGORMDropsThoseTags checks that GORM creates the foreign keys that the warnings describe.
func TestGORMDropsThoseTags(t *testing.T) {
	t.Parallel()
	list := []any{&droppedUser{}, &droppedOrder{}, &droppedCard{}, &droppedNode{}, &droppedOwner{}, &droppedPet{},
		&droppedAlbum{}, &droppedPicture{}, &droppedColumn{}}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		theirs, ours := s.Open(t), s.Open(t)
		if err := theirs.AutoMigrate(list...); err != nil {
			t.Fatal(err)
		}
		ours.Must(t, schema.Schema{}, planned(t, 0, schema.Schema{}, schemaOf(t, list, nil)))
		if want, got := theirs.Catalogue(t), ours.Catalogue(t); want != got {
			t.Errorf("not what GORM creates:%s", difftest.Difference(want, got))
		}
	})
}
