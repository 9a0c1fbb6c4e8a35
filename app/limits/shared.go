package limits

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	sharedTimeout = 100 * time.Millisecond // of a request to the server
	sharedPause   = 5 * time.Second        // before a failed server is asked again
)

// Shared counts client networks for all instances together, in a server that speaks the Redis protocol. While the
// server is down, only one request per sharedPause waits for it, for at most the timeout. Shared is safe for concurrent
// use.
type Shared struct {
	server  redisServer
	options SharedOptions

	mutex sync.Mutex
	pool  *redis.Pool
	away  bool
	retry time.Time // when the server is asked again
}

// SharedOptions are the options of NewShared. Comments give the meaning of zero values.
type SharedOptions struct {
	Prefix  string           // of the keys: the name of the program
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: no log
	Timeout time.Duration    // 0: sharedTimeout
	RootCAs *x509.CertPool   // nil: the system's
}

// NewShared returns a Shared with the server at address:
//
//	redis://user:password@host:6379/0
//	rediss://user:password@host:6379/0   TLS; certificates are verified
//	unix:///run/redis/redis.sock?db=0
//
// It does not connect yet. Errors never contain a part of the address, which may be the password.
func NewShared(address string, options SharedOptions) (*Shared, error) {
	server, err := parseRedis(address)
	if err != nil {
		return nil, err
	}
	options.Timeout = cmp.Or(options.Timeout, sharedTimeout)
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Shared{server: server, options: options}
	s.pool = s.newPool()
	return s, nil
}

// CheckURL returns an error if NewShared would reject the address of a server.
func CheckURL(address string) error {
	_, err := parseRedis(address)
	return err
}

// Address returns the server's network address, without credentials.
func (s *Shared) Address() string { return s.server.address }

// Close closes the connections to the server.
func (s *Shared) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.pool.Close()
}

// Check pings the server, and logs if it does not reply.
func (s *Shared) Check() {
	_ = s.ask(func(ctx context.Context, pool *redis.Pool) error {
		conn, err := pool.GetContext(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		_, err = redis.DoContext(conn, ctx, "PING")
		return err
	})
}

// take consumes a request of the network with the key. It returns how long to wait for one, and how long until the
// allowance is full; ok is false if the server is down.
func (s *Shared) take(key string, rate Rate, now time.Time) (wait, left time.Duration, ok bool) {
	ok = s.ask(func(ctx context.Context, pool *redis.Pool) (err error) {
		wait, left, err = take(ctx, pool, key, rate, now)
		return err
	})
	return wait, left, ok
}

// ask calls question and reports whether it succeeded. The context is not the request's: a client that disconnects must
// not look like a server that is down.
func (s *Shared) ask(question func(context.Context, *redis.Pool) error) bool {
	pool := s.enter()
	if pool == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Timeout)
	defer cancel()
	err := question(ctx, pool)
	s.leave(pool, err)
	return err == nil
}

// enter returns the pool, or nil if the server must not be asked now.
func (s *Shared) enter() *redis.Pool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.away {
		now := s.options.Now()
		if now.Before(s.retry) {
			return nil
		}
		s.retry = now.Add(sharedPause) // only this caller tries
	}
	return s.pool
}

// leave records whether the server replied. A failure replaces the pool, so that its connections are not used again;
// late results from the old pool are ignored.
func (s *Shared) leave(pool *redis.Pool, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case pool != s.pool:
	case err != nil:
		s.pool, s.retry = s.newPool(), s.options.Now().Add(sharedPause)
		go func() { _ = pool.Close() }() // may block on the server
		if !s.away {
			s.options.Log.Warn("REDIS_URL: each instance counts client networks for itself until the server is back",
				"address", s.Address(), "error", err)
		}
		s.away = true
	case s.away:
		s.away = false
		s.options.Log.Info("REDIS_URL: the server is back: client networks are counted for all instances together",
			"address", s.Address())
	}
}

func (s *Shared) newPool() *redis.Pool { return s.server.pool(s.options.Timeout, s.options.RootCAs) }

// counter counts the networks of one Limiter in a Shared.
type counter struct {
	shared *Shared
	name   string
	key    []byte // hides client addresses from readers of the server
}

// keyOf returns the server's key for a network.
func (c *counter) keyOf(network netip.Prefix) string {
	mac := hmac.New(sha256.New, c.key)
	_, _ = mac.Write([]byte(network.String())) // never fails
	return c.shared.options.Prefix + ":limit:" + c.name + ":" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
