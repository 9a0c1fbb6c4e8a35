package invitedguest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app/utils"

	"gorm.io/gorm"
)

// BenchmarkList reads pages of 50 at the start, in the middle and at the end of each list of an event. Another event
// has 100,000 guests, whose addresses alternate with those of the event or (apart) all come first. A page should take
// at most 50 ms. Run it with -benchtime 20x.
func BenchmarkList(b *testing.B) {
	sizes, others := []int{10_000, 100_000}, 100_000
	if testing.Short() {
		sizes, others = []int{2000}, 2000
	}
	for _, guests := range sizes {
		db := fill(b, guests, others, "guest")
		for name, request := range benchmarkLists(others/2 + guests/2) {
			benchmarkList(b, db, fmt.Sprint(guests, "/", name), request, guests)
		}
		db = fill(b, guests, others, "a")
		for _, sort := range []string{"email", "-email", "lastname"} {
			benchmarkList(b, db, fmt.Sprint(guests, "/apart-", sort), listing{ListQuery: sorted(sort)}, guests)
		}
	}
}

// benchmarkLists returns the lists to read, by name.
func benchmarkLists(someone int) map[string]listing {
	one, once := int64(1), fmt.Sprintf("-%d@example", someone)
	return map[string]listing{
		"id": {ListQuery: sorted("id")}, "-id": {ListQuery: sorted("-id")}, "email": {ListQuery: sorted("email")},
		"-email":   {ListQuery: sorted("-email")},
		"lastname": {ListQuery: sorted("lastname")}, "-lastname": {ListQuery: sorted("-lastname")},
		"status": {ListQuery: sorted("id"), Status: Invited}, "role": {ListQuery: sorted("id"), Role: "role3"},
		"tag":          {ListQuery: sorted("id"), TagID: &one},
		"status-email": {ListQuery: sorted("email"), Status: Invited},
		"role-email":   {ListQuery: sorted("email"), Role: "role3"},
		"tag-email":    {ListQuery: sorted("email"), TagID: &one},
		"q":            {ListQuery: sorted("id"), Q: "lee7"}, "q-email": {ListQuery: sorted("email"), Q: "lee7"},
		"q-once": {ListQuery: sorted("id"), Q: once}, "q-once-email": {ListQuery: sorted("email"), Q: once},
	}
}

func benchmarkList(b *testing.B, db *gorm.DB, name string, request listing, size int) {
	b.Helper()
	request.EventID = 1
	switch {
	case strings.HasSuffix(request.Q, "@example"):
		size = 1
	case request.Q != "":
		size /= 50
	case request.Status != "" || request.Role != "" || request.TagID != nil:
		size /= 10
	}
	for _, place := range []struct {
		name string
		n    int
	}{{"start", 0}, {"middle", size / 2}, {"end", size - 51}} {
		if place.name != "start" && size < 102 {
			continue
		}
		b.Run(name+"/"+place.name, func(b *testing.B) {
			benchmarkPage(b, db, request, placeAt(b, db, request, place.n), min(51, size))
		})
	}
}

// benchmarkPage also reports the median and the shortest time, which say more if other programs use the machine.
func benchmarkPage(b *testing.B, db *gorm.DB, request listing, after *utils.Position, want int) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		rows, err := listRows(b.Context(), db, request, utils.Page{Sort: request.Sort, After: after, Limit: 50})
		if err == nil {
			_, err = withTags(b.Context(), db, rows, "en")
		}
		if err != nil || len(rows) != want {
			b.Fatalf("got %d rows, %v; want %d", len(rows), err, want)
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(times[0].Microseconds())/1000, "ms-fastest")
}

// placeAt returns the position after the first n guests of the list.
func placeAt(b *testing.B, db *gorm.DB, request listing, n int) *utils.Position {
	b.Helper()
	if n == 0 {
		return nil
	}
	var row guestRow
	if err := listQuery(b.Context(), db, request, utils.Page{Sort: request.Sort}).Offset(n - 1).Find(&row).
		Error; err != nil {
		b.Fatal(err)
	}
	after := row.position(request.Sort)
	return &after
}
