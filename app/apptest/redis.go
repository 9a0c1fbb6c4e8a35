package apptest

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/app/apptest/installed"
)

// Redis is a redis-server of a test. It listens on a socket in a directory of its own, where no port can be taken.
type Redis struct {
	Socket string

	options []string
	command *exec.Cmd
}

// StartRedis starts a server that runs until the test ends. It skips the test where the program is not installed. The
// options are the program's own.
func StartRedis(t testing.TB, options ...string) *Redis {
	t.Helper()
	installed.Program(t, "redis-server", "redis-server")
	dir, err := os.MkdirTemp("", "redis") //nolint:usetesting // that of the test is too long for the name of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	r := &Redis{Socket: filepath.Join(dir, "socket"), options: options}
	t.Cleanup(r.Kill)
	r.Start(t)
	return r
}

// URL returns the server's address for REDIS_URL.
func (r *Redis) URL() string { return "unix://" + r.Socket }

// Start starts the server, empty, at the address that it had before.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	arguments := append([]string{
		"--port", "0", "--unixsocket", r.Socket, "--dir", filepath.Dir(r.Socket), "--save", "", "--appendonly", "no",
	}, r.options...)
	r.command = exec.CommandContext(context.Background(), "redis-server", arguments...)
	output, err := r.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if strings.Contains(lines.Text(), "Ready to accept connections") ||
			strings.Contains(lines.Text(), "now ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return
		}
	}
	t.Fatalf("redis-server does not start:\n%s", strings.Join(said, "\n"))
}

// Kill ends the server at once and returns when it has ended.
func (r *Redis) Kill() {
	if r.command == nil || r.command.Process == nil {
		return
	}
	_ = r.command.Process.Kill()
	_ = r.command.Wait() // the error is that it was killed
	r.command = nil
}
