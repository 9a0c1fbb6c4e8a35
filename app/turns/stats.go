package turns

import "time"

// Stats describes a Queue: its current state, and totals since it was created.
type Stats struct {
	Places  int // how many can run at once
	Running int
	Waiting int // places that have joined and do not run yet

	history
}

type history struct {
	Turns  int64         // turns that have begun
	Waited time.Duration // the total wait for those turns

	// Refusals: all places were taken, the place was given to another network, or the context ended during the wait.
	Full, Displaced, GivenUp int64
}

// Stats returns a snapshot.
func (q *Queue) Stats() Stats {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return Stats{Places: q.maxRunning, Running: q.maxRunning - q.free, Waiting: q.waiting, history: q.history}
}

func (q *Queue) gaveUp() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.history.GivenUp++
}
