package correlate

import "github.com/pcapdiag/pcapdiag/decoders/capture"

// listApart lists the pairs of captures that share no packet, not even by way
// of others.
func (s *solver) listApart(res *Result) {
	n := 0
	for _, p := range s.points {
		n = max(n, p.Capture+1)
	}
	group := make([]int, n)
	first, last, frames, cut := make([]capture.Timestamp, n), make([]capture.Timestamp, n), make([]int, n), make([]int, n)
	for i := range group {
		group[i] = i
	}
	for _, p := range s.points {
		first[p.Capture], last[p.Capture] = p.First, p.Last // those of the file, for each of its points
		frames[p.Capture] += p.Frames
		cut[p.Capture] += p.cut
	}
	for _, c := range s.connections {
		for _, f := range c.flows[1:] {
			merge(group, s.points[c.flows[0].key.Point].Capture, s.points[f.key.Point].Capture)
		}
	}
	for a := range group {
		for b := a + 1; b < n; b++ {
			if group[a] == group[b] || frames[a] == 0 || frames[b] == 0 {
				continue
			}
			gap := max(first[b].Sub(last[a]), first[a].Sub(last[b]))
			res.Apart = append(res.Apart, Apart{A: a, B: b, NoOverlap: gap > 0, Gap: max(gap, 0), Cut: cut[a] + cut[b]})
		}
	}
}

// merge puts a and b into one group.
func merge(group []int, a, b int) {
	from, to := group[b], group[a]
	for i, g := range group {
		if g == from {
			group[i] = to
		}
	}
}
