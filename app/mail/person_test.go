package mail_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// farewells returns an application with mails of two kinds to two people, enqueued a minute apart.
func farewells(t *testing.T) *apptest.App {
	t.Helper()
	a := apptest.New(t)
	greet(a.Outbox)
	a.Outbox.Compose("farewell", func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
		return mail.Content{Subject: "Farewell"}, nil
	})
	for _, request := range []mail.Request{
		{Kind: "greeting", Recipient: "ann@example.org", Data: "é1"},
		{Kind: "farewell", Recipient: "ann@example.org", Data: "é1"},
		{Kind: "greeting", Recipient: "bob@example.org", Data: "é12"},
		{Kind: "farewell", Recipient: "bob@example.org", Data: "é2"},
	} {
		if err := a.Outbox.Enqueue(t.Context(), a.DB, request); err != nil {
			t.Fatal(err)
		}
		a.Clock.Advance(time.Minute)
	}
	return a
}

// TestListAndForget checks which mails List returns for a filter, by the minute in which they were enqueued, and that
// Forget deletes them.
func TestListAndForget(t *testing.T) {
	t.Parallel()
	ann := []string{"ann@example.org"}
	for name, test := range map[string]struct {
		to   mail.Filter
		want []int
	}{
		"a recipient":             {mail.Filter{Recipients: ann}, []int{0, 1}},
		"of a kind":               {mail.Filter{Recipients: ann, Kinds: []string{"farewell"}}, []int{1}},
		"and what they are about": {mail.Filter{Recipients: ann, Also: about("greeting", `"é1`)}, []int{0, 1, 2}},
		"what is about others":    {mail.Filter{Recipients: ann, Also: about("farewell", `"é1`)}, []int{0, 1}},
		"no recipient":            {mail.Filter{Also: about("greeting", `"é1"`)}, []int{0}},
		"two recipients":          {mail.Filter{Recipients: append(ann, "bob@example.org")}, []int{0, 1, 2, 3}},
		"no filter":               {mail.Filter{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := farewells(t)
			begin := a.Clock.Now().Add(-4 * time.Minute)
			if got := minutes(t, a, test.to, begin); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			later := slices.DeleteFunc(slices.Clone(test.want), func(minute int) bool { return minute < 1 })
			if got := minutes(t, a, test.to, begin.Add(time.Minute)); !slices.Equal(got, later) {
				t.Errorf("since the second: got %v, want %v", got, later)
			}
			if err := mail.Forget(t.Context(), a.DB, test.to, begin.Add(2*time.Minute)); err != nil {
				t.Fatal(err)
			}
			kept := slices.DeleteFunc([]int{0, 1, 2, 3}, func(minute int) bool {
				return minute <= 2 && slices.Contains(test.want, minute)
			})
			everybody := mail.Filter{Recipients: []string{"ann@example.org", "bob@example.org"}}
			if got := minutes(t, a, everybody, begin); !slices.Equal(got, kept) {
				t.Errorf("after forgetting those up to the third: got %v, want %v", got, kept)
			}
		})
	}
}

func about(kind, data string) mail.DataFilter {
	return mail.DataFilter{Kinds: []string{kind}, Data: data}
}

// minutes returns when the listed mails were enqueued, in minutes since farewells began.
func minutes(t *testing.T, a *apptest.App, to mail.Filter, since time.Time) (minutes []int) {
	t.Helper()
	entries, last, err := mail.List(t.Context(), a.DB, to, since, 0)
	if err != nil || last != 0 {
		t.Fatalf("got last %d, %v; want %d, no error", last, err, 0)
	}
	for _, e := range entries {
		if e.State != mail.Pending || e.Attempts != 0 || e.FinishedAt != nil {
			t.Errorf("got %+v, want one that is pending and was never tried", e)
		}
		minutes = append(minutes, 4-int(a.Clock.Now().Sub(e.CreatedAt)/time.Minute))
	}
	return minutes
}

// TestListInParts checks that List returns at most 1000 mails at a time, with 999 and with 1001 in the outbox.
func TestListInParts(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	to := mail.Filter{Recipients: []string{"ann@example.org"}}
	enqueue := func(count int) {
		t.Helper()
		request := mail.Request{Kind: "greeting", Recipient: "ann@example.org"}
		if err := a.Outbox.Enqueue(t.Context(), a.DB, slices.Repeat([]mail.Request{request}, count)...); err != nil {
			t.Fatal(err)
		}
	}
	list := func(after int64) (last int64, got string) {
		t.Helper()
		entries, last, err := mail.List(t.Context(), a.DB, to, time.Time{}, after)
		return last, fmt.Sprintf("%d entries, more %t, %v", len(entries), last != 0, err)
	}
	enqueue(999)
	if _, got := list(0); got != "999 entries, more false, <nil>" {
		t.Errorf("one less: got %s, want %s", got, "999 entries, more false, <nil>")
	}
	enqueue(2)
	last, got := list(0)
	if want := "1000 entries, more true, <nil>"; got != want {
		t.Errorf("one more: got %s, want %s", got, want)
	}
	if _, got := list(last); got != "1 entries, more false, <nil>" {
		t.Errorf("the rest: got %s, want %s", got, "1 entries, more false, <nil>")
	}
}

// TestEnqueueManyAndNone checks how many statements it takes to enqueue no mails, as many as a statement stores, and
// one more.
func TestEnqueueManyAndNone(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	statements := 0
	if err := a.DB.Callback().Create().Before("gorm:create").Register("n", func(*gorm.DB) { statements++ }); err != nil {
		t.Fatal(err)
	}
	for count, want := range map[int]int{0: 0, 500: 1, 501: 2} {
		statements = 0
		requests := slices.Repeat([]mail.Request{{Kind: "greeting", Recipient: "ann@example.org"}}, count)
		if err := a.Outbox.Enqueue(t.Context(), a.DB, requests...); err != nil || statements != want {
			t.Errorf("%d mails: got %d statements, %v, want %d", count, statements, err, want)
		}
	}
}
