package correlate

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A sighting is one packet at one point.
type sighting struct {
	identity uint64 // equal at all points
	short    uint64 // equal at all points, snaplens aside
	time     capture.Timestamp
	frame    uint32
	next     uint32 // in the arena
	seq, ack uint32 // TCP sequence and acknowledgment number
	length   uint32 // payload in bytes
	size     uint32 // outermost datagram in bytes
	outerSum uint16
	port     uint16           // outer UDP source port
	outer    checksum.Verdict // of the outermost UDP level
	dir      flow.Dir
	ttl      uint8 // of the innermost level
	syn      bool  // a SYN without ACK
	tcp      bool
	acks     bool // ack is valid
	turns    bool // SYN or FIN, which take a sequence number
	fragment bool
	partial  bool // its checksum is left to the network card
	sampled  bool
	brief    bool // the snaplen left less of the payload than identity takes
}

// newSighting copies what is needed of p.
func newSighting(p *decoders.Packet, dir flow.Dir, id, short uint64) sighting {
	lv, first := p.Inner(), &p.Levels()[0]
	s := sighting{
		identity: id, short: short,
		time: p.Time, frame: uint32(p.Number), dir: dir,
		length:   uint32(lv.PayloadLen),
		size:     uint32(first.IPLen),
		ttl:      lv.TTL,
		fragment: first.Fragment,
		partial:  lv.L4Sum.Verdict == checksum.Partial,
	}
	if first.Reassembled {
		// IPLen is that of the last fragment.
		s.size = max(s.size, uint32(int(first.FragOff)+first.IPLen))
	}
	switch lv.Proto {
	case decoders.ProtoTCP:
		flags := lv.TCP.Flags
		s.tcp, s.seq, s.ack, s.syn = true, lv.TCP.Seq, lv.TCP.Ack, begins(lv)
		s.acks, s.turns = flags.Has(decoders.ACK), flags.Has(decoders.SYN) || flags.Has(decoders.FIN)
	case decoders.ProtoUDP:
		s.brief = len(lv.Payload) < min(lv.PayloadLen, payloadPrefix)
	}
	if u := p.Tunnel(); u != nil {
		s.outer, s.outerSum, s.port = u.L4Sum.Verdict, u.L4Sum.Field, u.SrcPort
	}
	return s
}

// end returns the sequence number behind the data of a TCP segment.
func (x *sighting) end() uint32 { return x.seq + x.length }

// A track is one direction of a flow at one point.
type track struct {
	count       int // packets, remembered or not
	first, last uint32
	longest     uint32            // payload in bytes, of all packets
	headEnd     capture.Timestamp // time of the last packet of the head
	mask        uint64            // behind the head, packets are remembered whose short identity has none of these bits
	sampled     int
	blind       bool // behind the head, packets were left out that the mask chooses
}

// A seen is one flow at one point, with what was remembered of it.
type seen struct {
	key                  flow.Key
	clientIsA            bool
	firstFrame           uint32
	lastFrame            uint32
	client, server       End
	outer                [2]decoders.Addr // outermost addresses, by sender; zero without encapsulation
	tracks               [2]track
	sightings            []sighting // by frame
	byIdentity           []uint16   // indices of sightings, by identity
	hasSYN               bool
	flipped              bool // client and server were exchanged
	refClient, refServer End  // as findings name them: client and server may have been changed since
}

// An End is one end of a flow, as seen at one point.
type End struct {
	Addr decoders.Addr
	Port uint16
}

func newSeen(point int, p *decoders.Packet, f *flow.Flow, dir flow.Dir) *seen {
	s := &seen{key: f.Key, clientIsA: f.ClientIsA, firstFrame: uint32(p.Number)}
	if o := p.Outer(); o != nil {
		s.outer[dir], s.outer[1-dir] = o.Src, o.Dst
	}
	s.key.Point = uint16(point)
	s.client.Addr, s.client.Port = f.Client()
	s.server.Addr, s.server.Port = f.Server()
	s.refClient, s.refServer = s.client, s.server
	return s
}

// site returns where s was seen.
func (s *seen) site() site { return site{s.key.Point, s.key.Encap} }

// collect takes what was remembered of s out of the arena.
func (s *seen) collect(a *arena) {
	n := 0
	for d := range s.tracks {
		for i := s.tracks[d].first; i != 0; i = a.at(i).next {
			n++
		}
	}
	s.sightings = make([]sighting, 0, n)
	for d := range s.tracks {
		for i := s.tracks[d].first; i != 0; i = a.at(i).next {
			s.sightings = append(s.sightings, *a.at(i))
		}
	}
	slices.SortStableFunc(s.sightings, func(x, y sighting) int { return cmp.Compare(x.frame, y.frame) })
	s.byIdentity = make([]uint16, n)
	for i := range s.sightings {
		s.byIdentity[i] = uint16(i)
		s.hasSYN = s.hasSYN || s.sightings[i].syn
	}
	s.sortIdentities()
}

func (s *seen) sortIdentities() {
	slices.SortFunc(s.byIdentity, func(i, j uint16) int {
		return cmp.Or(cmp.Compare(s.sightings[i].identity, s.sightings[j].identity), cmp.Compare(i, j))
	})
}

// shorten makes do with the short identities.
func (s *seen) shorten() {
	for i := range s.sightings {
		s.sightings[i].identity = s.sightings[i].short
	}
	s.sortIdentities()
}

// flip takes the client for the server. A capture that begins in the middle of
// an exchange of datagrams cannot know who is which.
func (s *seen) flip() {
	s.flipped = !s.flipped
	s.client, s.server = s.server, s.client
	s.outer[0], s.outer[1] = s.outer[1], s.outer[0]
	s.tracks[0], s.tracks[1] = s.tracks[1], s.tracks[0]
	for i := range s.sightings {
		s.sightings[i].dir = 1 - s.sightings[i].dir
	}
}

// all reports whether every packet of a direction is remembered.
func (s *seen) all(dir flow.Dir) bool { return s.tracks[dir].count <= headPackets }

// sameTuple reports whether both flows have the same names, whichever end is
// taken for the client.
func (s *seen) sameTuple(t *seen) bool {
	return s.client == t.client && s.server == t.server || s.client == t.server && s.server == t.client
}
