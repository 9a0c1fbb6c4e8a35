package limits_test

import (
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"guestlist/app/apptest"
	"guestlist/app/limits"
)

// patient is a timeout that is not reached even on a busy machine.
const patient = time.Minute

// instance is the limiter and the log of one instance of the program.
type instance struct {
	*limits.Limiter

	log *apptest.Log
}

// newInstance returns an instance that counts in the server at address.
func newInstance(t *testing.T, address string, rate limits.Rate, clock *apptest.Clock, timeout time.Duration) instance {
	t.Helper()
	log := &apptest.Log{}
	shared, err := limits.NewShared(address, limits.SharedOptions{
		Prefix: "guestlist", Now: clock.Now, Timeout: timeout, Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shared.Close() })
	l := limits.NewLimiter(rate, clock.Now)
	l.Share(shared, "LIMIT_LOGIN", []byte("a key for tests"))
	return instance{l, log}
}

func TestSharedLimiter(t *testing.T) {
	t.Parallel()
	server, clock := apptest.StartRedis(t), apptest.NewClock()
	rate := limits.Rate{Count: 3, Per: time.Hour}
	a := newInstance(t, server.URL(), rate, clock, patient)
	b := newInstance(t, server.URL(), rate, clock, patient)
	ann, bob := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("2001:db8::1")
	for i, step := range []struct {
		after    time.Duration
		instance instance
		client   netip.Addr
		wait     time.Duration
	}{
		{0, a, ann, 0}, {0, b, ann, 0}, {0, a, ann, 0}, {0, b, ann, 20 * time.Minute}, {0, a, ann, 20 * time.Minute},
		{0, a, bob, 0}, {0, b, netip.MustParseAddr("2001:db8::2"), 0}, // another client, and one of the same network
		{19 * time.Minute, a, ann, time.Minute}, {0, b, ann, time.Minute}, // a refused request costs nothing
		{time.Minute, b, ann, 0}, {0, a, ann, 20 * time.Minute},
		{2 * time.Hour, a, ann, 0}, {0, b, ann, 0}, {0, b, ann, 0}, {0, b, ann, 20 * time.Minute}, // no larger burst
	} {
		clock.Advance(step.after)
		if wait := step.instance.Take(step.client); wait != step.wait {
			t.Errorf("step %d: wait %v, want %v", i, wait, step.wait)
		}
	}
	if got := a.Refused() + b.Refused(); got != 6 {
		t.Errorf("%d requests were refused, want 6", got)
	}
	conn := dial(t, server)
	keys, err := redis.Strings(conn.Do("KEYS", "*"))
	if err != nil || len(keys) != 2 {
		t.Fatalf("the server has the keys %v, %v; want 2 keys", keys, err)
	}
	for _, key := range keys {
		if !regexp.MustCompile(`^guestlist:limit:LIMIT_LOGIN:[A-Za-z0-9_-]{22}$`).MatchString(key) {
			t.Errorf("got the key %q, want a name without an address", key)
		}
		if left, err := redis.Int64(conn.Do("PTTL", key)); err != nil || left <= 0 || left > time.Hour.Milliseconds() {
			t.Errorf("the key expires in %d ms, %v; want at most an hour", left, err)
		}
	}
}

func dial(t *testing.T, server *apptest.Redis) redis.Conn {
	t.Helper()
	conn, err := redis.DialContext(t.Context(), "unix", server.Socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// FuzzSharedLikeMemory compares two instances that share a server with a limiter that counts in memory, at random steps
// from a seed. A run without -fuzz uses the seed 1.
func FuzzSharedLikeMemory(f *testing.F) {
	f.Add(uint64(1))
	server := apptest.StartRedis(f)
	f.Fuzz(func(t *testing.T, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 2))
		for _, rate := range []limits.Rate{
			{Count: 1, Per: time.Hour}, {Count: 7, Per: 7 * time.Hour}, {Count: 1000, Per: 24 * time.Hour},
		} {
			compareWithMemory(t, server, rate, random)
		}
	})
}

func compareWithMemory(t *testing.T, server *apptest.Redis, rate limits.Rate, random *rand.Rand) {
	t.Helper()
	clock := apptest.NewClock()
	memory := limits.NewLimiter(rate, clock.Now)
	instances := []instance{
		newInstance(t, server.URL(), rate, clock, patient), newInstance(t, server.URL(), rate, clock, patient),
	}
	for step := range 400 {
		clock.Advance(time.Duration(random.Int64N(int64(rate.Per) / int64(rate.Count))).Truncate(time.Microsecond))
		client := netip.AddrFrom4([4]byte{203, 0, 113, byte(random.IntN(2))})
		want := memory.Take(client)
		if got := instances[random.IntN(2)].Take(client); got != want {
			t.Fatalf("%v, step %d: wait %v, want %v", rate, step, got, want)
		}
	}
	if _, err := dial(t, server).Do("FLUSHALL"); err != nil {
		t.Fatal(err)
	}
}

func TestSharedAtOnce(t *testing.T) {
	t.Parallel()
	server, clock := apptest.StartRedis(t), apptest.NewClock()
	var instances []instance
	for range 4 {
		instances = append(instances, newInstance(t, server.URL(), limits.Rate{Count: 50, Per: time.Hour}, clock, patient))
	}
	var passed atomic.Int64
	var group sync.WaitGroup
	for i := range 400 {
		group.Go(func() {
			if instances[i%4].Take(netip.MustParseAddr("203.0.113.9")) == 0 {
				passed.Add(1)
			}
		})
	}
	group.Wait()
	if passed.Load() != 50 {
		t.Errorf("%d requests passed, want 50", passed.Load())
	}
	for _, i := range instances {
		if i.log.String() != "" {
			t.Errorf("logged %s, want nothing", i.log)
		}
	}
}

// TestSharedAway kills the server and restarts it. It checks that each instance counts on its own meanwhile, and logs
// the failure and the return once.
func TestSharedAway(t *testing.T) {
	t.Parallel()
	server, clock := apptest.StartRedis(t), apptest.NewClock()
	rate := limits.Rate{Count: 2, Per: time.Hour}
	a := newInstance(t, server.URL(), rate, clock, patient)
	b := newInstance(t, server.URL(), rate, clock, patient)
	ann, bob, eve := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2"),
		netip.MustParseAddr("203.0.113.3")
	expect := func(when string, client netip.Addr, wants ...bool) { // for a and b in turn
		t.Helper()
		for n, want := range wants {
			if got := []instance{a, b}[n%2].Take(client) == 0; got != want {
				t.Errorf("%s: attempt %d passes: %t, want %t", when, n, got, want)
			}
		}
	}
	expect("shared", ann, true, true, false, false)
	server.Kill()
	expect("each on its own", bob, true, true, true, true, false, false)
	expect("waits from before", ann, false, false)
	server.Start(t)
	expect("not asked yet", eve, true, true, true, true, false, false)
	clock.Advance(5 * time.Second)
	zoe := netip.MustParseAddr("203.0.113.4")
	expect("shared again", zoe, true, true, false, false)
	for name, i := range map[string]instance{"a": a, "b": b} {
		lines := strings.Split(strings.TrimSpace(i.log.String()), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], `"level":"WARN","msg":"REDIS_URL: each instance counts`) ||
			!strings.Contains(lines[1], `"level":"INFO","msg":"REDIS_URL: the server is back`) {
			t.Errorf("%s logged\n%s\nwant a warning and a line that the server is back", name, i.log)
		}
	}
}

// TestSharedSilent uses a server that accepts connections and never replies, and checks that only one attempt waits for
// it.
func TestSharedSilent(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	address := listen(t, func(_ int, conn net.Conn) {
		taken.Add(1)
		_, _ = io.Copy(io.Discard, conn)
	})
	i := newInstance(t, address, limits.Rate{Count: 1000, Per: time.Hour}, apptest.NewClock(), time.Millisecond)
	for n := range 1000 {
		if wait := i.Take(netip.MustParseAddr("203.0.113.9")); wait != 0 {
			t.Fatalf("attempt %d waits %v, want 0", n, wait)
		}
	}
	if taken.Load() > 1 || strings.Count(i.log.String(), "\n") != 1 {
		t.Errorf("%d connections, want at most 1; logged\n%s\nwant one line", taken.Load(), i.log)
	}
}

// TestSharedChecks checks a server that is up, one that is killed, one that was never up, and one that does not serve.
// A failure is logged once, however long it lasts.
func TestSharedChecks(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t)
	log, clock := &apptest.Log{}, apptest.NewClock()
	connect := func(address string) *limits.Shared {
		shared, err := limits.NewShared(address,
			limits.SharedOptions{Now: clock.Now, Timeout: patient, Log: slog.New(slog.NewJSONHandler(log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = shared.Close() })
		return shared
	}
	expect := func(when string, shared *limits.Shared, lines int) {
		t.Helper()
		shared.Check()
		if got := strings.Count(log.String(), "\n"); got != lines {
			t.Errorf("%s: logged\n%s\ngot %d lines, want %d", when, log, got, lines)
		}
	}
	shared := connect(server.URL())
	expect("up", shared, 0)
	server.Kill()
	expect("killed", shared, 1)
	expect("killed, at once", shared, 1)
	clock.Advance(5 * time.Second)
	expect("killed, later", shared, 1)
	expect("never up", connect(server.URL()), 2)
	expect("not serving", connect(listen(t, replying("-LOADING the data\r\n"))), 3)
}

// listen starts a server on a free port, which calls serve with the number of each connection, from 1 on, and then
// closes it. It returns the server's address.
func listen(t *testing.T, serve func(number int, conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for number := 1; ; number++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(number, conn)
			}()
		}
	}()
	return "redis://" + listener.Addr().String()
}

// replying returns a function for listen that gives each request the same reply. If that is empty, it ends the
// connection instead.
func replying(reply string) func(int, net.Conn) {
	return func(_ int, conn net.Conn) {
		request := make([]byte, 1<<10)
		for {
			if _, err := conn.Read(request); err != nil || reply == "" {
				return
			}
			_, _ = io.WriteString(conn, reply)
		}
	}
}

// TestSharedWrongReplies uses servers that do not count. It checks that the instance counts on its own, and logs why.
func TestSharedWrongReplies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ reply, want string }{
		"an error":     {"-ERR no scripts here\r\n", "no scripts here"},
		"one number":   {"*1\r\n:0\r\n", "the server's reply is not the script's"},
		"no list":      {"+OK\r\n", "unexpected type"},
		"not a number": {"*2\r\n:0\r\n$1\r\nx\r\n", "invalid syntax"},
		"no reply":     {"", "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := listen(t, replying(test.reply))
			i := newInstance(t, address, limits.Rate{Count: 2, Per: time.Hour}, apptest.NewClock(), patient)
			for n, want := range []time.Duration{0, 0, 30 * time.Minute} {
				if got := i.Take(netip.MustParseAddr("203.0.113.9")); got != want {
					t.Errorf("attempt %d: wait %v, want %v", n+1, got, want)
				}
			}
			if !strings.Contains(i.log.String(), test.want) {
				t.Errorf("logged %q, want %q in it", i.log, test.want)
			}
		})
	}
}

// TestSharedNoServer uses an address without a server, and checks that the instance counts on its own.
func TestSharedNoServer(t *testing.T) {
	t.Parallel()
	i := newInstance(t, "unix://"+t.TempDir()+"/none", limits.Rate{Count: 2, Per: time.Hour}, apptest.NewClock(), patient)
	for n, want := range []time.Duration{0, 0, 30 * time.Minute} {
		if got := i.Take(netip.MustParseAddr("203.0.113.9")); got != want {
			t.Errorf("attempt %d: wait %v, want %v", n+1, got, want)
		}
	}
}

// TestSharedOneTries lets a server fail and then be slow. It checks that, while one attempt waits for a reply, others
// do not ask the server.
func TestSharedOneTries(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	asked, reply := make(chan struct{}), make(chan struct{})
	address := listen(t, func(number int, _ net.Conn) {
		connections.Add(1)
		if number == 2 {
			close(asked)
			<-reply
		}
	})
	clock, client := apptest.NewClock(), netip.MustParseAddr("203.0.113.9")
	i := newInstance(t, address, limits.Rate{Count: 1000, Per: time.Hour}, clock, patient)
	i.Take(client)
	clock.Advance(5 * time.Second)
	var slow sync.WaitGroup
	slow.Go(func() { i.Take(client) })
	<-asked
	for range 3 {
		i.Take(client)
	}
	if got := connections.Load(); got != 2 {
		t.Errorf("got %d connections, want 2: one that failed, and one attempt that waits", got)
	}
	close(reply)
	slow.Wait()
}
