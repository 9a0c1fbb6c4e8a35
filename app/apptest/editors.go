package apptest

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// Editors is the number of concurrent requests of OneChanges.
const Editors = 6

// OneChanges sends the requests of editors, numbered from 0, at the same time, each with the same If-Match. It fails
// the test unless one succeeds and the others get 412.
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
