package turns

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestStats checks the statistics after one place ran for a second while another waited, and others were refused for
// each possible reason.
func TestStats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1, 2)
		leave, err := q.Enter(t.Context(), networkOf(1))
		if err != nil {
			t.Fatal(err)
		}
		var first, second *Place
		for _, p := range []**Place{&first, &second} {
			if *p, err = q.Join(networkOf(1)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := q.Join(networkOf(1)); !errors.Is(err, ErrBusy) {
			t.Errorf("a fourth place: got %v, want ErrBusy", err)
		}
		other, err := q.Join(networkOf(2)) // the second place makes way for it
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Wait(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("the displaced place: got %v, want ErrBusy", err)
		}
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := other.Wait(soon); !errors.Is(err, ErrBusy) {
			t.Errorf("the place whose context ended: got %v, want ErrBusy", err)
		}
		waited := make(chan error)
		go func() { waited <- first.Wait(t.Context()) }()
		synctest.Wait()
		if got := q.Stats(); got.Places != 1 || got.Running != 1 || got.Waiting != 1 {
			t.Errorf("got %+v, want 1 place, 1 running and 1 waiting", got)
		}
		time.Sleep(time.Second) // on the bubble's clock
		leave()
		if err := <-waited; err != nil {
			t.Error(err)
		}
		first.Leave()
		want := Stats{Places: 1, history: history{Turns: 2, Waited: time.Second, Full: 1, Displaced: 1, GivenUp: 1}}
		if got := q.Stats(); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
