package picture

// Lanes are the parallel lines of a history, drawn from the newest revision down.
type Lanes struct {
	IDs []string // the revision that each lane leads to; empty for a free lane
}

// Arrive returns the first lane that leads to the revision, or opens one, and returns the other lanes that end there.
func (l *Lanes) Arrive(id string) (lane int, ending []int) {
	lane = -1
	for i, to := range l.IDs {
		switch {
		case to != id:
		case lane < 0:
			lane = i
		default:
			ending = append(ending, i)
		}
	}
	if lane < 0 {
		return l.openAfter(-1, id), nil
	}
	return lane, ending
}

// Close frees lanes.
func (l *Lanes) Close(lanes ...int) {
	for _, i := range lanes {
		l.IDs[i] = ""
	}
	for len(l.IDs) > 0 && l.IDs[len(l.IDs)-1] == "" {
		l.IDs = l.IDs[:len(l.IDs)-1]
	}
}

// Leave continues the lane of a revision to its first parent, and returns new lanes to the others. Without parents, the
// lane ends.
func (l *Lanes) Leave(lane int, parents []string) (opened []int) {
	if len(parents) == 0 {
		l.Close(lane)
		return nil
	}
	l.IDs[lane] = parents[0]
	for _, id := range parents[1:] {
		opened = append(opened, l.openAfter(lane, id))
	}
	return opened
}

// openAfter opens the first free lane after lane, and returns it.
func (l *Lanes) openAfter(lane int, id string) int {
	for i := lane + 1; i < len(l.IDs); i++ {
		if l.IDs[i] == "" {
			l.IDs[i] = id
			return i
		}
	}
	l.IDs = append(l.IDs, id)
	return len(l.IDs) - 1
}
