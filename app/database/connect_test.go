package database_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// hangingUp returns the address of a server that resets every connection.
func hangingUp(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// nobodyAt returns an address at which no server listens.
func nobodyAt(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// TestConnectionErrors checks that an error is shown once although pgx tries each address with TLS and without.
func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	first, second := nobodyAt(t), nobodyAt(t)
	for name, test := range map[string]struct {
		address string
		causes  []string // each is in the error exactly once
	}{
		"refused":            {"postgres://ann:canary@" + first + "/guests", []string{first + " ("}},
		"refused, preferred": {"postgres://ann:canary@" + first + "/guests?sslmode=prefer", []string{first + " ("}},
		"allow":              {"postgres://ann:canary@" + first + "/guests?sslmode=allow", []string{first + " ("}},
		"one attempt":        {"postgres://ann:canary@" + first + "/guests?sslmode=disable", []string{first + " ("}},
		"two servers": {"postgres://ann:canary@" + first + "," + second + "/guests",
			[]string{first + " (", second + " ("}},
		"one server twice": {"postgres://ann:canary@" + first + "," + first + "/guests", []string{first + " ("}},
		"no such host":     {"postgres://ann:canary@guests.invalid/guests", []string{"lookup guests.invalid"}},
		"no socket": {"postgres://ann:canary@/guests?host=/no/such/directory",
			[]string{"/no/such/directory/.s.PGSQL.5432 ("}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := dbtest.Open(t, test.address, database.Options{}).Exec("SELECT 1").Error
			if !database.Unavailable(err) {
				t.Fatalf("not seen as unavailable: %v", err)
			}
			if _, ok := errors.AsType[*pgconn.ConnectError](err); !ok {
				t.Errorf("not seen as a pgconn.ConnectError: %v", err)
			}
			text := err.Error()
			if want := "failed to connect to `user=ann database=guests`: "; !strings.HasPrefix(text, want) ||
				strings.ContainsAny(text, "\n\t") {
				t.Errorf("got %q, want one line that begins with %q", text, want)
			}
			for _, cause := range test.causes {
				if n := strings.Count(text, cause); n != 1 {
					t.Errorf("%q is named %d times, want once: %s", cause, n, text)
				}
			}
			if n := strings.Count(text, ";") + 1; n != len(test.causes) {
				t.Errorf("%d causes, want %d: %s", n, len(test.causes), text)
			}
			if strings.Contains(text, "canary") {
				t.Errorf("the error shows the password: %s", text)
			}
		})
	}
}

// TestConnectionErrorsFromOtherPorts checks that attempts from different local ports count as one cause if they fail in
// the same way, and as several if they do not.
func TestConnectionErrorsFromOtherPorts(t *testing.T) {
	t.Parallel()
	address := hangingUp(t)
	for mode, want := range map[string]int{
		"disable": 1,
		"prefer":  2, // with TLS, the reply about TLS cannot be read; without, it is not read
	} {
		err := dbtest.Open(t, "postgres://ann:canary@"+address+","+address+"/guests?sslmode="+mode, database.Options{}).
			Exec("SELECT 1").Error
		if err == nil {
			t.Fatal("got no error")
		}
		if n := strings.Count(err.Error(), address+" ("); n != want {
			t.Errorf("%s: %d causes, want %d: %v", mode, n, want, err)
		}
	}
}

// TestServerRefuses checks that the error contains what the server says, once.
func TestServerRefuses(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("needs TEST_DATABASE_URL")
	}
	err := dbtest.Open(t, dbtest.Server(t, "no_such_database"), database.Options{}).Exec("SELECT 1").Error
	if err == nil || strings.Count(err.Error(), "3D000") != 1 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error of one line with %q once", err, "3D000")
	}
}

// TestSeveralServers checks that the first server that can be reached and accepts writes is used.
func TestSeveralServers(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("needs TEST_DATABASE_URL")
	}
	address, err := database.ParseURL(dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	address.Host = nobodyAt(t) + "," + address.Host
	query := address.Query()
	query.Set("target_session_attrs", "read-write")
	address.RawQuery = query.Encode()
	db := dbtest.Open(t, address.String(), database.Options{})
	if err := db.Exec("CREATE TABLE written (id integer)").Error; err != nil {
		t.Error(err)
	}
}
