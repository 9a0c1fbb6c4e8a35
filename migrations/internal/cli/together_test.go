package cli_test

import (
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// TestEightDowngradesAtOnce runs eight downgrades at the same time. Each counts the rows to be lost while others drop
// them.
func TestEightDowngradesAtOnce(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]string{"usual": "", "plain SQLite": "?"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.URL(t)
			if options != "" {
				address = dbtest.SQLiteURL(t) + options
			}
			first := dbtest.Open(t, address)
			scratches := make([]*scratch, 8)
			for i := range scratches {
				db := first
				if i > 0 {
					db = dbtest.Open(t, address)
				}
				scratches[i] = twelve(t, db)
			}
			if _, err := scratches[0].run("upgrade"); err != nil {
				t.Fatal(err)
			}
			for i := range 12 {
				if err := first.Exec(fmt.Sprintf("INSERT INTO tr%02d (id) VALUES (1)", i)).Error; err != nil {
					t.Fatal(err)
				}
			}
			var group sync.WaitGroup
			for _, s := range scratches {
				group.Go(func() {
					if _, err := s.run("downgrade", "--yes", "base"); err != nil {
						t.Errorf("%v\n%s", err, s.log.String())
					}
				})
			}
			group.Wait()
			scratches[0].want("", "current")
		})
	}
}

// twelve returns a project of twelve revisions, one after the other.
func twelve(t *testing.T, db *gorm.DB) *scratch {
	t.Helper()
	s := newScratch(t, db)
	s.add("r00", "first")
	for i := 1; i < 12; i++ {
		s.add(fmt.Sprintf("r%02d", i), "next", fmt.Sprintf("r%02d", i-1))
	}
	return s
}
