package audit_test

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/database"
)

// TestCommand lists events that were recorded an hour apart, from noon on, with each filter.
func TestCommand(t *testing.T) {
	t.Parallel()
	clock := apptest.NewClock()
	db := apptest.Database(t, database.Options{Now: clock.Now})
	const ann, bob = 1, 2
	client := func(address, request string) audit.Actor {
		return audit.Actor{Client: netip.MustParseAddr(address), RequestID: request}
	}
	for _, event := range []audit.Event{
		audit.Operator().Event(audit.AdminCreated, ann),
		client("203.0.113.9", "r1").As(ann).Event(audit.SignedIn, ann),
		client("2001:db8::1", "r2").Event(audit.SignInLimited, 0).With(map[string]any{"delay": "1s"}),
		client("203.0.113.9", "r3").As(ann).Event(audit.Registered, bob),
	} {
		if err := audit.Record(t.Context(), db, event); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Hour)
	}
	lines := []string{
		"2026-02-03T12:00:00Z  admin_created    1     -      cli          -        -",
		"2026-02-03T13:00:00Z  signed_in        1     1      203.0.113.9  r1       -",
		`2026-02-03T14:00:00Z  sign_in_limited  -     -      2001:db8::1  r2       {"delay":"1s"}`,
		"2026-02-03T15:00:00Z  registered       2     1      203.0.113.9  r3       -",
	}
	for arguments, want := range map[string][]string{
		"":                                  lines,
		"--limit 0":                         lines,
		"--limit 2":                         lines[2:],
		"--since 2h":                        lines[2:],
		"--since 2026-02-04":                nil,
		"--since 2026-02-03T14:00:00+01:00": lines[1:],
		"--kind signed_in":                  lines[1:2],
		"--user 2":                          lines[3:],
		"--user ann":                        {lines[0], lines[1], lines[3]},
		"--user ann --limit 1":              lines[3:],
	} {
		got, err := list(t.Context(), db, clock.Now, arguments)
		if err != nil {
			t.Errorf("%q: got %v, want no error", arguments, err)
			continue
		}
		var listed []string
		for _, line := range strings.Split(strings.TrimSpace(got), "\n")[2:] {
			listed = append(listed, strings.Join(strings.Fields(line), " "))
		}
		var wanted []string
		for _, line := range want {
			wanted = append(wanted, strings.Join(strings.Fields(line), " "))
		}
		if strings.Join(listed, "\n") != strings.Join(wanted, "\n") {
			t.Errorf("%q: got\n%s\nwant\n%s", arguments, got, strings.Join(want, "\n"))
		}
		if arguments == "" && !strings.HasSuffix(got, strings.Join(lines, "\n")+"\n") {
			t.Errorf("the table does not end with the events, in columns:\n%s", got)
		}
	}
	for arguments, want := range map[string]string{
		"--kind x": "the kinds are registered, ", "--since x": "--since: ", "--since -1h": "--since: ",
		"--limit -1": "--limit: ", "--user x": "--user: nobody", "x": "unknown command",
	} {
		if _, err := list(t.Context(), db, clock.Now, arguments); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", arguments, err, want)
		}
	}
}

func list(ctx context.Context, db *gorm.DB, now func() time.Time, arguments string) (string, error) {
	var out bytes.Buffer
	command := audit.Command(audit.Environment{
		Open: func(context.Context) (*gorm.DB, error) { return db, nil },
		UserID: func(_ context.Context, _ *gorm.DB, user string) (int64, error) {
			id, ok := map[string]int64{"ann": 1, "2": 2}[user]
			if !ok {
				return 0, errors.New("nobody")
			}
			return id, nil
		},
		Now:    now,
		Stdout: &out,
	})
	command.SilenceErrors, command.SilenceUsage = true, true
	command.SetArgs(strings.Fields(arguments))
	err := command.ExecuteContext(ctx)
	return out.String(), err
}

// TestRecordEach checks that RecordEach stores the same events about several users as Record stores about each.
func TestRecordEach(t *testing.T) {
	t.Parallel()
	db := apptest.Database(t, database.Options{Now: apptest.NewClock().Now})
	actor := audit.Actor{Client: netip.MustParseAddr("203.0.113.9"), RequestID: "r1"}.As(9)
	detail := map[string]any{"user_id": 1}
	ids := []int64{3, 1, 1 << 40, 2}
	for _, users := range [][]int64{nil, {7}, ids} {
		if err := audit.RecordEach(t.Context(), db, actor, audit.Blocked, users, detail); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range append([]int64{7}, ids...) {
		if err := audit.Record(t.Context(), db, actor.Event(audit.Blocked, id).With(detail)); err != nil {
			t.Fatal(err)
		}
	}
	events, err := audit.Find(t.Context(), db, audit.Filter{})
	if err != nil || len(events) != 10 {
		t.Fatalf("got %d events, %v; want 10, no error", len(events), err)
	}
	for i := range events {
		events[i].ID = 0
	}
	if each, one := events[:5], events[5:]; !reflect.DeepEqual(each, one) {
		t.Errorf("RecordEach stored %+v, want %+v", each, one)
	}
}

// TestRecordWithItsCause checks that an event is rolled back with the change that caused it.
func TestRecordWithItsCause(t *testing.T) {
	t.Parallel()
	db := apptest.Database(t, database.Options{})
	cause := errors.New("it fails")
	err := db.Transaction(func(tx *gorm.DB) error {
		return errors.Join(audit.Record(t.Context(), tx, audit.Event{Kind: audit.Registered}), cause)
	})
	events, findErr := audit.Find(t.Context(), db, audit.Filter{})
	if !errors.Is(err, cause) {
		t.Errorf("got the error %v, want %v", err, cause)
	}
	if findErr != nil || len(events) != 0 {
		t.Errorf("got the events %v, %v; want none, no error", events, findErr)
	}
}
