package loadtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// Environment variables that make this test binary a peer: its kind, and the address of the database.
const (
	peerVariable    = "LOADTEST_PEER"
	addressVariable = "LOADTEST_DATABASE"
)

// key signs the tokens of the program and its peers.
const key = "a key for benchmarks, of more than 32 bytes"

var build struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	if kind := os.Getenv(peerVariable); kind != "" {
		if err := servePeer(kind, os.Getenv(addressVariable)); err != nil {
			fmt.Fprintln(os.Stderr, "a peer of a benchmark:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if build.dir != "" {
		_ = os.RemoveAll(build.dir)
	}
	os.Exit(code)
}

// servePeer serves until standard input is closed, which happens at the latest when the parent process ends.
func servePeer(kind, address string) error {
	handler, err := newPeer(kind, address)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, listener.Addr())
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
	return server.Close()
}

// process is a server in its own process.
type process struct {
	name    string
	address string // host and port
	pid     int
	stop    func() // stops the server; the end of the benchmark does, too
}

// startPeer starts a peer on the database at address, and stops it when the benchmark ends.
func startPeer(b *testing.B, kind, address string) process {
	b.Helper()
	command, input, listening := apptest.StartSelf(b, peerVariable+"="+kind, addressVariable+"="+address)
	stop := func() { _ = input.Close() }
	b.Cleanup(func() {
		stop()
		_ = command.Wait()
	})
	return process{kind, listening, command.Process.Pid, stop}
}

// programVariable is the environment variable with the path of another build to measure, such as one from before a
// change.
const programVariable = "LOADTEST_PROGRAM"

// programFile returns the path of the program, which it builds the first time.
func programFile(b *testing.B) string {
	b.Helper()
	if file := os.Getenv(programVariable); file != "" {
		return file
	}
	build.once.Do(func() {
		build.dir, build.err = os.MkdirTemp("", "loadtest") //nolint:usetesting // several benchmarks use it
		if build.err != nil {
			return
		}
		command := exec.Command("go", "build", "-o", filepath.Join(build.dir, "program"), "guestlist")
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := command.CombinedOutput(); err != nil {
			build.err = fmt.Errorf("%w: %s", err, output)
		}
	})
	if build.err != nil {
		b.Fatal("build the program: ", build.err)
	}
	return filepath.Join(build.dir, "program")
}

var listening = regexp.MustCompile(`listening on http://([0-9.:]+)`)

// startProgram starts the program on the database at address, which must have the current schema, and stops it when the
// benchmark ends. The log goes to a file. The limits are off, since all clients share a network.
func startProgram(b *testing.B, address string) (_ process, ready time.Duration) {
	b.Helper()
	dir := b.TempDir()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = log.Close() })
	command := exec.CommandContext(context.Background(), programFile(b))
	command.Dir, command.Stderr = dir, log
	command.Env = []string{
		"DATABASE_URL=" + address, "SECRET_KEY=" + key, "PORT=0", "LIMIT_FAILED_LOGINS=1000", "REQUEST_TIMEOUT=1m",
		"LIMIT_LOGIN=off", "LIMIT_REGISTER=off", "LIMIT_MAIL=off",
	}
	for _, name := range []string{"METRICS_ADDR", "METRICS_PPROF", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG"} {
		if value, ok := os.LookupEnv(name); ok { // for a closer look
			command.Env = append(command.Env, name+"="+value)
		}
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		_ = command.Process.Signal(os.Interrupt)
		if err := command.Wait(); err != nil {
			b.Errorf("the program failed: %v", err)
		}
	})
	b.Cleanup(stop)
	p := process{"program", awaitAddress(b, log.Name()), command.Process.Pid, stop}
	for {
		response, err := http.Get("http://" + p.address + "/readyz")
		if err != nil {
			b.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return p, time.Since(begin)
		}
	}
}

// awaitAddress waits until the log has the program's address, and returns it.
func awaitAddress(b *testing.B, log string) string {
	b.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-tick.C {
		text, err := os.ReadFile(log)
		if err != nil {
			b.Fatal(err)
		}
		if match := listening.FindSubmatch(text); match != nil {
			return string(match[1])
		}
	}
	text, _ := os.ReadFile(log)
	b.Fatalf("the log does not say where the program listens: %s", text)
	return ""
}

// newDatabase returns a database with the current schema, and its address.
func newDatabase(b *testing.B, newURL func(testing.TB) string) (*gorm.DB, string) {
	b.Helper()
	address := newURL(b)
	db := dbtest.Open(b, address, database.Options{})
	dbtest.Upgrade(b, db)
	return db, address
}

// onEach runs the benchmark on SQLite and, if TEST_DATABASE_URL is set, on PostgreSQL.
func onEach(b *testing.B, run func(b *testing.B, db *gorm.DB, address string)) {
	b.Helper()
	for name, newURL := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.URL} {
		if name == "postgres" && !dbtest.Postgres() {
			continue
		}
		b.Run(name, func(b *testing.B) {
			db, address := newDatabase(b, newURL)
			run(b, db, address)
		})
	}
}
