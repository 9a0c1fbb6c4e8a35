package users_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/utils"
)

// serverVariable makes this test program a server on the database that it names.
const serverVariable = "BURST_SERVER_DATABASE"

// startServer serves the application on the database at address in a process of its own, so that what the clients of a
// benchmark need is not the server's, and returns its network address and its process.
func startServer(b *testing.B, address string) (listens string, process *os.Process) {
	b.Helper()
	command := exec.CommandContext(context.Background(), os.Args[0], "-test.run=^TestServer$", "-test.timeout=0")
	command.Env = append(os.Environ(), serverVariable+"="+address)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = input.Close()
		_ = command.Wait()
	})
	listens, err = bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(listens), command.Process
}

// TestServer is no test: it is what startServer starts. It serves until its standard input ends.
func TestServer(t *testing.T) { //nolint:paralleltest // it is alone
	address := os.Getenv(serverVariable)
	if address == "" {
		t.Skip("started by a benchmark")
	}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil)) //nolint:sloglint // to write the lines is part of the work
	db, err := database.Open(address, database.Options{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(os.Stdout, listener.Addr())
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	passwords := utils.NewPasswords(utils.ShareProcessors())
	if err := app.New(apptest.Config(), db, app.WithLogger(log), app.WithPasswords(passwords)).Serve(ctx, listener); err != nil {
		t.Error(err)
	}
}
