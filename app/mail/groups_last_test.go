package mail_test

import (
	"testing"
	"time"
)

// TestLastOfWholeRounds asks for as many mails as a whole number of times the limit, and for one more: of a limit of 2,
// what goes out after n hours are the mails up to 2n+2.
func TestLastOfWholeRounds(t *testing.T) {
	t.Parallel()
	a := limited(t, 2, time.Hour)
	for i, hours := range []int{0, 0, 1, 1, 2, 2, 3} {
		want := time.Duration(hours) * time.Hour
		askMany(t, a, "event:1", 1)
		if got := lastOf(t, a, "event:1"); got != want {
			t.Errorf("%d mails: got %v, want %v", i+1, got, want)
		}
	}
	if got := len(a.Mails(t)); got != 2 {
		t.Errorf("sent: got %d, want 2", got)
	}
	for i, hours := range []int{3, 3, 4} { // 5 wait, in rounds from an hour on
		want := time.Duration(hours) * time.Hour
		if got := lastOf(t, a, "event:1"); got != want {
			t.Errorf("with the limit used up, %d wait: got %v, want %v", i+5, got, want)
		}
		askMany(t, a, "event:1", 1)
	}
}
