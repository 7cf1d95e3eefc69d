package decoders

import "github.com/pcapdiag/pcapdiag/decoders/checksum"

// A Layout says where in a frame the parts lie that tell who took part, and the
// checksums that depend on them. Offsets are in bytes from the start of the
// frame.
type Layout struct {
	Headers int    // end of what was read as headers; behind it is payload, or what no one understands
	Marks   []Mark // in order of appearance
	Sums    []SumPlace
}

// A Mark is a part of a header that tells who took part.
type Mark struct {
	Kind     MarkKind
	Off, Len int // may reach beyond the captured bytes
}

// A MarkKind says what a Mark marks.
type MarkKind uint8

// The kinds of marks.
const (
	MarkBlank  MarkKind = iota // what nothing is decoded from
	MarkMAC                    // six bytes, and padding behind them
	MarkAddr4                  // an IPv4 address
	MarkAddr16                 // an IPv6 address
	MarkName                   // an interface name, padded with zeros
)

// A SumPlace is the place of the checksums of one level.
type SumPlace struct {
	Level  *Level
	Quoted bool // of a packet that an ICMP error quotes
	Piece  bool // of a fragment behind the first, without a transport header

	Net       int // network header
	Transport int // behind the network header
	End       int // end of the bytes that the transport checksum covers, at most the captured ones
	Field     int // the transport checksum; 0 where there is none or it was not captured
	Whole     bool
	CRC       bool    // the field is a CRC32c of four bytes, as SCTP has it
	Pseudo    [2]Addr // addresses of the pseudo-header; zero where it has none
	Partial   bool    // the field is the sum of the pseudo-header
}

// Layout returns the layout of the frame decoded last; nil unless Options asked
// for it. It is a view, valid until the next frame is decoded.
func (d *Decoder) Layout() *Layout { return d.layout }

func (l *Layout) reset() { l.Headers, l.Marks, l.Sums = 0, l.Marks[:0], l.Sums[:0] }

// rejectedLen is how many bytes are kept of a header that was not understood:
// what it was rejected for is in them, and no address.
const rejectedLen = 8

// endLayout notes where the headers end.
func (w *walk) endLayout() {
	l := w.layout
	if l == nil {
		return
	}
	end := w.off
	if w.p.n > 0 && !w.quoting && w.p.Problems&(ProblemMalformed|ProblemEtherType) != 0 {
		end += rejectedLen
	}
	l.Headers = max(l.Headers, min(end, len(w.data)))
}

// mark notes parts that follow each other, of so many bytes each. The first
// begins at bytes behind w.off.
func (w *walk) mark(kind MarkKind, at int, lengths ...int) {
	if w.layout != nil {
		w.layout.mark(kind, w.off+at, lengths)
	}
}

func (l *Layout) mark(kind MarkKind, off int, lengths []int) {
	for _, n := range lengths {
		l.Marks = append(l.Marks, Mark{kind, off, n})
		off += n
	}
}

// markView marks b, a view of the frame.
func (w *walk) markView(kind MarkKind, b []byte) {
	w.mark(kind, cap(w.data)-cap(b)-w.off, len(b))
}

// cookedMark returns what the address of a cooked header is, by its length.
func cookedMark(length byte) MarkKind {
	if length == 6 {
		return MarkMAC
	}
	return MarkBlank
}

// markOptions blanks the values of those options between from and to that keep
// does not name. Options of TCP and IPv4 have one shape.
func (w *walk) markOptions(from, to int, keep func(kind byte) bool) {
	if w.layout == nil {
		return
	}
	for at := from; at < to && w.off+at < len(w.data); {
		h := w.data[w.off+at:]
		switch {
		case h[0] == optionEnd:
			w.mark(MarkBlank, at, to-at)
			return
		case h[0] == optionNop:
			at++
			continue
		case len(h) < 2 || h[1] < 2 || at+int(h[1]) > to:
			w.mark(MarkBlank, at+1, to-at-1)
			return
		}
		if !keep(h[0]) {
			w.mark(MarkBlank, at+2, int(h[1])-2)
		}
		at += int(h[1])
	}
}

// tcpOptionKept reports whether the value of a TCP option tells nothing but
// what TCP needs. Others hold keys, and addresses of clients (RFC 8684 section
// 3.4.1, and the options that load balancers add).
func tcpOptionKept(kind byte) bool {
	const sack = 5 // RFC 2018 section 3
	switch kind {
	case optionMSS, optionWScale, optionSACKPermit, sack, optionTimestamps:
		return true
	}
	return false
}

// ipv4OptionKept reports that no value of an IPv4 option is kept: nearly all of
// them are lists of addresses.
func ipv4OptionKept(byte) bool { return false }

// place fills in the places of checksums, outermost first and quoted ones last.
func (d *Decoder) place(p *Packet) {
	for i := range p.n {
		d.layout.add(&p.levels[i], &d.spans[i], false)
	}
	for i := range p.Quoted() {
		d.layout.add(&p.quoted[i], &d.quotedSpans[i], true)
	}
}

// sumField is where the checksum is in a transport header, by protocol.
var sumField = map[Proto]int{ProtoTCP: 16, ProtoUDP: 6, ProtoUDPLite: 6, ProtoICMP: 2, ProtoICMPv6: 2, ProtoIGMP: 2, ProtoGRE: 4, ProtoSCTP: 8}

// add adds the place of the checksums of one level.
func (l *Layout) add(lv *Level, sp *span, quoted bool) {
	if lv.Network == ARP {
		return
	}
	captured := len(sp.data)
	s := SumPlace{Level: lv, Quoted: quoted, Piece: lv.FragOff > 0, Net: sp.net, Transport: min(sp.transport, captured)}
	end := sp.end
	if sp.sum == sumCoverage {
		end = sp.covered
	}
	s.End, s.Whole = max(min(end, captured), s.Transport), end <= captured && sp.wire&wireCut == 0
	l.Sums = append(l.Sums, s)
	field, width := sp.transport+sumField[lv.Proto], 2
	if lv.Proto == ProtoSCTP {
		width = 4
	}
	if sp.sum == sumNone || field+width > captured {
		return
	}
	place := &l.Sums[len(l.Sums)-1]
	place.Field, place.CRC = field, sp.sum == sumCRC
	if sp.sum == sumPseudo || sp.sum == sumCoverage {
		place.Pseudo[0], place.Pseudo[1] = sp.ends(lv)
	}
	v := lv.L4Sum.Verdict
	place.Partial = v == checksum.Partial ||
		(quoted || v == checksum.Unverifiable || lv.MoreFrags) && sp.sum != sumCRC && lv.isPartial(lv.pseudo(sp).Fold())
}
