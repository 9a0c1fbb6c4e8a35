package limits_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/limits"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"redis://localhost", "redis://10.0.0.5:6380/3", "redis://[::1]:6379/", "redis://:canary@redis",
		"redis://user:canary@redis:6379/0",
		"rediss://user:canary@redis", "unix:///run/redis/redis.sock", "unix://user:canary@/run/redis.sock?db=2",
	} {
		if err := limits.CheckURL(address); err != nil {
			t.Errorf("%s: got %v, want no error", address, err)
		}
	}
	for _, address := range []string{
		"canary", "http://canary", "redis:canary", "redis://", "redis://:canary@", "redis://user@canary",
		"redis://redis/canary", "redis://redis/-1",
		"redis://redis?canary=1", "redis://redis/0#canary", "redis://redis:canary/0", "unix://", "unix://canary/redis.sock",
		"unix:///run/canary?db=x", "unix:///canary?x=1", "redis://%zz:canary@redis",
	} {
		err := limits.CheckURL(address)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error without a part of the address", address, err)
		}
		if _, err := limits.NewShared(address, limits.SharedOptions{}); err == nil {
			t.Errorf("%s: NewShared accepts it, want an error", address)
		}
	}
}

// TestSharedTLS connects with passwords to a server behind a TLS proxy with a test certificate.
func TestSharedTLS(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t, "--requirepass", "canary-right")
	address, roots := endTLS(t, server)
	for name, test := range map[string]struct {
		address string
		roots   *x509.CertPool
		want    string // part of the warning; empty for none
	}{
		"right":          {"rediss://:canary-right@" + address + "/1", roots, ""},
		"the user":       {"rediss://default:canary-right@" + address, roots, ""},
		"wrong password": {"rediss://:canary-wrong@" + address, roots, "WRONGPASS"},
		"no password":    {"rediss://" + address, roots, "NOAUTH"},
		"no trust":       {"rediss://:canary-right@" + address, nil, "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, clock := &apptest.Log{}, apptest.NewClock()
			shared, err := limits.NewShared(test.address, limits.SharedOptions{
				Prefix: name, Now: clock.Now, Timeout: patient, RootCAs: test.roots, Log: slog.New(slog.NewJSONHandler(log, nil)),
			})
			if err != nil {
				t.Fatal(err)
			}
			defer shared.Close()
			shared.Check()
			l := limits.NewLimiter(limits.Rate{Count: 1, Per: time.Hour}, clock.Now)
			l.Share(shared, "LIMIT_LOGIN", []byte("a key for tests"))
			if wait := l.Take(netip.MustParseAddr("203.0.113.9")); wait != 0 {
				t.Errorf("wait %v, want 0", wait)
			}
			got := log.String()
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) || strings.Contains(got, "canary") {
				t.Errorf("logged %q, want %q", got, test.want)
			}
		})
	}
}

// endTLS starts a TLS proxy for the server and returns its address and its root certificates.
func endTLS(t *testing.T, server *apptest.Redis) (address string, roots *x509.CertPool) {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS() // for its certificate
	web.Close()
	roots = x509.NewCertPool()
	roots.AddCert(web.Certificate())
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates,
		MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go proxy(conn, server.Socket)
		}
	}()
	return listener.Addr().String(), roots
}

// proxy copies between a connection and a socket until one of them is closed.
func proxy(conn net.Conn, socket string) {
	defer conn.Close()
	inner, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer inner.Close()
	go func() {
		defer inner.Close()
		_, _ = io.Copy(inner, conn)
	}()
	_, _ = io.Copy(conn, inner)
}
