package correlate

import (
	"cmp"
	"slices"
)

// The same bytes travel in different segments: a sender hands super-packets to
// its network card, which cuts them; a receiver merges what comes in. So data
// that has no twin at the other site may have arrived in other segments. What
// was sent again counts only where it is not another packet that was seen at
// both sites: the retransmission of a lost segment does not undo the loss.

// A piece is a range of sequence numbers of one connection, its end excluded.
type piece struct{ from, to uint32 }

// pieces returns what was seen at b and is not a twin of what was seen at a, in
// order. base only sets where the numbers, which wrap, begin.
func (v *view) pieces() []piece {
	var list []piece
	for i := range v.b.sightings {
		y := &v.b.sightings[i]
		if !y.tcp || y.dir != v.dir || y.length == 0 {
			continue
		}
		p := piece{y.seq, y.end()}
		if twin := v.pairing.toA[i]; twin >= 0 {
			p.from = v.a.sightings[twin].end()
		}
		if int32(p.to-p.from) > 0 {
			list = append(list, p)
		}
	}
	if len(list) > 0 {
		base := list[0].from
		slices.SortFunc(list, func(p, q piece) int { return cmp.Compare(int32(p.from-base), int32(q.from-base)) })
	}
	return list
}

// arrived reports whether sighting i of a, all of it, was seen at b.
func (v *view) arrived(i int, pieces []piece) bool {
	x, twin := &v.a.sightings[i], v.pairing.toB[i]
	if !x.tcp || x.length == 0 {
		return twin >= 0
	}
	at := x.seq
	if twin >= 0 {
		at += v.b.sightings[twin].length
	}
	for _, p := range pieces {
		if int32(p.from-at) <= 0 && int32(p.to-at) > 0 {
			at = p.to
		}
	}
	return int32(at-x.end()) >= 0
}

// cutOff reports whether the data of x may reach behind what the head of b
// holds.
func (v *view) cutOff(x *sighting) bool {
	if !x.tcp || x.length == 0 {
		return false
	}
	for i := range v.b.sightings {
		y := &v.b.sightings[i]
		if y.dir == v.dir && !y.sampled && int32(y.end()-x.end()) >= 0 {
			return false
		}
	}
	return true
}
