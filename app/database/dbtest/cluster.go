//go:build unix

package dbtest

import (
	"bufio"
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

	"guestlist/app/apptest/installed"
)

// Instance is a test's own PostgreSQL server. It listens on a socket in its own directory, so there is no port to
// collide.
type Instance struct {
	dir    string
	as     *syscall.Credential
	server *exec.Cmd
	logged chan struct{} // closed at the end of the log
}

// StartCluster is StartInstance with a standby that follows it.
func StartCluster(t testing.TB) (primary, standby *Instance) {
	t.Helper()
	primary = StartInstance(t)
	return primary, primary.Follow(t)
}

// StartInstance starts a server, which is stopped and removed when the test ends. It skips the test if the suite does
// not run on PostgreSQL, and calls installed.Missing if the server's programs are not installed.
func StartInstance(t testing.TB) *Instance {
	t.Helper()
	if !Postgres() {
		t.Skip("needs " + ServerVariable)
	}
	i := newInstance(t)
	i.run(t, "initdb", "-D", i.data(), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
	i.Start(t)
	return i
}

// Follow starts a standby of the server, which is stopped and removed when the test ends.
func (i *Instance) Follow(t testing.TB) *Instance {
	t.Helper()
	standby := newInstance(t)
	standby.run(t, "pg_basebackup", "-D", standby.data(), "-h", i.dir, "-U", "postgres",
		"--no-sync", "-c", "fast", "-X", "stream", "--write-recovery-conf")
	standby.Start(t)
	return standby
}

func newInstance(t testing.TB) *Instance {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg") //nolint:usetesting // t.TempDir's path is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	i := &Instance{dir: dir, as: owner(t)}
	t.Cleanup(func() {
		i.Stop(t)
		_ = os.RemoveAll(dir)
	})
	if i.as != nil {
		if err := os.Chown(dir, int(i.as.Uid), int(i.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	return i
}

// owner returns the user to run the server as, or nil for the current one: PostgreSQL refuses to run as root.
func owner(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		installed.Missing(t, "the user postgres", "postgresql")
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if uidErr != nil || gidErr != nil {
		t.Fatal(uidErr, gidErr)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (i *Instance) data() string { return filepath.Join(i.dir, "data") }

func (i *Instance) command(t testing.TB, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(installed.Program(t, name, "postgresql"), arguments...)
	c.Dir = i.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: i.as}
	return c
}

func (i *Instance) run(t testing.TB, name string, arguments ...string) {
	t.Helper()
	if output, err := i.command(t, name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
}

// Start starts a stopped server, and waits until it accepts connections.
func (i *Instance) Start(t testing.TB) {
	t.Helper()
	c := i.command(t, "postgres", "-D", i.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+i.dir,
		"-c", "fsync=off", "-c", "lc_messages=C", "-c", "logging_collector=off", "-c", "log_destination=stderr")
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	i.server, i.logged = c, make(chan struct{})
	lines := bufio.NewScanner(log)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		// A standby is "ready to accept read-only connections".
		if strings.Contains(lines.Text(), "ready to accept") {
			go func() {
				_, _ = io.Copy(io.Discard, log)
				close(i.logged)
			}()
			return
		}
	}
	close(i.logged)
	t.Fatalf("PostgreSQL does not start:\n%s", strings.Join(said, "\n"))
}

// Stop ends a server and all its connections without a checkpoint, like a crash. It does nothing if the server is not
// running.
func (i *Instance) Stop(t testing.TB) {
	t.Helper()
	if i.server == nil {
		return
	}
	if err := i.server.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Error(err)
	}
	<-i.logged
	_ = i.server.Wait() // reports that it was stopped
	i.server = nil
}

// Promote turns a standby into a primary.
func (i *Instance) Promote(t testing.TB) {
	t.Helper()
	i.run(t, "pg_ctl", "-D", i.data(), "-w", "promote")
}

// Address returns the address of the server's database postgres.
func (i *Instance) Address() string {
	address := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres"}
	address.RawQuery = url.Values{"host": {i.dir}, "sslmode": {"disable"}}.Encode()
	return address.String()
}
