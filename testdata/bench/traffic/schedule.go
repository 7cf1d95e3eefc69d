package traffic

// A schedule is a heap of what flows do next, the earliest on top.
type schedule []event

// An event is the next packet of a flow.
type event struct {
	at   int64 // microseconds
	flow int32 // index
}

// before orders events; of the same time, so that the order is defined, by flow.
func (e event) before(o event) bool { return e.at < o.at || e.at == o.at && e.flow < o.flow }

// push adds an event.
func (s *schedule) push(e event) {
	h := append(*s, e)
	i := len(h) - 1
	for i > 0 && e.before(h[(i-1)/2]) {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = e
	*s = h
}

// pop takes the earliest event out.
func (s *schedule) pop() event {
	h := *s
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*s = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = last
	return top
}
