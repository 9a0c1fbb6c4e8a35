package limits

import (
	"context"
	"fmt"
	"sync"

	"guestlist/app/utils"
)

// queue admits a fixed number of callers at once for each key; others wait. It holds only the keys of callers that are
// inside or waiting.
type queue struct {
	places int
	mutex  sync.Mutex
	lines  map[string]*line
}

type line struct {
	inside chan struct{}
	users  int // inside or waiting
}

func newQueue(places int) queue { return queue{places: places, lines: map[string]*line{}} }

// enter waits for a place. The returned function must be called once, to give the place back.
func (q *queue) enter(ctx context.Context, key string) (leave func(), err error) {
	l := q.join(key)
	select {
	case l.inside <- struct{}{}:
		return func() { <-l.inside; q.part(key) }, nil
	case <-ctx.Done():
		q.part(key)
		return nil, fmt.Errorf("%w: other attempts on the same account: %w", utils.ErrBusy, ctx.Err())
	}
}

func (q *queue) join(key string) *line {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l, ok := q.lines[key]
	if !ok {
		l = &line{inside: make(chan struct{}, q.places)}
		q.lines[key] = l
	}
	l.users++
	return l
}

func (q *queue) part(key string) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l := q.lines[key]
	if l.users--; l.users == 0 {
		delete(q.lines, key)
	}
}
