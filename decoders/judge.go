package decoders

import (
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// standardMTU is the longest datagram of an ordinary Ethernet, in bytes
// (RFC 894). A longer one with a wrong checksum was as likely merged by
// GRO/LRO or not yet cut by TSO as it was damaged: nothing can be said of it.
const standardMTU = 1500

// A segment is the sum of the bytes from a level's transport header to its
// end: as captured, and as it will be once network cards have filled in the
// checksums left to them. The two differ where an inner checksum is partial.
type segment struct{ captured, completed checksum.Unfolded }

// judge gives the verdicts on the transport checksums, from the inside out:
// whether an outer checksum is right depends on the inner one being partial.
// No payload is summed twice: an outer sum is put together from the sums of the
// inner segments and of the bytes around them.
// Where a datagram was put together from fragments the chain breaks: the levels
// around it see one fragment, the levels inside it the whole.
func (d *Decoder) judge(p *Packet) {
	outermost := d.outermostSum(p)
	var inner segment
	innerKnown := false
	for i := p.n - 1; i >= outermost; i-- {
		lv, sp := &p.levels[i], &d.spans[i]
		if lv.Network == ARP || lv.Held {
			innerKnown = false
			continue
		}
		if sp.wire&wireCut != 0 || sp.end > len(sp.data) || sp.transport > sp.end {
			d.cannotJudge(lv, sp)
			innerKnown = false
			continue
		}
		var seg segment
		if innerKnown {
			seg = d.around(i, inner)
		} else {
			sum := checksum.Bytes(sp.data[sp.transport:sp.end])
			seg = segment{sum, sum}
		}
		inner, innerKnown = d.verdict(lv, sp, seg), !lv.Reassembled
	}
}

// outermostSum returns the index of the outermost level with a transport
// checksum: no level before it needs the sum of its bytes.
func (d *Decoder) outermostSum(p *Packet) int {
	for i := range p.n {
		if d.spans[i].sum != sumNone {
			return i
		}
	}
	return p.n
}

// cannotJudge gives the verdict on a transport checksum whose bytes are not
// all there. Only UDP's "no checksum" shows in the field alone.
func (d *Decoder) cannotJudge(lv *Level, sp *span) {
	switch {
	case sp.sum == sumNone:
	case d.isAbsent(lv):
		lv.L4Sum.Verdict = checksum.Absent
	default:
		lv.L4Sum.Verdict = checksum.Unverifiable
	}
}

// around returns the segment of level i from that of level i+1, which is inside
// it.
func (d *Decoder) around(i int, inner segment) segment {
	sp, in := &d.spans[i], &d.spans[i+1]
	// In front of the inner segment: the headers of the tunnel, and link and
	// network header of the inner level.
	front := checksum.Bytes(sp.data[sp.transport:in.transport])
	if in.end < sp.end {
		// Behind it: padding of the inner frame. Most frames have none.
		front = front.Append(checksum.Bytes(sp.data[in.end:sp.end]), in.end-sp.transport)
	}
	seg := segment{captured: front.Append(inner.captured, in.transport-sp.transport)}
	seg.completed = seg.captured
	if inner.completed != inner.captured {
		seg.completed = front.Append(inner.completed, in.transport-sp.transport)
	}
	return seg
}

// verdict gives the verdict on the transport checksum of lv, whose bytes sum
// to seg, and returns the segment as the level around it sees it.
func (d *Decoder) verdict(lv *Level, sp *span, seg segment) segment {
	switch {
	case sp.sum == sumNone:
		return seg
	case lv.piece():
		d.cannotJudge(lv, sp)
		return seg
	case sp.sum == sumCRC:
		lv.judgeSCTP(sp)
		return seg
	case sp.sum == sumCoverage:
		lv.judgeCoverage(sp)
		return seg
	}
	s := &lv.L4Sum
	if d.isAbsent(lv) {
		s.Verdict = checksum.Absent
		return seg
	}
	pseudoHeader := lv.pseudo(sp)
	if pseudoHeader.Plus(seg.captured).Fold() == 0xffff {
		s.Verdict = checksum.Good
		return seg
	}
	pseudo, sum := pseudoHeader.Fold(), pseudoHeader.Plus(seg.completed).Fold()
	s.Expected = ^checksum.Sub(sum, s.Field)
	if s.Expected == 0 && (lv.Proto == ProtoUDP || sp.sum == sumPlain) {
		// RFC 768: a computed zero is sent as all ones. Without a pseudo-header
		// all the rest may be zero, and then nothing else is right.
		s.Expected = 0xffff
	}
	completed := segment{captured: seg.captured, completed: ^pseudoHeader}
	switch {
	case lv.isPartial(pseudo):
		s.Verdict = checksum.Partial
		return completed
	case sum == 0xffff:
		s.Verdict = checksum.LCO
		return completed
	case lv.Proto == ProtoUDP && s.Field == 0xffff:
		s.Verdict = checksum.NATOnZero
	case lv.isDoubtful(sp):
		s.Verdict = checksum.Unverifiable
	default:
		s.Verdict = checksum.Bad
	}
	return seg
}

// judgeCoverage gives the verdict on a UDP-Lite checksum. It is never absent
// (RFC 3828 section 3.1), and Linux never leaves it to a network card.
func (lv *Level) judgeCoverage(sp *span) {
	s := &lv.L4Sum
	sum := lv.pseudo(sp).Plus(checksum.Bytes(sp.data[sp.transport:sp.covered])).Fold()
	if sum == 0xffff {
		s.Verdict = checksum.Good
		return
	}
	s.Verdict, s.Expected = checksum.Bad, ^checksum.Sub(sum, s.Field)
	if s.Expected == 0 {
		s.Expected = 0xffff
	}
	if lv.isDoubtful(sp) {
		s.Verdict = checksum.Unverifiable
	}
}

// isAbsent reports whether the sender chose to send no checksum: UDP 0, over
// IPv4 always, over IPv6 for tunnels only (RFC 8200 section 8.1, RFC 6935
// section 5).
func (d *Decoder) isAbsent(lv *Level) bool {
	return lv.Proto == ProtoUDP && lv.L4Sum.Field == 0 &&
		(lv.Network == IPv4 || d.tunnelPort[lv.DstPort] != EncapNone || d.guesses.guessed(lv.DstPort))
}

// isPartial reports whether a wrong checksum was left to the network card:
// with the pseudo-header sum in the field, which is 0 for GRE
// (gre_build_header), as that has no pseudo-header. A TCP checksum of 0 was
// never computed: damage would hit 0 once in 65,536 packets.
func (lv *Level) isPartial(pseudo uint16) bool {
	switch lv.Proto {
	case ProtoTCP:
		return lv.L4Sum.Field == pseudo || lv.L4Sum.Field == 0
	case ProtoUDP, ProtoGRE:
		return lv.L4Sum.Field == pseudo
	}
	return false
}

// isDoubtful reports whether a wrong checksum may be the fault of what it is
// compared with: lengths and destinations that are guessed, segments merged
// after the capturing host had checked them, or an IP header that is wrong
// itself. In captures whose addresses were replaced before they were given
// away, both checksums are wrong.
func (lv *Level) isDoubtful(sp *span) bool {
	return sp.wire&(wireNoLength|wireRouted) != 0 || sp.netEnd-sp.net > standardMTU || lv.IPSum.Verdict == checksum.Bad
}

// pseudo returns the pseudo-header sum of lv's transport checksum; 0 where it
// has no pseudo-header.
func (lv *Level) pseudo(sp *span) checksum.Unfolded {
	if sp.sum == sumPlain {
		return 0
	}
	src, dst := sp.ends(lv)
	return checksum.Pseudo(src.sum().Plus(dst.sum()), uint8(lv.Proto), sp.end-sp.transport)
}

// ends returns the addresses in the pseudo-header of lv's transport checksum.
func (sp *span) ends(lv *Level) (src, dst Addr) {
	src, dst = lv.Src, lv.Dst
	if sp.wire&wireHome != 0 {
		src = sp.home
	}
	if sp.wire&wireFinal != 0 {
		dst = sp.final
	}
	return src, dst
}
