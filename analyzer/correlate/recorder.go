package correlate

import (
	"hash/maphash"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

const (
	// MaxPerFlow bounds the packets remembered of one direction of one flow:
	// the handshake, a request and the beginning of an answer.
	MaxPerFlow = 64

	// MaxSightings bounds the packets remembered of all flows at all points,
	// about 64 bytes each.
	MaxSightings = 1 << 21

	// payloadPrefix is the number of payload bytes that identify a datagram.
	// More would not be in every capture: snaplens differ.
	payloadPrefix = 32
)

// A sighting is one packet at one point.
type sighting struct {
	identity uint64 // equal at all points
	time     capture.Timestamp
	frame    uint32
	seq      uint32 // TCP sequence number
	length   uint32 // payload in bytes
	size     uint32 // outermost datagram in bytes
	outerSum uint16
	port     uint16           // outer UDP source port
	outer    checksum.Verdict // of the outermost UDP level
	dir      flow.Dir
	syn      bool // a SYN without ACK
	tcp      bool
	fragment bool
	ttl      uint8 // of the innermost level
}

// A seen is one flow at one point, with what was remembered of it.
type seen struct {
	key            flow.Key
	client, server End
	outerClient    decoders.Addr
	outerServer    decoders.Addr
	sightings      []sighting
	count          [2]int // packets in each direction, remembered or not
}

// An End is one end of a flow, as seen at one point.
type End struct {
	Addr decoders.Addr
	Port uint16
}

// A Recorder remembers what captures show, one point after the other.
type Recorder struct {
	flows   []*seen
	byID    map[uint32]*seen // flows of the capture being read, by flow.Flow.ID
	total   int
	full    bool
	seed    maphash.Seed
	scratch [40]byte
}

// NewRecorder returns an empty Recorder.
func NewRecorder() *Recorder { return &Recorder{seed: maphash.MakeSeed(), byID: map[uint32]*seen{}} }

// Begin starts another capture.
func (r *Recorder) Begin() { clear(r.byID) }

// Full reports whether packets were left out because of MaxSightings.
func (r *Recorder) Full() bool { return r.full }

// Add remembers a packet of a flow. point is the index of the capture point
// among all points of the analysis.
func (r *Recorder) Add(point int, p *decoders.Packet, f *flow.Flow, dir flow.Dir, notes flow.Notes) {
	if notes.Has(flow.Duplicate) {
		return
	}
	s := r.byID[f.ID]
	if s == nil {
		s = newSeen(point, f)
		r.byID[f.ID] = s
		r.flows = append(r.flows, s)
	}
	s.count[dir]++
	if s.count[dir] > MaxPerFlow {
		return
	}
	if r.total == MaxSightings {
		r.full = true
		return
	}
	r.total++
	s.sightings = append(s.sightings, r.sighting(p, dir))
}

func newSeen(point int, f *flow.Flow) *seen {
	s := &seen{key: f.Key, outerClient: f.Outer[flow.ToServer], outerServer: f.Outer[flow.ToClient]}
	s.key.Point = uint16(point)
	s.client.Addr, s.client.Port = f.Client()
	s.server.Addr, s.server.Port = f.Server()
	return s
}

// sighting copies what is needed of p.
func (r *Recorder) sighting(p *decoders.Packet, dir flow.Dir) sighting {
	lv := p.Inner()
	s := sighting{
		identity: r.identity(lv),
		time:     p.Time,
		frame:    uint32(p.Number),
		length:   uint32(lv.PayloadLen),
		size:     uint32(p.Levels()[0].IPLen),
		dir:      dir,
		ttl:      lv.TTL,
		fragment: p.Levels()[0].Fragment,
	}
	if lv.Proto == decoders.ProtoTCP {
		s.tcp, s.seq = true, lv.TCP.Seq
		s.syn = lv.TCP.Flags.Has(decoders.SYN) && !lv.TCP.Flags.Has(decoders.ACK)
	}
	if u := p.Tunnel(); u != nil {
		s.outer, s.outerSum, s.port = u.L4Sum.Verdict, u.L4Sum.Field, u.SrcPort
	}
	return s
}

// identity hashes what makes lv the same packet at every point. The length of
// TCP data is not in it: a super-packet of the sender and its first segment on
// the wire are one.
func (r *Recorder) identity(lv *decoders.Level) uint64 {
	b := r.scratch[:0]
	b = append(b, byte(lv.Proto))
	b = appendUint32(b, lv.IPID)
	switch lv.Proto {
	case decoders.ProtoTCP:
		t := &lv.TCP
		b = append(b, byte(t.Flags&^decoders.PSH)) // segmentation moves PSH to the last segment
		for _, v := range [...]uint32{t.Seq, t.Ack, t.TSVal, t.TSEcr} {
			b = appendUint32(b, v)
		}
		return maphash.Bytes(r.seed, b)
	case decoders.ProtoICMP, decoders.ProtoICMPv6:
		b = append(b, lv.ICMP.Type, byte(lv.ICMP.ID>>8), byte(lv.ICMP.ID), byte(lv.ICMP.Seq>>8), byte(lv.ICMP.Seq))
		return maphash.Bytes(r.seed, b)
	}
	var h maphash.Hash
	h.SetSeed(r.seed)
	h.Write(appendUint32(b, uint32(lv.PayloadLen)))
	h.Write(lv.Payload[:min(len(lv.Payload), payloadPrefix)])
	return h.Sum64()
}

func appendUint32(b []byte, v uint32) []byte {
	return append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}
