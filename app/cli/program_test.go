package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain runs the tests, or does the work of curl if the test binary is called curl, for systems that have none.
func TestMain(m *testing.M) {
	if name := filepath.Base(os.Args[0]); name == "curl" || name == "curl.exe" {
		curl(os.Args[1:])
		return
	}
	dir, err := os.MkdirTemp("", "guestlist")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "guestlist"+exe)
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// program is the path at which built puts the program.
var program string

// built returns the path of the program. It is built once for all tests that need it, with the race detector if they
// have it.
var built = sync.OnceValue(func() string {
	if _, err := os.ReadFile("../../main.go"); err != nil { // so that go test notices a change to it
		panic(err)
	}
	arguments := append([]string{"build", "-buildvcs=false", "-o", program}, raceFlags...)
	build := exec.Command("go", append(arguments, "../..")...)
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("go build: %v\n%s", err, out))
	}
	return program
})

// curl does the work of curl where it is not installed. It knows what the README uses: -s, -H, -d and an address.
func curl(arguments []string) {
	var url, body string
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for len(arguments) > 0 {
		switch arguments[0] {
		case "-s":
			arguments = arguments[1:]
			continue
		case "-H":
			name, value, _ := strings.Cut(arguments[1], ": ")
			header.Set(name, value)
		case "-d":
			body = arguments[1]
		default:
			url, arguments = arguments[0], arguments[1:]
			continue
		}
		arguments = arguments[2:]
	}
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(os.Stdout, response.Body)
}

// command returns a command that runs the program in dir, with the given environment only.
func command(t *testing.T, dir string, environ []string, arguments ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), built(), arguments...)
	c.Dir, c.Env = dir, append([]string{}, environ...)
	stoppable(c)
	return c
}

// server is the program while it serves.
type server struct {
	url   string
	early []string // the log until it listens
	log   *bufio.Scanner
	proc  *exec.Cmd
}

var listening = regexp.MustCompile(`listening on (http://[^" ]+)`)

func start(t *testing.T, dir string, environ []string, arguments ...string) *server {
	t.Helper()
	s := &server{proc: command(t, dir, append(environ, "PORT=0"), arguments...)}
	stderr, err := s.proc.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.proc.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.proc.Process.Kill() })
	for s.log = bufio.NewScanner(stderr); s.log.Scan(); {
		if found := listening.FindStringSubmatch(s.log.Text()); found != nil {
			s.url = found[1]
			return s
		}
		s.early = append(s.early, s.log.Text())
	}
	t.Fatalf("it does not listen:\n%s", strings.Join(s.early, "\n"))
	return nil
}

// until returns the log up to the first line that contains text, and fails the test if there is none.
func (s *server) until(t *testing.T, text string) string {
	t.Helper()
	var lines []string
	for s.log.Scan() {
		lines = append(lines, s.log.Text())
		if strings.Contains(s.log.Text(), text) {
			return strings.Join(lines, "\n")
		}
	}
	t.Fatalf("%q is not in the log:\n%s", text, strings.Join(lines, "\n"))
	return ""
}

// stop asks the program to end, and returns the rest of its log.
func (s *server) stop(t *testing.T) string {
	t.Helper()
	if err := askToStop(s.proc.Process); err != nil {
		t.Fatal(err)
	}
	var rest []string
	for s.log.Scan() {
		rest = append(rest, s.log.Text())
	}
	if err := s.proc.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, strings.Join(rest, "\n"))
	}
	return strings.Join(rest, "\n")
}

func (s *server) call(t *testing.T, method, path, token, body string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// run runs the program until it exits.
func run(t *testing.T, dir string, environ []string, input string, arguments ...string) (stdout, stderr string,
	code int) {
	t.Helper()
	c := command(t, dir, environ, arguments...)
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() }) // a server that should have refused to start
	defer late.Stop()
	var out, problems bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &problems
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), c.ProcessState.ExitCode()
}
