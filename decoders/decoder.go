package decoders

import (
	"github.com/google/gopacket/layers"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// VXLANPorts are the UDP destination ports always taken for VXLAN: the one
// IANA assigned (RFC 7348 section 5) and the Linux default that flannel, k3s
// and Cilium use (drivers/net/vxlan).
var VXLANPorts = [...]uint16{4789, 8472}

// GenevePort is the UDP destination port always taken for Geneve (RFC 8926
// section 3.3).
const GenevePort = 6081

// Options say how to decode what no header tells.
type Options struct {
	VXLANPorts  []uint16 // more UDP destination ports to take for VXLAN
	GenevePorts []uint16 // more UDP destination ports to take for Geneve

	// Layout makes the Decoder keep where the parts of each frame lie. Fragments
	// are then not put together: the first one is read as far as it goes.
	Layout bool
}

// A Decoder decodes frames. It holds the working state of one frame and is
// not safe for concurrent use.
type Decoder struct {
	tunnelPort [1 << 16]Encap // by UDP destination port; EncapNone for all others
	spans      [MaxLevels]span
	arp        layers.ARP

	fragments reassembler
	guesses   guesses
	layout    *Layout // nil unless it was asked for

	quoted      Packet // the packet that an ICMP error quotes
	quotedSpans [MaxLevels]span
}

// A span says where a level lies in data, in bytes from its start. Ends are
// what the headers claim, already cut to the frame's length on the wire; they
// may lie beyond the captured bytes.
type span struct {
	data      []byte  // the captured bytes
	net       int     // network header
	transport int     // behind the network header and its extensions
	end       int     // end of the transport header and all behind it
	netEnd    int     // end of the datagram
	covered   int     // end of what the transport checksum covers; valid iff sum is sumCoverage
	sum       sumKind // how the transport checksum is made
	wire      wire    // what a checksum verdict has to know of the packet's way
	home      Addr    // source of the pseudo-header; valid iff wireHome
	final     Addr    // destination of the pseudo-header; valid iff wireFinal
}

// A sumKind says how a transport checksum is made.
type sumKind uint8

const (
	sumNone     sumKind = iota // there is none
	sumPseudo                  // of all bytes and a pseudo-header: TCP, UDP, ICMPv6
	sumPlain                   // of all bytes: ICMP, IGMP, GRE
	sumCoverage                // of the first bytes and a pseudo-header: UDP-Lite
	sumCRC                     // CRC32c of all bytes: SCTP
)

// wire says what keeps a transport checksum from being judged, and whose
// addresses are in its pseudo-header where they are not those of the IP header.
type wire uint8

const (
	wireCut      wire = 1 << iota // bytes are missing: snaplen, or lengths that do not fit
	wireNoLength                  // IPv4 total length 0: the length is a guess
	wireRouted                    // source route or IPv6 routing header: the destination of the pseudo-header is a guess
	wireHome                      // the source is span.home
	wireFinal                     // the destination is span.final
)

// NewDecoder returns a Decoder.
func NewDecoder(o Options) *Decoder {
	d := &Decoder{fragments: reassembler{byKey: map[datagramKey]*datagram{}}}
	for _, port := range VXLANPorts {
		d.tunnelPort[port] = EncapVXLAN
	}
	d.tunnelPort[GenevePort] = EncapGeneve
	d.tunnelPort[vxlanGPEPort] = EncapVXLANGPE
	d.tunnelPort[mplsPort] = EncapMPLS
	if o.Layout {
		d.layout = new(Layout)
	}
	for _, port := range o.VXLANPorts {
		d.tunnelPort[port] = EncapVXLAN
	}
	for _, port := range o.GenevePorts {
		d.tunnelPort[port] = EncapGeneve
	}
	return d
}

// A content is what comes next in a frame.
type content uint8

const (
	contentEnd content = iota // nothing more to decode
	contentEthernet
	contentIPv4
	contentIPv6
	contentARP
	contentMPLS
	contentPPP
)

// A walk is the way through one frame, header by header.
type walk struct {
	d       *Decoder
	layout  *Layout // of d
	p       *Packet
	spans   *[MaxLevels]span
	lv      *Level // the level being filled
	sp      *span
	data    []byte // the captured bytes
	off     int    // where the next header begins
	end     int    // where the enclosing header says that its content ends, at most the length on the wire
	quoting bool   // the packet is the one that an ICMP error quotes, cut somewhere
}

// need reports whether n more bytes were captured. If not, it notes why: the
// snaplen cut them off, or the enclosing header never left room for them.
func (w *walk) need(n int) bool {
	if w.has(n) {
		return true
	}
	if w.off+n <= w.end {
		w.p.Problems |= ProblemShort
	} else {
		w.p.Problems |= ProblemMalformed
	}
	return false
}

// has reports whether n more bytes were captured and belong to the content.
func (w *walk) has(n int) bool { return w.off+n <= len(w.data) && w.off+n <= w.end }

// Decode decodes f into p. It assigns every field of p; p is a view of
// f.Data. Decode never fails: what it cannot decode is in p.Problems, and the
// levels before that stand.
func (d *Decoder) Decode(f *capture.Frame, p *Packet) {
	p.Number, p.Time, p.Point, p.Direction, p.Link = f.Number, f.Time, f.Point, f.Direction, f.Link
	p.Len, p.CapLen, p.Problems, p.Opaque = max(f.Len, len(f.Data)), len(f.Data), 0, OpaqueNone
	p.n, p.nQuoted, p.quoted = 0, 0, nil

	var w walk // field by field, see level
	w.d, w.layout, w.p, w.spans, w.data, w.end = d, d.layout, p, &d.spans, f.Data, p.Len
	if d.layout != nil {
		d.layout.reset()
	}
	w.level(EncapNone)
	w.run(w.link(f.Link))
	if f.Printed != nil {
		d.believe(p, f.Printed)
	} else {
		d.judge(p)
	}
	if d.layout != nil {
		d.place(p)
	}
}

// run decodes header by header until nothing is left or can be decoded.
func (w *walk) run(next content) {
	for next != contentEnd {
		switch next {
		case contentEthernet:
			next = w.ethernet()
		case contentIPv4:
			next = w.ipv4()
		case contentIPv6:
			next = w.ipv6()
		case contentARP:
			next = w.arp()
		case contentMPLS:
			next = w.mpls()
		case contentPPP:
			next = w.ppp()
		}
	}
	w.endLayout()
}

// level begins a new level found in e. It reports false, with the problem
// noted, where the frame nests too deep.
func (w *walk) level(e Encap) bool {
	if w.p.n == MaxLevels {
		w.p.Problems |= ProblemTooDeep
		return false
	}
	w.lv, w.sp = &w.p.levels[w.p.n], &w.spans[w.p.n]
	*w.lv = Level{}
	w.lv.Encap = e
	// Field by field: a literal is made on the stack and copied, twice the time.
	// The network header sets net, transport and netEnd.
	w.sp.data, w.sp.end, w.sp.sum, w.sp.wire = w.data, 0, sumNone, 0
	return true
}

// found makes the level being filled part of the packet: its network header
// was decoded.
func (w *walk) found(n Network) {
	w.lv.Network = n
	w.p.n++
}
