package decoders

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A reference gives verdicts the slow way. It writes out the frame as it will
// be once network cards have completed the checksums left to them, and sums
// every checksum byte by byte, once over the frame as captured and once over
// that copy. Only where headers begin and end it takes from the Decoder.
type reference struct {
	d         *Decoder
	p         *Packet
	data      []byte
	completed []byte
	verdicts  [MaxLevels]checksum.Verdict // of the transports
	expected  [MaxLevels]bool             // whether the Decoder's Expected is right
}

// slowSum sums bytes as RFC 1071 section 4.1 does.
func slowSum(parts ...[]byte) uint16 {
	var sum uint64
	for i, c := range bytes.Join(parts, nil) {
		sum += uint64(c) << (8 * (1 - i%2))
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return uint16(sum)
}

// pseudoHeader returns the pseudo-header of level i (RFC 9293 section 3.1, RFC
// 8200 section 8.1; the latter's layout serves both, as zeros add nothing).
func (r *reference) pseudoHeader(i int) []byte {
	lv, sp := &r.p.levels[i], &r.d.spans[i]
	if sp.sum == sumPlain {
		return nil
	}
	src, dst := sp.ends(lv)
	b := slices.Concat(src.Netip().AsSlice(), dst.Netip().AsSlice())
	b = binary.BigEndian.AppendUint32(b, uint32(sp.end-sp.transport))
	return append(b, 0, 0, 0, byte(lv.Proto))
}

// fieldAt is where the checksum field stands, by protocol.
var fieldAt = map[Proto]int{
	ProtoTCP: 16, ProtoUDP: 6, ProtoUDPLite: 6, ProtoICMP: 2, ProtoICMPv6: 2, ProtoIGMP: 2, ProtoGRE: 4, ProtoSCTP: 8,
}

// field returns the checksum field of level i in b.
func (r *reference) field(i int, b []byte) []byte {
	at := r.d.spans[i].transport + fieldAt[r.p.levels[i].Proto]
	return b[at : at+2]
}

// covered returns the bytes of b that the checksum of level i covers.
func (r *reference) covered(i int, b []byte) []byte {
	sp := &r.d.spans[i]
	if sp.sum == sumCoverage {
		return b[sp.transport:sp.covered]
	}
	return b[sp.transport:sp.end]
}

// right reports whether the checksum of level i is right in b.
func (r *reference) right(i int, b []byte) bool {
	return slowSum(r.pseudoHeader(i), r.covered(i, b)) == 0xffff
}

// rightWith reports whether sum would be right in the completed frame.
func (r *reference) rightWith(i int, sum uint16) bool {
	b := bytes.Clone(r.completed)
	binary.BigEndian.PutUint16(r.field(i, b), sum)
	return r.right(i, b)
}

// compute writes the right checksum of level i into b.
func (r *reference) compute(i int, b []byte) {
	field := r.field(i, b)
	field[0], field[1] = 0, 0
	binary.BigEndian.PutUint16(field, ^slowSum(r.pseudoHeader(i), r.covered(i, b)))
}

// cut reports whether bytes of level i are not there.
func (r *reference) cut(i int) bool {
	sp := &r.d.spans[i]
	return sp.wire&wireCut != 0 || sp.end > len(r.data) || sp.end < sp.transport
}

// missing reports whether bytes that the checksum of level i covers are not
// there.
func (r *reference) missing(i int) bool { return r.cut(i) || r.p.levels[i].Fragment }

// judge fills in the verdicts.
func (r *reference) judge() {
	r.completed = bytes.Clone(r.data)
	r.verdicts = [MaxLevels]checksum.Verdict{}
	for i := r.p.n - 1; i >= 0; i-- {
		if r.d.spans[i].sum != sumNone && !r.p.levels[i].Held {
			r.verdicts[i] = r.verdict(i)
			r.expected[i] = r.cut(i) || r.rightWith(i, r.p.levels[i].L4Sum.Expected)
		}
		switch {
		case r.cut(i):
			copy(r.completed, r.data) // no card can complete what lies inside
		case r.verdicts[i] == checksum.Partial && r.d.spans[i].sum != sumCRC: // no outer checksum is made in advance of a CRC
			r.compute(i, r.completed)
		}
	}
}

func (r *reference) verdict(i int) checksum.Verdict {
	lv, sp := &r.p.levels[i], &r.d.spans[i]
	field := binary.BigEndian.Uint16(r.field(i, r.data))
	switch {
	case lv.Proto == ProtoUDP && field == 0 && (lv.Network == IPv4 || slices.Contains(tunnelPorts, lv.DstPort)):
		return checksum.Absent
	case r.missing(i):
		return checksum.Unverifiable
	case sp.sum == sumCRC:
		return r.verdictCRC(i)
	case r.right(i, r.data):
		return checksum.Good
	case lv.Proto == ProtoTCP && field == 0:
		return checksum.Partial
	case (lv.Proto == ProtoTCP || lv.Proto == ProtoUDP) && field == slowSum(r.pseudoHeader(i)):
		return checksum.Partial
	case lv.Proto == ProtoGRE && field == 0:
		return checksum.Partial
	case r.right(i, r.completed) && sp.sum != sumCoverage:
		return checksum.LCO
	case lv.Proto == ProtoUDP && field == 0xffff:
		return checksum.NATOnZero
	case r.doubtful(i):
		return checksum.Unverifiable
	}
	return checksum.Bad
}

// tunnelPorts are the UDP ports whose datagrams need no checksum over IPv6.
var tunnelPorts = []uint16{4789, 8472, 4790, 6081, 6635}

func (r *reference) doubtful(i int) bool {
	sp := &r.d.spans[i]
	return sp.wire != 0 || sp.netEnd-sp.net > 1500 || r.p.levels[i].IPSum.Verdict == checksum.Bad
}

// verdictCRC gives the verdict on an SCTP checksum, bit by bit: CRC32c
// (RFC 9260 appendix A) is the remainder of a division by 1edc6f41.
func (r *reference) verdictCRC(i int) checksum.Verdict {
	b := bytes.Clone(r.covered(i, r.data))
	field := binary.LittleEndian.Uint32(b[8:])
	clear(b[8:12])
	crc := ^uint32(0)
	for _, c := range b {
		crc ^= uint32(c)
		for range 8 {
			if crc, c = crc>>1, byte(crc&1); c != 0 {
				crc ^= 0x82f63b78 // 1edc6f41, the bits in reverse
			}
		}
	}
	switch {
	case field == ^crc:
		return checksum.Good
	case field == 0:
		return checksum.Partial
	case r.doubtful(i):
		return checksum.Unverifiable
	}
	return checksum.Bad
}

// set writes a checksum of the kind of op into level i, if all its bytes are
// there: the kinds that a random field would hardly ever meet.
func (r *reference) set(i int, op uint16) {
	if r.d.spans[i].sum == sumNone || r.d.spans[i].sum == sumCRC || r.missing(i) {
		return
	}
	field := r.field(i, r.data)
	switch op % 8 {
	case 0: // as it is
	case 1:
		r.compute(i, r.data)
	case 2:
		binary.BigEndian.PutUint16(field, slowSum(r.pseudoHeader(i)))
	case 3: // right once the levels inside are completed
		r.judge()
		r.compute(i, r.completed)
		copy(field, r.field(i, r.completed))
	case 4:
		field[0], field[1] = 0, 0
	case 5:
		field[0], field[1] = 0xff, 0xff
	case 6:
		field[0]++
	case 7:
		field[1] ^= 0x80
	}
}

// compare decodes f after ops, three bits a level, have set its checksums,
// and returns how the verdicts differ from the slow ones.
func (r *reference) compare(f *capture.Frame, ops uint16) error {
	r.data = f.Data
	r.d.forget()
	r.d.Decode(f, r.p)
	for i := r.p.n - 1; i >= 0; i-- {
		r.set(i, ops>>(3*i))
	}
	r.d.Decode(f, r.p)
	r.judge()
	for i := range r.p.Levels() {
		s := r.p.levels[i].L4Sum
		if s.Verdict != r.verdicts[i] {
			return fmt.Errorf("level %d: %v, want %v\n%s", i, s.Verdict, r.verdicts[i], dump(r.p))
		}
		if r.d.spans[i].sum == sumCRC {
			continue
		}
		if told := s.Verdict.Fault() || s.Verdict == checksum.Partial || s.Verdict == checksum.LCO; told && !r.expected[i] {
			return fmt.Errorf("level %d: %04x is not right either\n%s", i, s.Expected, dump(r.p))
		}
	}
	return r.compareIPv4()
}

// compareIPv4 compares the verdicts on the IPv4 headers.
func (r *reference) compareIPv4() error {
	for i := range r.p.Levels() {
		lv := &r.p.levels[i]
		if lv.Network != IPv4 {
			continue
		}
		h := r.data[r.d.spans[i].net:]
		h = h[:4*int(h[0]&15)]
		want := checksum.Bad
		switch {
		case slowSum(h) == 0xffff:
			want = checksum.Good
		case h[10] == 0 && h[11] == 0:
			want = checksum.Partial
		case h[2] == 0 && h[3] == 0:
			want = checksum.Unverifiable
		}
		if lv.IPSum.Verdict != want {
			return fmt.Errorf("level %d: IPv4 header %v, want %v\n%s", i, lv.IPSum.Verdict, want, dump(r.p))
		}
	}
	return nil
}

// verdictFrames returns the frames of verdictRows.
func verdictFrames(tb testing.TB) []capture.Frame {
	tb.Helper()
	var frames []capture.Frame
	for _, row := range verdictRows {
		frames = append(frames, scriptFrames(tb, "0 "+row.packet+"\n")...)
	}
	return frames
}

// TestVerdictSlowly compares the verdicts on packets whose checksums are set
// at random, and of which a third have a byte changed, with the slow ones.
func TestVerdictSlowly(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	r := &reference{d: NewDecoder(Options{}), p: new(Packet)}
	seen := map[checksum.Verdict]int{}
	for _, f := range verdictFrames(t) {
		for range 400 {
			g := f
			g.Data = bytes.Clone(f.Data)
			if rnd.IntN(3) == 0 {
				g.Data[rnd.IntN(min(len(g.Data), 120))] = byte(rnd.Uint32())
			}
			if err := r.compare(&g, uint16(rnd.Uint32())); err != nil {
				t.Fatalf("%v\n%x", err, g.Data)
			}
			for i := range r.p.Levels() {
				seen[r.p.levels[i].L4Sum.Verdict]++
			}
		}
	}
	for v := checksum.Good; v < checksum.NumVerdicts; v++ {
		if seen[v] < 100 && v != checksum.NATOnLCO { // that is for a flow to say
			t.Errorf("%v: only %d packets", v, seen[v])
		}
	}
}

// The same over captures, as they are.
func TestVerdictSlowlyOverCaptures(t *testing.T) {
	r := &reference{d: NewDecoder(Options{}), p: new(Packet)}
	for _, path := range captures(t) {
		eachFrame(t, path, func(f *capture.Frame) {
			if err := r.compare(f, 0); err != nil {
				t.Errorf("%s frame %d: %v", path, f.Number, err)
			}
		})
	}
}
