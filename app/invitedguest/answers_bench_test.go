package invitedguest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/app"
	"guestlist/app/apptest"
)

// answerers is the number of guests who answer at the same time.
const answerers = 8

// BenchmarkAnswers has the guests of one event answer with the codes in their mails, eight at the same time. To
// compare, it updates the same rows as often, each in its own transaction, on as many connections.
func BenchmarkAnswers(b *testing.B) {
	guests := 400
	if testing.Short() {
		guests = 16
	}
	a := newTestApp(b)
	codes := make([]string, guests)
	ids := map[string]int64{} // of the guests, by their codes
	for i := range codes {
		guest := a.invite(b, fmt.Sprintf("guest%d", i))
		codes[i] = code(b, a.Mails(b)[0])
		ids[codes[i]] = guest.GuestID
	}
	db := a.DB.Session(&gorm.Session{Logger: logger.Discard}) // the logger of tests keeps every query
	quiet := app.New(a.Config, db, app.WithClock(a.Clock.Now))
	var spent, spentOther time.Duration
	turn := 0
	for b.Loop() {
		status := []string{"accepted", "declined"}[turn%2]
		spent += concurrently(codes, func(code string) {
			request := apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitation",
				Body: map[string]any{"code": code, "status": status}}
			recorder := httptest.NewRecorder()
			quiet.ServeHTTP(recorder, request.HTTP(b))
			if recorder.Code != http.StatusOK {
				b.Errorf("got %d %s, want 200", recorder.Code, recorder.Body)
			}
		})
		spentOther += concurrently(codes, func(code string) {
			if err := db.Exec("UPDATE invited_guests SET comment = ? WHERE id = ?", status, ids[code]).Error; err != nil {
				b.Error(err)
			}
		})
		turn++
	}
	each := float64(turn * guests)
	b.ReportMetric(each/spent.Seconds(), "answers/s")
	b.ReportMetric(100*spentOther.Seconds()/spent.Seconds(), "%yardstick")
}

// concurrently calls do with each code, in as many goroutines as there are answerers, and returns how long it took.
func concurrently(codes []string, do func(code string)) time.Duration {
	begin := time.Now()
	var group sync.WaitGroup
	for n := range answerers {
		group.Go(func() {
			for i := n; i < len(codes); i += answerers {
				do(codes[i])
			}
		})
	}
	group.Wait()
	return time.Since(begin)
}
