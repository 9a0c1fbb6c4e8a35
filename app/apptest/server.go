package apptest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/logging"
	"guestlist/app/secrets"
)

// serverVariable is the environment variable that makes a test binary a server on the database at its value.
const serverVariable = "APPTEST_SERVER_DATABASE"

// Main runs the tests of a package, or the server that StartServer starts. It is for the TestMain of packages that use
// StartServer.
func Main(m *testing.M) {
	address := os.Getenv(serverVariable)
	if address == "" {
		os.Exit(m.Run())
	}
	if err := serve(address); err != nil {
		fmt.Fprintln(os.Stderr, "the server of a test:", err)
		os.Exit(1)
	}
}

// serve serves until standard input is closed, at the latest when the parent process ends. It has New's clock and
// discards mails.
func serve(address string) error {
	log := logging.New(io.Discard, logging.Options{}) // writing lines is part of the load
	clock := NewClock()
	db, err := database.Open(address, database.Options{Logger: log, Now: clock.Now})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, listener.Addr())
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	return app.New(Config(), db, app.WithLogger(log), app.WithClock(clock.Now), app.WithTransport(&recorder{}),
		app.WithPasswords(secrets.NewPasswords(secrets.ShareProcessors()))).Serve(ctx, listener)
}

// Server is an application in its own process, so that clients do not share its processor time, and it can be killed.
type Server struct {
	Address string // host and port
	Process *os.Process

	client *http.Client
	wait   func() error
	killed bool
}

// StartServer serves the application on the database at address, which must have the current schema, until the test
// ends. The package's TestMain must be Main.
func StartServer(t testing.TB, address string) *Server {
	t.Helper()
	command, input, listening := StartSelf(t, serverVariable+"="+address)
	s := &Server{Address: listening, Process: command.Process, client: &http.Client{Transport: &http.Transport{}},
		wait: command.Wait}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		_ = input.Close()
		if s.killed {
			return
		}
		if err := command.Wait(); err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	return s
}

// StartSelf runs the test binary once more, with variables (NAME=value) added to its environment, which tell its
// TestMain what to serve. It returns once the new process has printed the address that it listens on. The process
// should end when its standard input is closed, by the caller or because the caller's process ends.
func StartSelf(t testing.TB, variables ...string) (command *exec.Cmd, input io.Closer, address string) {
	t.Helper()
	command = exec.CommandContext(context.Background(), os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), variables...)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		_ = input.Close()
		t.Fatalf("%v did not print its address: %v, %v", variables, err, command.Wait())
	}
	return command, input, strings.TrimSpace(line)
}

// Kill kills the server and waits for it to end.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.Process.Kill(); err != nil {
		t.Errorf("kill the server: %v", err)
	}
	s.killed = true
	_ = s.wait() // reports that it was killed
}

// Send sends a request and returns the response, or an error if the server ended before that. It fails the test if the
// response does not match the OpenAPI document.
func (s *Server) Send(t testing.TB, request Request) (Response, error) {
	t.Helper()
	outgoing := request.HTTP(t)
	outgoing.RequestURI, outgoing.URL.Scheme, outgoing.URL.Host = "", "http", s.Address
	answer, err := s.client.Do(outgoing)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return Response{}, err
	}
	response := Response{answer.StatusCode, answer.Header, string(body)}
	check(t, outgoing, response)
	return response, nil
}
