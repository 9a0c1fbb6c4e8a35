// Command cluster puts load on the program for .ci/cluster: it runs writers, which record what was acknowledged, and a
// mail server, which counts mails. It takes commands on standard input: "stop" ends the writers, and "check" verifies
// that nothing acknowledged is lost.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	writers  = 6
	pause    = 50 * time.Millisecond // after a request that no instance answered
	password = "a good password"
)

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: cluster API SMTP-ADDRESS TOKEN EVENT-ID PROGRESS-FILE")
		os.Exit(2)
	}
	l := &load{
		api: os.Args[1], admin: os.Args[3], event: json.Number(os.Args[4]), progress: os.Args[5],
		client: &http.Client{Timeout: 15 * time.Second}, mails: map[string]int{}, recipients: map[string]int{},
		codes: make(chan invitation, 1<<16), wrong: map[string]int{}, last: time.Now(),
	}
	if err := l.run(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// load is the load and its results.
type load struct {
	api, admin, progress string
	event                json.Number
	client               *http.Client
	codes                chan invitation
	next, refused        atomic.Int64
	stopped              atomic.Bool

	mutex      sync.Mutex
	guests     []*guest
	last       time.Time // when the last write was acknowledged
	gap        time.Duration
	writes     int
	wrong      map[string]int
	mails      map[string]int // by Message-ID
	recipients map[string]int
}

// guest is what the program has acknowledged about a person.
type guest struct {
	email, token                     string
	invited, ending, ended, accepted bool // ending: requested, and perhaps done without a response
}

type invitation struct{ email, code string }

func (l *load) run(smtp string) error {
	listener, err := net.Listen("tcp", smtp)
	if err != nil {
		return err
	}
	go l.serveMail(listener)
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for !l.stopped.Load() {
				l.write()
			}
		})
	}
	for commands := bufio.NewScanner(os.Stdin); commands.Scan(); {
		switch commands.Text() {
		case "stop":
			l.stopped.Store(true)
			group.Wait()
			fmt.Printf("%d writes were acknowledged, %d requests got 502, 503, 504 or no response; no write for "+
				"%.1f s at most\n",
				l.writes, l.refused.Load(), l.gap.Seconds())
			l.note("stopped")
		case "check":
			return l.check()
		}
	}
	return nil
}

// write registers, invites and lists a guest, ends a token, and answers an invitation.
func (l *load) write() {
	n := l.next.Add(1)
	g := &guest{email: fmt.Sprintf("guest%d@example.org", n)}
	var registered struct{ Token string }
	if !l.send(&registered, http.StatusCreated, http.MethodPost, "/api/v1/user", "",
		map[string]any{"email": g.email, "password": password}) {
		return
	}
	g.token = registered.Token
	l.acknowledged(func() { l.guests = append(l.guests, g) })
	body := map[string]any{"event_id": l.event, "email": g.email, "role": "guest"}
	if l.send(nil, http.StatusCreated, http.MethodPost, "/api/v1/invitedGuest", l.admin, body) {
		l.acknowledged(func() { g.invited = true })
		var listed []json.RawMessage
		query := url.Values{"event_id": {l.event.String()}, "q": {g.email}}
		if l.send(&listed, http.StatusOK, http.MethodGet, "/api/v1/invitedGuestList?"+query.Encode(), l.admin, nil) &&
			len(listed) == 0 {
			l.fail("a list lacks the guest who was just invited")
		}
	}
	if g.ending = n%2 == 0; g.ending && l.send(nil, http.StatusOK, http.MethodPost, "/api/v1/logout", g.token, nil) {
		l.acknowledged(func() { g.ended = true })
	}
	select {
	case i := <-l.codes:
		if l.send(nil, http.StatusOK, http.MethodPost, "/api/v1/invitation", "",
			map[string]any{"code": i.code, "status": "accepted"}) {
			l.acknowledged(func() { l.accept(i.email) })
		}
	default:
	}
}

func (l *load) accept(email string) {
	for _, g := range l.guests {
		if g.email == email {
			g.accepted = true
		}
	}
}

// send reports whether a request got the status.
func (l *load) send(into any, status int, method, path, token string, body any) bool {
	got, text := l.request(method, path, token, body)
	switch got {
	case status:
		if into == nil {
			return true
		}
		if err := json.Unmarshal(text, into); err != nil {
			l.fail(fmt.Sprintf("%s %s: %v", method, path, err))
			return false
		}
		return true
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		l.refused.Add(1)
		time.Sleep(pause)
	default:
		path, _, _ = strings.Cut(path, "?")
		l.fail(fmt.Sprintf("%s %s: %d %s", method, path, got, text))
	}
	return false
}

// request returns the status, 0 if there was no response, and the body.
func (l *load) request(method, path, token string, body any) (int, []byte) {
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	if body == nil {
		encoded = nil
	}
	request, err := http.NewRequest(method, l.api+path, bytes.NewReader(encoded))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := l.client.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil
	}
	return response.StatusCode, text
}

func (l *load) fail(what string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.wrong[what]++
}

// acknowledged calls note, which records an acknowledged write, and counts the write.
func (l *load) acknowledged(note func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	note()
	now := time.Now()
	l.gap = max(l.gap, now.Sub(l.last))
	l.last = now
	l.writes++
	l.note(fmt.Sprint(l.writes))
}

// note writes the progress to the file that the script reads.
func (l *load) note(progress string) { _ = os.WriteFile(l.progress, []byte(progress+"\n"), 0o600) }

// check verifies that everything acknowledged is there, and that each mail came once.
func (l *load) check() error {
	var listed []struct {
		Status string
		User   struct{ Email string }
	}
	if !l.send(&listed, http.StatusOK, http.MethodGet, "/api/v1/invitedGuestList?event_id="+l.event.String(),
		l.admin, nil) {
		return fmt.Errorf("the list of guests: %v", l.wrong)
	}
	status := map[string]string{}
	for _, row := range listed {
		status[row.User.Email] = row.Status
	}
	var invited, ended, accepted int
	for _, g := range l.guests {
		l.checkGuest(g, status[g.email])
		if g.invited {
			invited++
		}
		if g.ended {
			ended++
		}
		if g.accepted {
			accepted++
		}
	}
	for id, times := range l.mails {
		if times > 1 {
			l.fail("a mail was sent twice")
			fmt.Println(id, times)
		}
	}
	fmt.Printf("There are %d accounts, %d invitations and %d answers, %d tokens stay ended, and %d mails came once each\n",
		len(l.guests), invited, accepted, ended, len(l.mails))
	if len(l.wrong) == 0 {
		return nil
	}
	for _, what := range slices.Sorted(maps.Keys(l.wrong)) {
		fmt.Fprintf(os.Stderr, "%d times: %s\n", l.wrong[what], what)
	}
	return fmt.Errorf("%d things are wrong", len(l.wrong))
}

func (l *load) checkGuest(g *guest, status string) {
	want, mails := http.StatusOK, 1
	if g.ended {
		want = http.StatusUnauthorized
	}
	if got, _ := l.request(http.MethodGet, "/api/v1/user", g.token, nil); got != want && g.ending == g.ended {
		l.fail(fmt.Sprintf("an account's token (ended: %t) gets %d", g.ended, got))
	}
	if g.invited {
		mails = 2
		if status == "" {
			l.fail("an invitation is lost")
		}
	}
	if g.accepted && status != "accepted" {
		l.fail("an answer is lost: " + status)
	}
	if got := l.recipients[g.email]; got < mails {
		l.fail(fmt.Sprintf("%d mails came instead of %d", got, mails))
	}
}

// serveMail is an SMTP server that accepts every mail.
func (l *load) serveMail(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_ = l.session(bufio.NewReadWriter(bufio.NewReader(conn), bufio.NewWriter(conn)))
		}()
	}
}

func (l *load) session(conn *bufio.ReadWriter) error {
	reply := "220 localhost"
	for {
		if _, err := conn.WriteString(reply + "\r\n"); err != nil {
			return err
		}
		if err := conn.Flush(); err != nil {
			return err
		}
		line, err := conn.ReadString('\n')
		if err != nil {
			return err
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch verb {
		case "DATA":
			if _, err := conn.WriteString("354 go on\r\n"); err != nil {
				return err
			}
			if err := conn.Flush(); err != nil {
				return err
			}
			if err := l.take(conn.Reader); err != nil {
				return err
			}
			reply = "250 taken"
		case "QUIT":
			_, err := conn.WriteString("221 bye\r\n")
			return err
		default:
			reply = "250 localhost"
		}
	}
}

var (
	idHeader   = regexp.MustCompile(`(?mi)^Message-ID: *(\S+)`)
	toHeader   = regexp.MustCompile(`(?mi)^To: .*?([a-z0-9]+@example\.org)`)
	inviteLink = regexp.MustCompile(`/invitation/([A-Za-z0-9_-]+)`)
)

// take reads a message and records its ID, its recipient and the code of an invitation.
func (l *load) take(from *bufio.Reader) error {
	var text strings.Builder
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return err
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(line)
	}
	message := text.String()
	id, to := idHeader.FindStringSubmatch(message), toHeader.FindStringSubmatch(message)
	if id == nil || to == nil {
		l.fail("a mail without an id or a recipient")
		return nil
	}
	l.mutex.Lock()
	l.mails[id[1]]++
	l.recipients[to[1]]++
	l.mutex.Unlock()
	body := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(message) // quoted-printable
	if code := inviteLink.FindStringSubmatch(body); code != nil {
		l.codes <- invitation{to[1], code[1]}
	}
	return nil
}
