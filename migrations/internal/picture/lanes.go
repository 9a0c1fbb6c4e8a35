package picture

// Lanes are the lines of a history on their way down, newest revision first, side by side. Each leads to the revision
// that it holds.
type Lanes struct {
	IDs []string // that the lanes lead to; empty for none
}

// Arrive returns the first lane that leads to the revision, and the others, which end there. If none does, it opens
// one.
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

// Leave sends the lane of a revision on to those that it revises, and returns the lanes that begin beside it. Without
// any, it ends.
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

// openAfter gives an id the first free lane after one.
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
