package loadtest

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/secrets"
	"guestlist/app/users"
)

// signingIn is the number of concurrent clients.
const signingIn = 16

// BenchmarkSignIn compares POST /api/v1/authenticate with the hashes that the processors can compute:
//
//	x-hashes    requests per second divided by hashes per second: the median over the rounds
//	ms-program  processor time of the program per request, where the system reports it
//	ms-hash     processor time of a hash alone
func BenchmarkSignIn(b *testing.B) {
	onEach(b, func(b *testing.B, db *gorm.DB, address string) {
		b.Helper()
		storeUsers(b, db)
		program, _ := startProgram(b, address)
		compareWithHashes(b, program, signIn(), http.StatusOK)
	})
}

// BenchmarkRegister measures POST /api/v1/user the same way.
func BenchmarkRegister(b *testing.B) {
	onEach(b, func(b *testing.B, _ *gorm.DB, address string) {
		b.Helper()
		program, _ := startProgram(b, address)
		var number atomic.Int64
		compareWithHashes(b, program, func() string {
			return post("/api/v1/user", fmt.Sprintf(`{"email":"new%d@example.org","password":"123456"}`, number.Add(1)))
		}, http.StatusCreated)
	})
}

// people is the number of accounts that storeUsers creates.
const people = 500

// storeUsers stores accounts with the password 123456.
func storeUsers(b *testing.B, db *gorm.DB) {
	b.Helper()
	hash, err := secrets.NewPasswords(1).Hash(context.Background(), netip.Prefix{}, "123456")
	if err != nil {
		b.Fatal(err)
	}
	all := make([]users.User, people)
	for i := range all {
		all[i] = users.User{Email: fmt.Sprintf("guest%d@example.org", i), PasswordHash: hash, PrimaryLanguage: "en"}
	}
	if err := db.CreateInBatches(all, 100).Error; err != nil {
		b.Fatal(err)
	}
}

// signIn returns a function that returns requests to sign in to one account after another.
func signIn() (next func() string) {
	var number atomic.Int64
	return func() string {
		return post("/api/v1/authenticate", fmt.Sprintf(`{"email":"guest%d@example.org","password":"123456"}`,
			number.Add(1)%people))
	}
}

func post(path, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		path, len(body), body)
}

// compareWithHashes measures the program and plain hashes on all processors, in turns.
func compareWithHashes(b *testing.B, program process, next func() string, status int) {
	b.Helper()
	l := newLoad(b, program, signingIn, next, status)
	each := 40
	if testing.Short() {
		each = 1
	}
	n := max(each*runtime.GOMAXPROCS(0), signingIn)
	l.forget()
	self := process{pid: os.Getpid()}
	var ratios []float64
	var hashing time.Duration
	b.ResetTimer()
	for range b.N {
		before := self.processorTime(b)
		perHash := apptest.HashTime(b, each)
		hashing += self.processorTime(b) - before
		l.turn(b, n)
		ratios = append(ratios, float64(n)*perHash.Seconds()/l.turns[len(l.turns)-1].Seconds())
	}
	b.StopTimer()
	slices.Sort(ratios)
	b.ReportMetric(0, "ns/op") // meaningless here
	b.ReportMetric(ratios[len(ratios)/2], "x-hashes")
	b.ReportMetric(l.worked.Seconds()*1000/float64(l.requests), "ms-program")
	b.ReportMetric(hashing.Seconds()*1000/float64(each*runtime.GOMAXPROCS(0)*b.N), "ms-hash")
}
