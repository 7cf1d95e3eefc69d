package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Rows and columns of the table of verdicts.
const (
	levelOuter = iota
	levelInner
	levelOnly
	numLevels
)

const (
	sumIPv4 = iota
	sumUDP
	sumTCP
	sumICMP
	sumICMPv6
	sumSCTP
	sumUDPLite
	sumIGMP
	sumGRE
	numSums
)

var (
	levelNames = [numLevels]string{"outer", "inner", "only"}
	sumNames   = [numSums]string{"ipv4", "udp", "tcp", "icmp", "icmpv6", "sctp", "udplite", "igmp", "gre"}
)

// sums gives the column of each protocol with a checksum.
var sums = [256]uint8{
	decoders.ProtoUDP: sumUDP, decoders.ProtoTCP: sumTCP, decoders.ProtoICMP: sumICMP,
	decoders.ProtoICMPv6: sumICMPv6, decoders.ProtoSCTP: sumSCTP, decoders.ProtoUDPLite: sumUDPLite,
	decoders.ProtoIGMP: sumIGMP, decoders.ProtoGRE: sumGRE,
}

// counts are the statistics of one capture.
type counts struct {
	frames         int
	bytes          int64
	levels         [decoders.NumEncaps]int
	opaque         [decoders.NumOpaques]int
	fragments      int
	synRetransmits int
	portReuses     int
	sums           [numLevels][numSums][checksum.NumVerdicts]int
}

// add counts a packet as it was decoded and tracked.
func (c *counts) add(p *decoders.Packet) {
	c.frames++
	c.bytes += int64(p.Len)
	c.opaque[p.Opaque]++
	levels := p.Levels()
	for i := range levels {
		lv := &levels[i]
		c.levels[lv.Encap]++
		if lv.Fragment {
			c.fragments++
		}
		row := &c.sums[levelOf(i, len(levels))]
		if v := lv.IPSum.Verdict; v != checksum.None {
			row[sumIPv4][v]++
		}
		if v := lv.L4Sum.Verdict; v != checksum.None {
			row[sums[lv.Proto]][v]++
		}
	}
}

// levelOf returns the row of level i of n.
func levelOf(i, n int) int {
	switch {
	case n == 1:
		return levelOnly
	case i == n-1:
		return levelInner
	}
	return levelOuter
}

// LevelName returns the word for level i of n in a packet: "only", "inner" or
// "outer".
func LevelName(i, n int) string { return levelNames[levelOf(i, n)] }

// verified reports whether the transport checksum of an innermost level was
// judged, whether there was an IPv4 header, and whether the UDP checksum of a
// tunnel was judged.
func (c *counts) verified() (transport, ipv4, tunnel bool) {
	for level := range numLevels {
		for protocol := range numSums {
			for v, n := range c.sums[level][protocol] {
				switch {
				case n == 0:
				case protocol == sumIPv4:
					ipv4 = true
				case checksum.Verdict(v) == checksum.Unverifiable:
				case level != levelOuter:
					transport = true
				case protocol == sumUDP:
					tunnel = true
				}
			}
		}
	}
	return transport, ipv4, tunnel
}

// note counts what the flow table noticed.
func (c *counts) note(n flow.Notes) {
	if n.Has(flow.SYNRetransmission) {
		c.synRetransmits++
	}
	if n.Has(flow.PortReuse) {
		c.portReuses++
	}
}

// explained moves the outer UDP checksums that were counted as bad before a
// later packet said what they are.
func (c *counts) explained(moved *[checksum.NumVerdicts]int) {
	row := &c.sums[levelOuter][sumUDP]
	for v, n := range moved {
		row[v] += n
		row[checksum.Bad] -= n
	}
}

// merge adds the statistics of another capture.
func (c *counts) merge(o *counts) {
	c.frames += o.frames
	c.bytes += o.bytes
	c.fragments += o.fragments
	c.synRetransmits += o.synRetransmits
	c.portReuses += o.portReuses
	for e, n := range o.levels {
		c.levels[e] += n
	}
	for o, n := range o.opaque {
		c.opaque[o] += n
	}
	for l := range o.sums {
		for p := range o.sums[l] {
			for v, n := range o.sums[l][p] {
				c.sums[l][p][v] += n
			}
		}
	}
}

// fill writes c into the statistics of the report.
func (c *counts) fill(s *Stats) {
	s.Frames = c.frames
	s.Bytes = c.bytes
	s.Levels = c.levels
	s.Opaque = c.opaque
	s.Opaque[decoders.OpaqueNone] = 0
	s.Fragments = c.fragments
	s.SYNRetransmissions = c.synRetransmits
	s.PortReuses = c.portReuses
	s.Checksums = c.rows()
}

// rows returns the table of verdicts without empty rows.
func (c *counts) rows() []ChecksumCount {
	var rows []ChecksumCount
	for l := range numLevels {
		for p := range numSums {
			if c.sums[l][p] != [checksum.NumVerdicts]int{} {
				rows = append(rows, ChecksumCount{Level: levelNames[l], Protocol: sumNames[p], Counts: c.sums[l][p]})
			}
		}
	}
	return rows
}
