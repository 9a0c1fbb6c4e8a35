package invitedguest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

// BenchmarkList reads pages of 50 at the start, in the middle and at the end of each list of an event, between the
// guests of another event with 100,000, whose addresses alternate with those of the event or (apart) all come first. A
// page is to take 50 ms at most. Run it with -benchtime 20x.
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
			benchmarkList(b, db, fmt.Sprint(guests, "/apart-", sort), listing{Sort: sort}, guests)
		}
	}
}

// benchmarkLists are the lists that are read, by name.
func benchmarkLists(someone int) map[string]listing {
	one, once := int64(1), fmt.Sprintf("-%d@example", someone)
	return map[string]listing{
		"id": {Sort: "id"}, "-id": {Sort: "-id"}, "email": {Sort: "email"}, "-email": {Sort: "-email"},
		"lastname": {Sort: "lastname"}, "-lastname": {Sort: "-lastname"},
		"status": {Sort: "id", Status: Invited}, "role": {Sort: "id", Role: "role3"}, "tag": {Sort: "id", TagID: &one},
		"status-email": {Sort: "email", Status: Invited}, "role-email": {Sort: "email", Role: "role3"},
		"tag-email": {Sort: "email", TagID: &one},
		"q":         {Sort: "id", Q: "lee7"}, "q-email": {Sort: "email", Q: "lee7"},
		"q-once": {Sort: "id", Q: once}, "q-once-email": {Sort: "email", Q: once},
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

// benchmarkPage reports the median and the fastest of the times too: they say more where others use the machine.
func benchmarkPage(b *testing.B, db *gorm.DB, request listing, after *position, want int) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		rows, err := list(b.Context(), db, request, after, 51)
		if err == nil {
			_, err = withTags(b.Context(), db, rows, "en")
		}
		if err != nil || len(rows) != want {
			b.Fatal(err, len(rows))
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(times[0].Microseconds())/1000, "ms-fastest")
}

// placeAt returns the place so far into the list.
func placeAt(b *testing.B, db *gorm.DB, request listing, n int) *position {
	b.Helper()
	if n == 0 {
		return nil
	}
	var row guestRow
	if err := listQuery(b.Context(), db, request, nil, 1).Offset(n - 1).Find(&row).Error; err != nil {
		b.Fatal(err)
	}
	after := row.position(request.Sort)
	return &after
}
