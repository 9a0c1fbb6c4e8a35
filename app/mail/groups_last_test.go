package mail_test

import (
	"testing"
	"time"
)

// TestLastOfWholeRounds checks when the last mail of a group is due if their number is a multiple of the limit, and if
// it is one more. With a limit of 2 an hour, the mails up to 2n+2 are due after n hours.
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
	for i, hours := range []int{3, 3, 4} { // 5 are pending, the first of them due in an hour
		want := time.Duration(hours) * time.Hour
		if got := lastOf(t, a, "event:1"); got != want {
			t.Errorf("with the limit used up, %d are pending: got %v, want %v", i+5, got, want)
		}
		askMany(t, a, "event:1", 1)
	}
}
