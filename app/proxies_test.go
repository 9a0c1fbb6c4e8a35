package app_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
)

// TestClientAddress checks which address the log shows for a client.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted, connection string
		forwarded           []string // one header each
		want                string
	}{
		"no proxy is trusted":      {"", "192.0.2.1", []string{"203.0.113.9"}, "192.0.2.1"},
		"an untrusted connection":  {"10.0.0.0/8", "192.0.2.1", []string{"203.0.113.9"}, "192.0.2.1"},
		"a trusted one":            {"10.0.0.0/8", "10.1.2.3", []string{"203.0.113.9"}, "203.0.113.9"},
		"no header":                {"10.0.0.0/8", "10.1.2.3", nil, "10.1.2.3"},
		"forged":                   {"10.0.0.0/8", "10.1.2.3", []string{"127.0.0.1, 203.0.113.9"}, "203.0.113.9"},
		"forged as a trusted one":  {"10.0.0.0/8", "10.1.2.3", []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		"forged in another header": {"10.0.0.0/8", "10.1.2.3", []string{"198.51.100.7", "203.0.113.9"}, "203.0.113.9"},
		"two proxies": {"10.0.0.0/8,192.0.2.0/24", "10.1.2.3", []string{"198.51.100.7, 203.0.113.9, 192.0.2.7"},
			"203.0.113.9"},
		"all are trusted": {"10.0.0.0/8", "10.1.2.3", []string{"10.3.3.3, 10.2.2.2"}, "10.3.3.3"},
		"IPv6":            {"fd00::/8", "[fd00::1]", []string{"198.51.100.7, 2001:db8::9"}, "2001:db8::9"},
		"IPv4 in IPv6":    {"10.0.0.0/8", "[::ffff:10.1.2.3]", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"junk":            {"10.0.0.0/8", "10.1.2.3", []string{"junk"}, "10.1.2.3"},
		"junk before":     {"10.0.0.0/8", "10.1.2.3", []string{"<script>, 203.0.113.9"}, "203.0.113.9"},
		"junk after":      {"10.0.0.0/8", "10.1.2.3", []string{"203.0.113.9, junk"}, "10.1.2.3"},
		"with a port":     {"10.0.0.0/8", "10.1.2.3", []string{"203.0.113.9:80"}, "10.1.2.3"},
		"empty":           {"10.0.0.0/8", "10.1.2.3", []string{" , ,"}, "10.1.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newProxied(t, test.trusted, limits.Rate{})
			a.get(t, test.connection, test.forwarded...)
			if log := a.Log.String(); !strings.Contains(log, `"client":"`+test.want+`"`) || strings.Count(log, `"client"`) != 1 {
				t.Errorf("want the client %s in the log, once:\n%s", test.want, log)
			}
		})
	}
}

// TestForgedAddressIsNoWayAround checks that a client cannot avoid a limit by forging another address for each attempt.
func TestForgedAddressIsNoWayAround(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted, connection, last string
		want                      int
	}{
		"no proxy":               {"", "192.0.2.1", "", http.StatusTooManyRequests},
		"through a proxy":        {"10.0.0.0/8", "10.1.2.3", ", 203.0.113.9", http.StatusTooManyRequests},
		"clients behind a proxy": {"10.0.0.0/8", "10.1.2.3", "", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newProxied(t, test.trusted, limits.Rate{Count: 1, Per: time.Hour})
			var status int
			for _, forged := range []string{"198.51.100.1", "198.51.100.2", "2001:db8::1"} {
				request := apptest.Request{
					Method: http.MethodPost, Path: "/api/v1/authenticate", Body: `{"email":"ann@example.org","password":"wrong"}`,
					Header: map[string]string{"X-Forwarded-For": forged + test.last, "X-Real-IP": forged,
						"Forwarded": "for=" + forged},
				}.HTTP(t)
				request.RemoteAddr = test.connection + ":4711"
				status = a.SendHTTP(request).Status
			}
			if status != test.want {
				t.Errorf("the last attempt: got %d, want %d", status, test.want)
			}
		})
	}
}

type proxied struct{ *apptest.App }

func newProxied(t *testing.T, trusted string, login limits.Rate) proxied {
	t.Helper()
	return proxied{apptest.New(t, func(c *app.Config) {
		c.LimitLogin = login
		for text := range strings.SplitSeq(trusted, ",") {
			if text != "" {
				c.TrustedProxies = append(c.TrustedProxies, netip.MustParsePrefix(text))
			}
		}
	})}
}

func (a proxied) get(t *testing.T, connection string, forwarded ...string) {
	t.Helper()
	request := apptest.Request{Method: http.MethodGet, Path: "/healthz"}.HTTP(t)
	request.RemoteAddr = connection + ":4711"
	request.Header["X-Forwarded-For"] = forwarded
	request.Header.Set("X-Real-IP", "198.51.100.99")
	request.Header.Set("Forwarded", "for=198.51.100.99")
	a.SendHTTP(request)
}
