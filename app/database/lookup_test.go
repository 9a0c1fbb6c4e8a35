package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// thing has a column of every kind that a Lookup supports, and a name that needs quoting.
type thing struct {
	ID        int64  `gorm:"primaryKey"`
	Name      string `gorm:"column:na me;size:20;uniqueIndex"`
	Order     *string
	Good      bool
	Weight    float64
	Data      []byte
	Small     uint8
	Since     time.Time
	Until     *time.Time
	DeletedAt gorm.DeletedAt
}

func TestLookup(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if err := db.AutoMigrate(&thing{}); err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 2, 3, 12, 0, 0, 123000, time.UTC)
	order := "first"
	stored := []thing{
		{Name: "full", Order: &order, Good: true, Weight: 1.5, Data: []byte{0, 1}, Small: 255, Since: noon, Until: &noon},
		{Name: "empty", Since: noon},
		{Name: "deleted", DeletedAt: gorm.DeletedAt{Time: noon, Valid: true}},
	}
	if err := db.Create(&stored).Error; err != nil {
		t.Fatal(err)
	}
	byName, err := database.NewLookup[thing](db, "na me", database.LookupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, db := range map[string]*gorm.DB{"on the pool": db, "in a transaction": db.Begin()} {
		full, err := byName.Find(t.Context(), db, "full")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if full.Order == nil || full.Until == nil {
			t.Fatalf("%s: found %+v, want its order and its end", name, full)
		}
		if full.ID != stored[0].ID || full.Name != "full" || *full.Order != "first" || !full.Good || full.Weight != 1.5 ||
			string(full.Data) != "\x00\x01" || full.Small != 255 || !full.Since.Equal(noon) || !full.Until.Equal(noon) ||
			full.DeletedAt.Valid {
			t.Errorf("%s: found %+v, of the order %s until %v; want %+v, of %s until %v", name, full, *full.Order, full.Until,
				stored[0], order, noon)
		}
		empty, err := byName.Find(t.Context(), db, "empty")
		if err != nil || empty.Order != nil || empty.Until != nil || empty.Good || empty.Data != nil {
			t.Errorf("%s: found %+v, %v; want no order, end or data, nothing good, no error", name, empty, err)
		}
		for _, absent := range []string{"deleted", "nothing", "'; DROP TABLE things --"} {
			if found, err := byName.Find(t.Context(), db, absent); !errors.Is(err, database.ErrNoRow) {
				t.Errorf("%s: %s: found %+v, %v", name, absent, found, err)
			}
		}
		if _, inTransaction := db.Statement.ConnPool.(gorm.TxCommitter); inTransaction {
			db.Rollback()
		}
	}
}

func TestLookupOptions(t *testing.T) {
	t.Parallel()
	type secretive struct {
		ID     int64
		Name   string
		Weight int
		Hidden string `gorm:"->:false;<-"`
	}
	db := dbtest.New(t)
	if err := db.AutoMigrate(&secretive{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(&secretive{Name: "one", Weight: 5, Hidden: "canary"}).Error; err != nil {
		t.Fatal(err)
	}
	lookup, err := database.NewLookup[secretive](db, "id", database.LookupOptions{Where: "weight < $2 AND name <> $3",
		Omit: []string{"weight"}})
	if err != nil {
		t.Fatal(err)
	}
	want := secretive{ID: 1, Name: "one"}
	if found, err := lookup.Find(t.Context(), db, 1, 6, "two"); err != nil || *found != want {
		t.Errorf("found %+v, %v; want %+v, no error", found, err, want)
	}
	for _, values := range [][]any{{1, 5, "two"}, {1, 6, "one"}, {2, 6, "two"}} {
		if found, err := lookup.Find(t.Context(), db, values...); !errors.Is(err, database.ErrNoRow) {
			t.Errorf("%v: found %+v, %v", values, found, err)
		}
	}
}

func TestLookupRefuses(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := database.NewLookup[thing](db, "nothing", database.LookupOptions{}); err == nil {
		t.Error("a missing column is accepted")
	}
	type serialized struct {
		ID   int64
		List []string `gorm:"serializer:json"`
	}
	if _, err := database.NewLookup[serialized](db, "id", database.LookupOptions{}); err == nil {
		t.Error("a serializer is accepted")
	}
	byID, err := database.NewLookup[thing](db, "id", database.LookupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := byID.Find(t.Context(), db, 1); err == nil || errors.Is(err, database.ErrNoRow) {
		t.Errorf("without a table: got %v, want an error other than %q", err, database.ErrNoRow)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := byID.Find(ctx, db, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkLookup finds a row by its id with a Lookup, with GORM, and with a prepared statement of GORM.
func BenchmarkLookup(b *testing.B) {
	db := dbtest.New(b)
	if err := db.AutoMigrate(&thing{}); err != nil {
		b.Fatal(err)
	}
	if err := db.Create(&thing{Name: "one"}).Error; err != nil {
		b.Fatal(err)
	}
	byID, err := database.NewLookup[thing](db, "id", database.LookupOptions{})
	if err != nil {
		b.Fatal(err)
	}
	prepared := db.Session(&gorm.Session{PrepareStmt: true})
	for _, way := range []struct {
		name string
		find func(ctx context.Context) error
	}{
		{"lookup", func(ctx context.Context) error { _, err := byID.Find(ctx, db, 1); return err }},
		{"gorm", func(ctx context.Context) error { return db.WithContext(ctx).Where("id = ?", 1).Take(&thing{}).Error }},
		{"gorm prepared", func(ctx context.Context) error {
			return prepared.WithContext(ctx).Where("id = ?", 1).Take(&thing{}).Error
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			ctx, cancel := context.WithCancel(b.Context()) // cancellable, like the context of a request
			defer cancel()
			for b.Loop() {
				if err := way.find(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
