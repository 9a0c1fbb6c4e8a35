package users_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/secrets"
)

// The benchmarks send HTTP requests over loopback on as many connections as there are clients, to the API and to a
// yardstick in turns, so that a busy machine slows down both:
//
//	%yardstick      throughput as a share of the yardstick's
//	allocations/op  of the whole process, including the client, which adds about one
const (
	clients = 8
	turn    = 400 // requests in a turn
)

// BenchmarkRead measures GET /api/v1/user with a valid token. The yardstick is a net/http handler that reads the same
// row with a prepared statement and writes it as JSON, without authentication, limits, request ids or a log.
func BenchmarkRead(b *testing.B) {
	api, db := benchmarkAPI(b)
	token := registerForBenchmark(b, api)
	request := fmt.Sprintf("GET /api/v1/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", token)
	compare(b, api, request, http.StatusOK, bareReader(b, db))
}

// BenchmarkReadRefused is BenchmarkRead with a token whose signature is wrong.
func BenchmarkReadRefused(b *testing.B) {
	api, db := benchmarkAPI(b)
	token := registerForBenchmark(b, api)
	request := fmt.Sprintf("GET /api/v1/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
		token[:len(token)-8]+"AAAAAAAA")
	compare(b, api, request, http.StatusUnauthorized, bareReader(b, db))
}

// BenchmarkRegister measures POST /api/v1/user. The yardstick is password hashing on all processors.
func BenchmarkRegister(b *testing.B) {
	api, _ := benchmarkAPI(b)
	var number int
	var mutex sync.Mutex
	next := func() string {
		mutex.Lock()
		defer mutex.Unlock()
		number++
		return postJSON("/api/v1/user", fmt.Sprintf(`{"email":"guest%d@example.org","password":"123456"}`, number))
	}
	compareWithHash(b, api, next, http.StatusCreated)
}

// BenchmarkAuthenticate measures POST /api/v1/authenticate. The yardstick is password hashing on all processors.
func BenchmarkAuthenticate(b *testing.B) {
	api, _ := benchmarkAPI(b)
	registerForBenchmark(b, api)
	request := postJSON("/api/v1/authenticate", `{"email":"ann@example.org","password":"123456"}`)
	compareWithHash(b, api, func() string { return request }, http.StatusOK)
}

// benchmarkAPI serves the application as in production, with its log, and returns the address.
func benchmarkAPI(b *testing.B, options ...app.Option) (string, *gorm.DB) {
	b.Helper()
	log := slog.New(slog.NewJSONHandler(io.Discard, nil)) //nolint:sloglint // to write the lines is part of the work
	db := apptest.Database(b, database.Options{Logger: log})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	a := app.New(apptest.Config(), db, append(options, app.WithLogger(log))...)
	go func() { ended <- a.Serve(ctx, listener) }()
	b.Cleanup(func() {
		stop()
		<-ended
	})
	return listener.Addr().String(), db
}

func serveForBenchmark(b *testing.B, handler http.Handler) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

const selectUser = "SELECT id, email, firstname, lastname, user_title FROM users WHERE id = "

// bareReader serves the yardstick for reads: pgx on PostgreSQL, database/sql on SQLite.
func bareReader(b *testing.B, db *gorm.DB) string {
	b.Helper()
	if dbtest.Postgres() {
		var name string
		if err := db.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
			b.Fatal(err)
		}
		config, err := pgxpool.ParseConfig(dbtest.Server(b, name))
		if err != nil {
			b.Fatal(err)
		}
		config.MaxConns = 10
		pool, err := pgxpool.NewWithConfig(context.Background(), config)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		return serveForBenchmark(b, bareHandler(func(ctx context.Context, into ...any) error {
			return pool.QueryRow(ctx, selectUser+"$1", 1).Scan(into...) // prepared at the first call on each connection
		}))
	}
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	statement, err := pool.Prepare(selectUser + "?")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = statement.Close() })
	return serveForBenchmark(b, bareHandler(func(ctx context.Context, into ...any) error {
		return statement.QueryRowContext(ctx, 1).Scan(into...)
	}))
}

func bareHandler(read func(ctx context.Context, into ...any) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var user struct {
			ID        int64  `json:"id"`
			Email     string `json:"email"`
			Firstname string `json:"firstname"`
			Lastname  string `json:"lastname"`
			UserTitle string `json:"user_title"`
		}
		if err := read(r.Context(), &user.ID, &user.Email, &user.Firstname, &user.Lastname, &user.UserTitle); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(user)
	})
}

func postJSON(path, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		path, len(body), body)
}

func registerForBenchmark(b *testing.B, address string) string {
	b.Helper()
	response, err := http.Post("http://"+address+"/api/v1/user", "application/json",
		bytes.NewReader([]byte(`{"email":"ann@example.org","password":"123456"}`)))
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	var user apptest.User
	if err := json.NewDecoder(response.Body).Decode(&user); err != nil {
		b.Fatal(err)
	}
	return user.Token
}

// compare measures the API against a yardstick that serves GET /.
func compare(b *testing.B, api, request string, status int, yardstick string) {
	b.Helper()
	same := func() string { return request }
	bare := func() string { return "GET / HTTP/1.1\r\nHost: x\r\n\r\n" }
	compareLoads(b, newLoad(b, api, same, status), newLoad(b, yardstick, bare, http.StatusOK))
}

// compareLoads measures the subject against the other.
func compareLoads(b *testing.B, subject, other *load) {
	b.Helper()
	subject.run(b, turn) // opens connections and prepares statements
	other.run(b, turn)
	var spent, spentOther time.Duration
	var before, after runtime.MemStats
	var allocations uint64
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		spentOther += other.run(b, n)
		runtime.ReadMemStats(&before)
		spent += subject.run(b, n)
		runtime.ReadMemStats(&after)
		allocations += after.Mallocs - before.Mallocs
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "ns/op")
	b.ReportMetric(float64(spentOther.Nanoseconds())/float64(b.N), "yardstick-ns/op")
	b.ReportMetric(100*spentOther.Seconds()/spent.Seconds(), "%yardstick")
	b.ReportMetric(float64(allocations)/float64(b.N), "allocations/op")
}

// compareWithHash measures the API against password hashes on all processors, in turns.
func compareWithHash(b *testing.B, api string, next func() string, status int) {
	b.Helper()
	subject := newLoad(b, api, next, status)
	processors := runtime.GOMAXPROCS(0)
	passwords := secrets.NewPasswords(processors)
	subject.run(b, 1)
	var spent, spentHashing time.Duration
	var before, after runtime.MemStats
	var allocations uint64
	b.ResetTimer()
	for done := 0; done < b.N; done += clients {
		n := min(clients, b.N-done)
		begin := time.Now()
		if _, err := passwords.Hash(context.Background(), netip.Prefix{}, "123456"); err != nil {
			b.Fatal(err)
		}
		spentHashing += time.Since(begin) * time.Duration(n) / time.Duration(processors)
		runtime.ReadMemStats(&before)
		spent += subject.run(b, n)
		runtime.ReadMemStats(&after)
		allocations += after.Mallocs - before.Mallocs
	}
	b.ReportMetric(float64(allocations)/float64(b.N), "allocations/op")
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "ns/op")
	b.ReportMetric(float64(spentHashing.Nanoseconds())/float64(b.N), "yardstick-ns/op")
	b.ReportMetric(100*spentHashing.Seconds()/spent.Seconds(), "%yardstick")
}

// load is a number of clients, each with its own connection.
type load struct {
	next    func() string
	status  []byte
	conns   []net.Conn
	readers []*bufio.Reader
}

func newLoad(b *testing.B, address string, next func() string, status int) *load {
	b.Helper()
	l := &load{next: next, status: fmt.Appendf(nil, "HTTP/1.1 %d ", status)}
	for range clients {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		l.conns = append(l.conns, conn)
		l.readers = append(l.readers, bufio.NewReader(conn))
	}
	return l
}

// run sends n requests, shared among the clients, and returns the time until the last response.
func (l *load) run(b *testing.B, n int) time.Duration {
	b.Helper()
	begin := time.Now()
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			for range (n + clients - 1 - i) / clients {
				if err := l.exchange(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begin)
}

func (l *load) exchange(client int) error {
	return apptest.Exchange(l.conns[client], l.readers[client], l.next(), l.status)
}
