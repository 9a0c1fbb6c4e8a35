// Command rolling acts as people who use the program while .ci/rolling upgrades it: they register, sign in, and read
// and change their profiles, over persistent connections. It prints how many requests got which status, and exits with
// 1 if any failed.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// people is how many act at the same time.
const people = 8

// results counts the server's responses.
type results struct {
	mutex   sync.Mutex
	counts  map[string]int // "PUT /api/v1/user 200"
	failed  []string
	slowest time.Duration
}

// main acts, over the socket named by its argument, until SIGTERM.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	r := &results{counts: map[string]int{}}
	var group sync.WaitGroup
	for n := range people {
		group.Go(func() { r.act(ctx, os.Args[1], n) })
	}
	group.Wait()
	for _, what := range slices.Sorted(maps.Keys(r.counts)) {
		fmt.Printf("%7d %s\n", r.counts[what], what)
	}
	fmt.Printf("%7d failed; the slowest took %v\n", len(r.failed), r.slowest.Round(time.Millisecond))
	if len(r.failed) > 0 || len(r.counts) == 0 {
		fmt.Println(strings.Join(r.failed[:min(20, len(r.failed))], "\n"))
		os.Exit(1)
	}
}

// act does what one person does, again and again, until ctx ends. It finishes a request that has begun.
func (r *results) act(ctx context.Context, socket string, person int) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: time.Minute}
	for round := 0; ctx.Err() == nil; round++ {
		who := fmt.Sprintf(`{"email":"guest-%d-%d@example.org","password":"123456"}`, person, round)
		token := r.send(client, http.MethodPost, "/api/v1/user", "", who, http.StatusCreated)
		token = r.send(client, http.MethodPost, "/api/v1/authenticate", token, who, http.StatusOK)
		for change := 0; change < 20 && ctx.Err() == nil; change++ {
			name := fmt.Sprintf(`{"firstname":"Ann","lastname":"of change %d"}`, change)
			r.send(client, http.MethodPut, "/api/v1/user", token, name, http.StatusOK)
			r.send(client, http.MethodGet, "/api/v1/user", token, "", http.StatusOK)
		}
	}
}

// send returns the token in the response, if there is one.
func (r *results) send(client *http.Client, method, path, token, body string, want int) string {
	request, err := http.NewRequest(method, "http://guestlist"+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	// Without GetBody, the transport does not repeat a request with a body if its connection has ended: here, that is a
	// failure.
	request.GetBody = nil
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	begin := time.Now()
	status, text, err := answer(client, request)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.slowest = max(r.slowest, time.Since(begin))
	r.counts[fmt.Sprintf("%s %s %d", method, path, status)]++
	if err != nil || status != want {
		r.failed = append(r.failed, fmt.Sprintf("%v %s %s: %d %s %v", begin.Format(time.TimeOnly), method, path, status,
			text, err))
	}
	var session struct {
		Token string `json:"token"`
	}
	_ = json.Unmarshal(text, &session)
	return session.Token
}

func answer(client *http.Client, request *http.Request) (status int, text []byte, err error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return response.StatusCode, text, err
}
