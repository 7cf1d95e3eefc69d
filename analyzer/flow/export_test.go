package flow

// A Count is how many records a table holds: live flows, and what the pools have
// in use for them.
type Count struct{ Flows, Rests, Attempts, Moments, Previous, Sums int }

// Held counts what t holds.
func (t *Table) Held() Count {
	return Count{t.live, t.rests.held(), t.attempts.held(), t.moments.held(), t.previous.held(), t.sums.held()}
}

func (p *pool[T]) held() int { return int(p.used) - len(p.free) }

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
