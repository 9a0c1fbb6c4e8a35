//go:build unix

package runner_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
)

// TestPoolers checks that PgBouncer is rejected before anything is written if it shares sessions, and works otherwise.
func TestPoolers(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no poolers")
	}
	for name, c := range map[string]struct {
		settings []string
		sessions int // idle server sessions when the runner connects
		refused  bool
	}{
		"transaction mode":              {settings: []string{"pool_mode=transaction"}, refused: true},
		"transaction mode, one session": {settings: []string{"pool_mode=transaction", "default_pool_size=1"}, refused: true},
		"transaction mode, one idle":    {settings: []string{"pool_mode=transaction"}, sessions: 1, refused: true},
		"transaction mode, 20 idle":     {settings: []string{"pool_mode=transaction"}, sessions: 20, refused: true},
		"transaction mode, 2 in turn": {
			settings: []string{"pool_mode=transaction", "server_round_robin=1"}, sessions: 2, refused: true,
		},
		"transaction mode, 3 in turn": {
			settings: []string{"pool_mode=transaction", "server_round_robin=1"}, sessions: 3, refused: true,
		},
		"transaction mode, 20 in turn": {
			settings: []string{"pool_mode=transaction", "server_round_robin=1"}, sessions: 20, refused: true,
		},
		"statement mode":                     {settings: []string{"pool_mode=statement"}, refused: true},
		"session mode":                       {settings: []string{"pool_mode=session"}},
		"session mode, 20 idle":              {settings: []string{"pool_mode=session"}, sessions: 20},
		"session mode, in turn":              {settings: []string{"pool_mode=session", "server_round_robin=1"}, sessions: 2},
		"session mode, one session":          {settings: []string{"pool_mode=session", "default_pool_size=1"}},
		"session mode, nothing is forgotten": {settings: []string{"pool_mode=session", "server_reset_query="}, sessions: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.URL(t)
			through := startPgBouncer(t, address, c.settings...)
			openIdle(t, through, c.sessions)
			r := newRunner(t, dbtest.Open(t, through), create("a"), create("b", "a"))
			server := dbtest.Open(t, address)
			_, err := r.Upgrade(t.Context(), "head")
			if c.refused {
				if _, ok := errors.AsType[*runner.PoolerError](err); !ok {
					t.Errorf("got error %v, want a PoolerError", err)
				}
				wantApplied(t, server)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			wantApplied(t, server, "a", "b")
			if _, err := r.Downgrade(t.Context(), "a"); err != nil { // takes the lock again
				t.Error(err)
			}
			wantApplied(t, server, "a")
		})
	}
}

// openIdle leaves that number of idle server sessions in the pooler.
func openIdle(t *testing.T, address string, sessions int) {
	t.Helper()
	for range sessions {
		conn, err := pgconn.Connect(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(t.Context()) }()
		if _, err := conn.Exec(t.Context(), "BEGIN").ReadAll(); err != nil {
			t.Fatal(err)
		}
		defer func() { _, _ = conn.Exec(t.Context(), "COMMIT").ReadAll() }()
	}
}

// startPgBouncer starts a PgBouncer for a database and returns the URL of the database through it. It listens on a Unix
// socket, so ports cannot clash.
func startPgBouncer(t *testing.T, address string, settings ...string) string {
	t.Helper()
	program := dbtest.Program(t, "pgbouncer", "pgbouncer")
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pgb") //nolint:usetesting // that of the test is too long for the name of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	file := filepath.Join(dir, "ini")
	target := fmt.Sprintf("host=%s port=%d user=%s", config.Host, config.Port, config.User)
	if config.Password != "" {
		target += " password='" + strings.ReplaceAll(config.Password, "'", "''") + "'"
	}
	text := fmt.Sprintf("[databases]\n%s = %s\n[pgbouncer]\nunix_socket_dir=%s\nauth_type=any\n%s\n",
		config.Database, target, dir, strings.Join(settings, "\n"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, file)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged(t, dir, file)}
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	waitFor(t, log, "process up")
	through := url.URL{Scheme: "postgres", User: url.User("anybody"), Path: "/" + config.Database}
	through.RawQuery = url.Values{"host": {dir}, "port": {"6432"}}.Encode()
	return through.String()
}

// waitFor reads a log up to a line that contains what, and discards the rest in the background.
func waitFor(t *testing.T, log io.Reader, what string) {
	t.Helper()
	lines := bufio.NewScanner(log)
	var said []string
	for lines.Scan() {
		if strings.Contains(lines.Text(), what) {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return
		}
		said = append(said, lines.Text())
	}
	t.Fatalf("pgbouncer does not start:\n%s", strings.Join(said, "\n"))
}

// unprivileged returns the user nobody and makes it the owner of the files, because PgBouncer refuses to run as root.
// It returns nil if the test does not run as root.
func unprivileged(t *testing.T, paths ...string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if err := os.Chown(path, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
