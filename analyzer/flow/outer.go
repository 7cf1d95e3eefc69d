package flow

import (
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// The source ports that Linux takes for VXLAN unless told otherwise:
// udp_flow_src_port with net.ipv4.ip_local_port_range.
const (
	firstVXLANPort = 32768
	lastVXLANPort  = 60999
)

// An outer is what is known of the outer UDP checksums of one direction of a
// flow. One packet alone cannot tell a checksum that NAT left alone from
// damage: any wrong field is right for some source port. Two can. The state
// belongs to the flow of the inner packets, because that is what the tunnel
// device hashes into the source port.
type outer struct {
	kind     checksum.Verdict // what the bad ones turned out to be; None while not known
	solved   uint16           // the source port that their fields are right for
	field    uint16           // the field of the first of them
	port     uint16           // its source port
	src      uint32           // its outer source address; valid iff IPv4
	waiting  uint32           // packets counted as bad that will be explained with it
	lco      uint32           // packets counted as NATOnLCO
	identity uint64           // of the first of them
}

// solve returns the source port for which the checksum of u would be right;
// 0 where nothing is wrong with it.
func solve(u *decoders.Level) uint16 {
	if v := u.L4Sum.Verdict; v != checksum.Bad && v != checksum.NATOnLCO {
		return 0
	}
	return checksum.SourcePortFor(u.SrcPort, u.L4Sum.Field, u.L4Sum.Expected)
}

// judgeOuter looks at the outermost UDP checksum around a packet of f with
// what earlier packets of the same inner flow and direction showed. It sets
// the verdict in p where it knows better, and reports whether earlier packets
// are explained now; their number is in t.Explained.
func (t *Table) judgeOuter(f *Flow, dir Dir, p *decoders.Packet, identity uint64) bool {
	u := p.Tunnel()
	if u == nil {
		return false
	}
	if u.L4Sum.Verdict == checksum.Bad {
		return t.judgeBad(f, t.makeSums(f, dir), u, identity)
	}
	index := t.restOf(f).sums
	if index == 0 {
		return false
	}
	o := &t.sums.get(index)[dir]
	switch u.L4Sum.Verdict {
	case checksum.Good, checksum.LCO:
		// The node sent this packet as it meant to. Where an earlier one is
		// right for this port, or has the very same checksum under another
		// port, NAT changed the port of that one.
		if o.waiting > 0 && o.kind == checksum.None && u.SrcPort != o.port &&
			(u.SrcPort == o.solved || u.L4Sum.Field == o.field) {
			return t.explain(f, o, checksum.NATOnLCO)
		}
	case checksum.Absent:
		// The node sends no outer checksums. An earlier field that is just the
		// difference of two source addresses is NAT's update of a zero
		// (inet_proto_csum_replace4 in __udp_manip_pkt). It overrules NATOnLCO:
		// the constant field of equally long packets looks like that too.
		if o.waiting+o.lco > 0 && o.kind != checksum.NATOnZero && u.Src.Is4() && u.Src.V4() != o.src &&
			o.field == addressDelta(u.Src.V4(), o.src) {
			return t.explain(f, o, checksum.NATOnZero)
		}
	}
	return false
}

// makeSums returns what is known of the outer checksums of one direction of f,
// to be changed.
func (t *Table) makeSums(f *Flow, dir Dir) *outer {
	r := t.makeRest(f)
	if r.sums == 0 {
		r.sums = t.sums.take()
		*t.sums.get(r.sums) = [2]outer{}
	}
	return &t.sums.get(r.sums)[dir]
}

// judgeBad files a packet whose outer checksum is wrong.
func (t *Table) judgeBad(f *Flow, o *outer, u *decoders.Level, identity uint64) bool {
	solved := solve(u)
	if o.waiting == 0 && o.kind == checksum.None {
		*o = outer{solved: solved, field: u.L4Sum.Field, port: u.SrcPort, waiting: 1, identity: identity}
		if u.Src.Is4() {
			o.src = u.Src.V4()
		}
		return false
	}
	if solved != o.solved {
		return false // damage, or another fault: stays bad
	}
	if o.kind != checksum.None {
		o.tell(u)
		return false
	}
	o.waiting++
	// Different packets whose fields are all right for one port, and a port
	// that a tunnel device would have chosen. Geneve chooses from 1 up
	// (geneve_xmit_skb), so any will do there.
	inRange := solved >= firstVXLANPort && solved <= lastVXLANPort || f.Key.Encap == decoders.EncapGeneve
	if identity == o.identity || !inRange {
		return false
	}
	o.waiting--
	t.explain(f, o, checksum.NATOnLCO)
	o.tell(u)
	return true
}

// tell gives u the verdict that o has reached.
func (o *outer) tell(u *decoders.Level) {
	u.L4Sum.Verdict = o.kind
	if o.kind == checksum.NATOnLCO {
		o.lco++
	}
}

// explain says what the bad checksums seen so far were. It returns true, for
// judgeOuter to report.
func (t *Table) explain(f *Flow, o *outer, v checksum.Verdict) bool {
	o.kind = v
	t.Explained[v] += int(o.waiting)
	if v == checksum.NATOnLCO {
		o.lco += o.waiting
	} else {
		t.Explained[v] += int(o.lco)
		t.Explained[checksum.NATOnLCO] -= int(o.lco)
		o.lco = 0
	}
	o.waiting = 0
	fix := func(a *synSums) {
		if (a.Outer == checksum.Bad || a.Outer == checksum.NATOnLCO) && a.SolvedFor == o.solved {
			a.Outer = v
		}
	}
	fix(&f.syn)
	if more := t.restOf(f).more; more != 0 {
		later := t.attempts.get(more)
		for i := range min(int(f.SYNs), MaxAttempts) - 1 {
			fix(&later[i].synSums)
		}
	}
	return true
}

// addressDelta returns what NAT from address from to address to makes of a
// checksum of 0: fold(~from + to).
func addressDelta(from, to uint32) uint16 {
	sum := func(a uint32) uint16 { return checksum.Add(uint16(a>>16), uint16(a)) }
	return checksum.Add(^sum(from), sum(to))
}

// OuterVerdict returns what the bad outer checksums of one direction of f
// turned out to be: NATOnLCO, NATOnZero, or Bad where nothing explains them.
// solvedFor is the source port that they are right for; valid iff NATOnLCO. It
// is what detectors report once the flow has ended.
func (t *Table) OuterVerdict(f *Flow, dir Dir) (v checksum.Verdict, solvedFor uint16) {
	index := t.restOf(f).sums
	if index == 0 {
		return checksum.Bad, 0
	}
	o := &t.sums.get(index)[dir]
	if o.kind == checksum.None {
		return checksum.Bad, o.solved
	}
	return o.kind, o.solved
}
