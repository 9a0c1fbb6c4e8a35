package database_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// word is looked up by its text.
type word struct {
	ID   int64  `gorm:"primaryKey"`
	Text string `gorm:"size:20;not null;uniqueIndex"`
}

func TestWhereIn(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if err := db.AutoMigrate(&word{}); err != nil {
		t.Fatal(err)
	}
	words := []word{{Text: `a"b\`}, {Text: "<&>"}, {Text: "Zoë"}, {Text: "\u2028"}, {Text: "5"}}
	if err := db.Create(&words).Error; err != nil {
		t.Fatal(err)
	}
	var texts []string
	if err := database.WhereIn(db.Model(&word{}), "text", []string{"<&>", `a"b\`, "5", "\u2028", "zoë"}).Order("id").
		Pluck("text", &texts).Error; err != nil {
		t.Fatal(err)
	}
	if want := []string{`a"b\`, "<&>", "\u2028", "5"}; !slices.Equal(texts, want) {
		t.Errorf("got %q, want %q", texts, want)
	}
	var ids []int64
	want := []int64{words[2].ID}
	if err := database.WhereIn(db.Model(&word{}), "id", append(want, 1<<60)).Pluck("id", &ids).Error; err != nil ||
		!slices.Equal(ids, want) {
		t.Errorf("got %v, %v; want %v, no error", ids, err, want)
	}
	for _, none := range [][]int64{{}, nil} {
		var count int64
		if err := database.WhereIn(db.Model(&word{}), "id", none).Count(&count).Error; err != nil || count != 0 {
			t.Errorf("got %d rows for no values, %v; want %d, no error", count, err, 0)
		}
	}
}

// TestAmongPlan checks that the values are looked up in the index of a large table, whether or not the database knows
// how large it is. If the database believes that the table is as small as when it was analysed, it may read the table,
// but still reads the values only once.
func TestAmongPlan(t *testing.T) {
	t.Parallel()
	texts, ids := []string{}, []int64{}
	for i := range 5000 {
		texts, ids = append(texts, fmt.Sprint("w", 2*i)), append(ids, int64(2*i))
	}
	index := map[string]string{"text": "idx_words_text", "id": "INTEGER PRIMARY KEY"}
	if dbtest.Postgres() {
		index["id"] = "words_pkey"
	}
	const analyse = "ANALYZE"
	for state, steps := range map[string][]string{
		"never analysed":           {words(1, 100_000)},
		"analysed":                 {words(1, 100_000), analyse},
		"analysed with three rows": {words(1, 3), analyse, words(4, 100_000)},
	} {
		db := dbtest.New(t)
		if err := db.AutoMigrate(&word{}); err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if err := db.Exec(step).Error; err != nil {
				t.Fatal(err)
			}
		}
		dry := db.Session(&gorm.Session{DryRun: true})
		for column, query := range map[string]*gorm.DB{
			"text": database.WhereIn(dry.Model(&word{}), "text", texts).Order("id"),
			"id":   database.WhereIn(dry.Model(&word{}), "id", ids),
		} {
			got := dbtest.Plan(t, db, query.Find(&[]word{}))
			good := strings.Contains(got, index[column]) && !strings.Contains(got, "Seq Scan")
			small := len(steps) > 2 // as the database believes: it may read the table once, and the values once
			if dbtest.Postgres() {
				good = good || small && strings.Contains(got, "Hash Join")
			} else {
				good = (good || small) && strings.Contains(got, "LIST SUBQUERY 1\nSCAN json_each")
			}
			if !good {
				t.Errorf("%s, %s:\n%s", state, column, got)
			}
		}
	}
}

// words returns a statement that stores words with the numbers from first to last.
func words(first, last int) string {
	return fmt.Sprintf("INSERT INTO words (text) WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM "+
		"n WHERE i < %d) "+
		"SELECT 'w' || i FROM n", first, last)
}
