package limits

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

var errRedisURL = errors.New("is not of the form redis://user:password@host:port/number or, for TLS, rediss://…, " +
	"where all but the host may be left out, or unix:///path/of/a/socket?db=number")

// Bounds of the connections to a server.
const (
	maxConnections = 64
	maxIdle        = 16
	idleFor        = 30 * time.Second // servers and middleboxes cut connections that are idle for long
)

// redisServer is the address and the credentials of a server.
type redisServer struct {
	network, address string
	database         int
	user, password   string
	secure           bool // TLS
}

// parseRedis parses
//
//	redis://user:password@host:6379/0   all but the host may be left out, or just the user
//	rediss://…                          TLS
//	unix:///path?db=0                   optionally with user:password@ before the path
//
// Errors never contain a part of the address, which may be the password.
func parseRedis(address string) (redisServer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return redisServer{}, errRedisURL
	}
	s := redisServer{user: u.User.Username()}
	s.password, _ = u.User.Password()
	if u.User != nil && s.password == "" {
		return redisServer{}, errRedisURL
	}
	var number string
	query := u.Query()
	switch {
	case (u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "":
		s.network, s.address, s.secure = "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "6379")), u.Scheme == "rediss"
		number = strings.Trim(u.Path, "/")
	case u.Scheme == "unix" && u.Host == "" && u.Path != "":
		s.network, s.address, number = "unix", u.Path, query.Get("db")
		query.Del("db")
	default:
		return redisServer{}, errRedisURL
	}
	if s.database, err = strconv.Atoi(cmp.Or(number, "0")); err != nil || s.database < 0 || len(query) > 0 {
		return redisServer{}, errRedisURL
	}
	return s, nil
}

// pool returns a pool of connections to the server. It opens none yet.
func (s redisServer) pool(timeout time.Duration, roots *x509.CertPool) *redis.Pool {
	options := []redis.DialOption{
		redis.DialUsername(s.user), redis.DialPassword(s.password), redis.DialDatabase(s.database),
		redis.DialUseTLS(s.secure), redis.DialTLSHandshakeTimeout(timeout),
		redis.DialTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
	}
	return &redis.Pool{
		MaxActive: maxConnections, MaxIdle: maxIdle, IdleTimeout: idleFor, Wait: true,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, s.network, s.address, options...)
		},
	}
}

// takeScript is Limiter's algorithm, run atomically by the server. The arguments are the time, the interval and the
// span of the rate, in microseconds, which a Lua number holds exactly. It returns how many microseconds to wait for a
// request, and how many until the allowance is full. The latter is capped at the span, so that an instance with a wrong
// clock does not lock out the clients of the others.
var takeScript = redis.NewScript(1, `
local now, interval, per = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
local left = math.min(math.max(whole - now, 0), per)
local early = left + interval - per
if early > 0 then
  return {early, left}
end
left = left + interval
redis.call('SET', KEYS[1], string.format('%.0f', now + left), 'PX', math.ceil(left / 1000))
return {0, left}
`)

// take runs takeScript. It returns how long to wait for a request, and how long until the allowance is full.
func take(
	ctx context.Context, pool *redis.Pool, key string, rate Rate, now time.Time,
) (wait, left time.Duration, err error) {
	conn, err := pool.GetContext(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = conn.Close() }()
	interval := rate.interval().Microseconds()
	reply, err := redis.Int64s(takeScript.DoContext(ctx, conn, key, now.UnixMicro(), interval, rate.Per.Microseconds()))
	if err != nil {
		return 0, 0, err
	}
	if len(reply) != 2 {
		return 0, 0, errors.New("the server's reply is not the script's")
	}
	return time.Duration(reply[0]) * time.Microsecond, time.Duration(reply[1]) * time.Microsecond, nil
}
