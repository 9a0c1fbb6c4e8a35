package apptest

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// Editors is the number of editors of OneChanges.
const Editors = 6

// OneChanges has editors, numbered from 0, send at once what each changes of the same state, which If-Match names. It
// fails the test unless one of them succeeds and the others are told that somebody was faster: 412.
func OneChanges(t *testing.T, send func(editor int) Response) {
	t.Helper()
	var changed, refused atomic.Int32
	var group sync.WaitGroup
	for editor := range Editors {
		group.Go(func() {
			switch got := send(editor); got.Status {
			case http.StatusOK, http.StatusCreated:
				changed.Add(1)
			case http.StatusPreconditionFailed:
				refused.Add(1)
			default:
				t.Errorf("got %d %s, want success or 412", got.Status, got.Body)
			}
		})
	}
	group.Wait()
	if changed.Load() != 1 || refused.Load() != Editors-1 {
		t.Errorf("%d have changed it, and %d were refused, want 1 and %d", changed.Load(), refused.Load(), Editors-1)
	}
}
