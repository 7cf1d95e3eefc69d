package flow

// Held returns how many records t holds: live flows, and what the pools have
// in use for them.
func (t *Table) Held() (flows, attempts, previous int) {
	return t.live, len(t.attempts.items) - len(t.attempts.free), len(t.previous.items) - len(t.previous.free)
}

// Steps returns how many slots are looked at to find every live flow once.
func (t *Table) Steps() (n int) {
	mask := len(t.slots) - 1
	for s, v := range t.slots {
		if v != 0 {
			n += (s-int(v>>32))&mask + 1
		}
	}
	return n
}
