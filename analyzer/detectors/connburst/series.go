package connburst

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A class is what flows are counted by.
type class int

const (
	classTCP class = iota
	classUDP
	classICMP
	classOther
	classes
)

var classNames = [classes]string{"tcp", "udp", "icmp", "other"}

func classOf(p decoders.Proto) class {
	switch p {
	case decoders.ProtoTCP:
		return classTCP
	case decoders.ProtoUDP:
		return classUDP
	case decoders.ProtoICMP, decoders.ProtoICMPv6:
		return classICMP
	}
	return classOther
}

// counts are flows by class.
type counts [classes]int

func (c *counts) sum() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// byName returns the counts that are not zero.
func (c *counts) byName() map[string]int {
	m := map[string]int{}
	for i, n := range c {
		if n > 0 {
			m[classNames[i]] = n
		}
	}
	return m
}

// How long nf_conntrack keeps an entry after the last packet (nf_conntrack
// sysctls of the Linux documentation; kube-proxy sets the established one to a
// day, which is longer than captures are).
const (
	keepUDP         = 30 * time.Second
	keepUDPStream   = 120 * time.Second
	keepICMP        = 30 * time.Second
	keepSYN         = 120 * time.Second
	keepTimeWait    = 120 * time.Second
	keepClose       = 10 * time.Second
	keepEstablished = 24 * time.Hour
)

// keep returns how long the entry of a flow stays after its last packet.
func keep(f *flow.Flow) time.Duration {
	answered := f.Packets[flow.ToServer] > 0 && f.Packets[flow.ToClient] > 0
	switch c := classOf(f.Key.Proto); {
	case c == classTCP && f.WasReset():
		return keepClose
	case c == classTCP && f.HasFIN():
		return keepTimeWait
	case c == classTCP && answered:
		return keepEstablished
	case c == classTCP:
		return keepSYN
	case c == classUDP && answered:
		return keepUDPStream
	case c == classUDP:
		return keepUDP
	}
	return keepICMP
}

// maxSeconds bounds the length of a capture that entries are counted in, about
// 36 hours; what comes later is counted in the last second.
const maxSeconds = 1 << 17

// A series counts the entries that are open, second by second. Entries of a
// short capture may leave a day later: only the hours that have changes take
// memory.
type series struct {
	began   capture.Timestamp
	changes []*hour // since began
}

// An hour has the changes of each of its seconds: entries made less entries
// gone.
type hour [60 * 60]counts

// second returns the index of a time. Frames out of order may lie before the
// begin.
func (s *series) second(t capture.Timestamp) int {
	return int(min(max(t.Sub(s.began)/time.Second, 0), maxSeconds))
}

// add counts an entry from one time to another.
func (s *series) add(c class, from, to capture.Timestamp) {
	s.at(s.second(from))[c]++
	s.at(s.second(to) + 1)[c]--
}

// at returns the changes of one second. The last second takes no more than the
// entries made: those that go on beyond it never leave.
func (s *series) at(second int) *counts {
	at := second / len(hour{})
	for len(s.changes) <= at {
		s.changes = append(s.changes, nil)
	}
	if s.changes[at] == nil {
		s.changes[at] = new(hour)
	}
	return &s.changes[at][second%len(hour{})]
}

// peak returns the most entries open at once.
func (s *series) peak() (most counts) {
	var open counts
	for _, h := range s.changes {
		if h == nil {
			continue
		}
		for _, change := range h {
			for c, n := range change {
				open[c] += n
			}
			if open.sum() > most.sum() {
				most = open
			}
		}
	}
	return most
}
