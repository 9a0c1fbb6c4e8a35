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
	sharedTimeout = 100 * time.Millisecond // in which a request asks the server
	sharedPause   = 5 * time.Second        // after which a server that has failed is asked again
)

// Shared counts client networks for all instances together, in a server that speaks the protocol of Redis. While the
// server is away, it costs nothing to ask: one request in sharedPause waits for it, for its timeout at most. It is safe
// for concurrent use.
type Shared struct {
	server  redisServer
	options SharedOptions

	mutex sync.Mutex
	pool  *redis.Pool
	away  bool
	retry time.Time // when the server is asked again
}

// SharedOptions is what Shared gets from outside. The zero value of each is what its comment says.
type SharedOptions struct {
	Prefix  string           // of the keys: the name of the program
	Now     func() time.Time // time.Now
	Log     *slog.Logger     // nothing is logged
	Timeout time.Duration    // sharedTimeout
	RootCAs *x509.CertPool   // who may vouch for the server: those whom the system trusts
}

// NewShared returns a Shared with the server at address:
//
//	redis://user:password@host:6379/0
//	rediss://user:password@host:6379/0   TLS; certificates are verified
//	unix:///run/redis/redis.sock?db=0
//
// Nothing is contacted yet. Errors never hold a piece of the address, which may be the password.
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

// CheckURL returns what is wrong with the address of a server; nil if NewShared takes it.
func CheckURL(address string) error {
	_, err := parseRedis(address)
	return err
}

// Address returns where the server is, without a password.
func (s *Shared) Address() string { return s.server.address }

// Close closes the connections to the server.
func (s *Shared) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.pool.Close()
}

// Check asks whether the server is there, and logs if it is not.
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

// take uses up an attempt of the network that key is for. It returns after how long there is one to use, and after how
// long the allowance is whole; ok is false if the server is away.
func (s *Shared) take(key string, rate Rate, now time.Time) (wait, left time.Duration, ok bool) {
	ok = s.ask(func(ctx context.Context, pool *redis.Pool) (err error) {
		wait, left, err = take(ctx, pool, key, rate, now)
		return err
	})
	return wait, left, ok
}

// ask reports whether the server did what question asks for. The context is not a request's: a client that goes away
// must not pass for a server that is away.
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

// enter returns the connections to ask the server by, nil for those who should not.
func (s *Shared) enter() *redis.Pool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.away {
		now := s.options.Now()
		if now.Before(s.retry) {
			return nil
		}
		s.retry = now.Add(sharedPause) // others need not try as well
	}
	return s.pool
}

// leave notes whether the server is there. After a failure all connections are new ones: none is left from before the
// server went away, and a late reply on an old one does not count.
func (s *Shared) leave(pool *redis.Pool, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case pool != s.pool:
	case err != nil:
		s.pool, s.retry = s.newPool(), s.options.Now().Add(sharedPause)
		go func() { _ = pool.Close() }() // may wait for the server to hear of it
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

// counter is a Limiter's part of what is shared.
type counter struct {
	shared *Shared
	name   string
	key    []byte // hides the addresses from those who read the server
}

// keyOf returns the name under which the server counts a network.
func (c *counter) keyOf(network netip.Prefix) string {
	mac := hmac.New(sha256.New, c.key)
	_, _ = mac.Write([]byte(network.String())) // never fails
	return c.shared.options.Prefix + ":limit:" + c.name + ":" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
