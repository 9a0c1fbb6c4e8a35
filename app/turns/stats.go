package turns

import "time"

// Stats is what a Queue does now, and what it has done so far.
type Stats struct {
	Places  int // that can run at once
	Running int
	Waiting int // places that wait, or count as such because they have joined

	history
}

type history struct {
	Turns  int64         // that have begun
	Waited time.Duration // for those turns, together

	// Those who were refused: because all places were taken, because they had to make way, or because their context
	// ended while they waited.
	Full, Displaced, GivenUp int64
}

// Stats returns the numbers of the moment.
func (q *Queue) Stats() Stats {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return Stats{Places: q.atOnce, Running: q.atOnce - q.free, Waiting: q.waiting, history: q.history}
}

func (q *Queue) gaveUp() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.history.GivenUp++
}
