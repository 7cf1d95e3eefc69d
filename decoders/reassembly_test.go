package decoders

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// TestReassembly tells what each frame of a script gives: "." where it waits,
// the length of the datagram where it completes one, "!" where it is refused
// and "-" where it cannot be kept; then the remarks.
func TestReassembly(t *testing.T) {
	const datagram = " 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 5 frag "
	for _, tt := range []struct{ name, script, want string }{
		{"in order", "0" + datagram + "0:1480\n0" + datagram + "1480:528", ". 2000"},
		{"last piece first", "0" + datagram + "1480:528\n0" + datagram + "0:1480", ". 2000"},
		{"three pieces, middle one last", "0" + datagram + "0:8\n0" + datagram + "16:1992\n0" + datagram + "8:8", ". . 2000"},
		{"two datagrams at once, told by their identification",
			"0" + datagram + "0:1480\n0" + datagram + "0:1480 id 6\n0" + datagram + "1480:528\n0" + datagram + "1480:528 id 6",
			". . 2000 2000"},
		{"two datagrams at once, told by their protocol", `
0 10.0.0.1 > 10.0.0.2 proto 89 length 16 id 5 frag 0:8
0 10.0.0.1 > 10.0.0.2 proto 90 length 16 id 5 frag 8:8
0 10.0.0.1 > 10.0.0.2 proto 89 length 16 id 5 frag 8:8`,
			". . 16 fragments-incomplete 1 at 2"},
		{"the same identification in two tunnels", `
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 5 frag 0:1480
0 vxlan 2 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 5 frag 1480:528`,
			". . fragments-incomplete 2 at 1"},
		{"copies of each piece, as seen at two interfaces",
			"0" + datagram + "0:1480\n0.0001" + datagram + "0:1480\n0.0002" + datagram + "1480:528\n0.0003" + datagram + "1480:528",
			". . 2000 ."},
		{"the same identification again, after the copies",
			"0" + datagram + "0:1480\n0" + datagram + "1480:528\n1" + datagram + "0:1480\n1" + datagram + "1480:528",
			". 2000 . 2000"},
		{"piece inside another, same bytes", "0" + datagram + "0:1480\n0" + datagram + "8:16\n0" + datagram + "1480:528", ". . 2000"},
		{"piece inside another, other bytes",
			"0" + datagram + "0:1480\n0 10.0.0.1:1000 > 10.0.0.2:2001 udp length 2000 id 5 frag 0:1480\n0" + datagram + "1480:528",
			". ! ."},
		{"overlap of eight bytes", "0" + datagram + "0:1480\n0" + datagram + "1472:536\n0" + datagram + "1480:528", ". ! ."},
		{"two last pieces that end differently", "0" + datagram + "1480:528\n0 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2001 id 5 frag 1480:529", ". !"},
		{"last piece in front of another", "0" + datagram + "1480:8\n0 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1000 id 5 frag 8:1000", ". !"},
		{"piece behind the last one", "0 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1000 id 5 frag 8:1000\n0" + datagram + "1480:520", ". !"},
		{"no multiple of eight, and not the last", "0" + datagram + "0:1479", "!"},
		{"piece missing at the end", "0" + datagram + "0:1480", ". fragments-incomplete 1 at 1"},
		{"too late by the clock of the capture", "0" + datagram + "0:1480\n30.1" + datagram + "1480:528", ". . fragments-incomplete 2 at 1"},
		{"just in time", "0" + datagram + "0:1480\n30" + datagram + "1480:528", ". 2000"},
		{"the snaplen cut the first piece", "0" + datagram + "0:1480 snap 100\n0" + datagram + "1480:528", "- -"},
		{"the snaplen cut the last piece", "0" + datagram + "0:1480\n0" + datagram + "1480:528 snap 100\n0" + datagram + "1480:528", ". - -"},
		{"IPv6", `
0 [fd00::1]:1000 > [fd00::2]:2000 udp length 2000 id 5 frag 1232:776
59 [fd00::1]:1000 > [fd00::2]:2000 udp length 2000 id 5 frag 0:1232`, ". 2000"},
		{"VXLAN packet in pieces", `
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1472 outer-id 5 outer-frag 1480:50
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1472 outer-id 5 outer-frag 0:1480`, ". 1472"},
		{"pieces of VXLAN packets in pieces", `
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 0:1480 outer-id 5 outer-frag 0:1480
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 0:1480 outer-id 5 outer-frag 1480:50
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 1480:528 outer-id 6 outer-frag 0:400
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 1480:528 outer-id 6 outer-frag 400:178`, ". . . 2000"},
		{"IPIP packet in pieces", `
0 ipip 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1472 outer-id 5 outer-frag 0:1480
0 ipip 10.0.0.1:1000 > 10.0.0.2:2000 udp length 1472 outer-id 5 outer-frag 1480:20`, ". 1472"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, p := NewDecoder(Options{}), new(Packet)
			var got []string
			for _, f := range scriptFrames(t, tt.script) {
				d.Decode(&f, p)
				got = append(got, outcome(p))
			}
			for _, r := range d.Remarks() {
				got = append(got, fmt.Sprintf("%s %d at %d", r.Code, r.Count, r.FirstFrame))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

// outcome says what became of the fragment in p.
func outcome(p *Packet) string {
	lv := p.Inner()
	switch {
	case p.Problems.Has(ProblemFragments):
		return "!"
	case lv.Held:
		return "."
	case lv.Fragment && !lv.Reassembled:
		return "-"
	case lv.HasTransport && lv.L4Sum.Verdict != checksum.Good:
		return lv.L4Sum.Verdict.String()
	}
	return fmt.Sprint(len(lv.Payload))
}

// TestReassembledAsWhole cuts datagrams at random, sends the pieces in any
// order with copies among them, and expects what the datagram gives that was
// never cut.
func TestReassembledAsWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	d, whole, p := NewDecoder(Options{}), new(Packet), new(Packet)
	for n := range 200 {
		packet := "[fd00::1]:1000 > [fd00::2]:2000 udp"
		if n%2 == 0 {
			packet = "10.0.0.1:1000 > 10.0.0.2:2000 udp"
		}
		length := 1 + rng.IntN(1400)
		packet = fmt.Sprintf("%d vxlan 1 %s length %d id 1 outer-id %d", n, packet, length, n)
		frame := scriptFrames(t, packet)[0]
		d.Decode(&frame, whole)
		total := whole.Levels()[0].PayloadLen + udpLen
		want := append([]byte(nil), whole.Inner().Payload...)

		var lines []string
		for at := 0; at < total; {
			size := min(8*(1+rng.IntN(30)), total-at)
			line := fmt.Sprintf("%s outer-frag %d:%d", packet, at, size)
			lines = append(lines, line)
			if at += size; rng.IntN(4) == 0 && at < total {
				lines = append(lines, line)
			}
		}
		if len(lines) == 1 {
			continue
		}
		rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		completed := 0
		for _, f := range scriptFrames(t, strings.Join(lines, "\n")) {
			d.Decode(&f, p)
			if len(p.Levels()) == 1 {
				continue
			}
			completed++
			if in := p.Inner(); !bytes.Equal(in.Payload, want) || in.L4Sum.Verdict != checksum.Good || p.levels[0].L4Sum.Verdict != checksum.Good {
				t.Fatalf("%s: %s", packet, found(p))
			}
		}
		if completed != 1 {
			t.Fatalf("%s: completed %d times in %q; %s", packet, completed, lines, found(p))
		}
	}
	if r := d.Remarks(); len(r) != 0 {
		t.Errorf("remarks %v", r)
	}
}

// TestReassemblyLimits loses the last fragment of more datagrams than are kept.
func TestReassemblyLimits(t *testing.T) {
	for _, tt := range []struct {
		name        string
		length, lot int
	}{
		{"many small ones", 8, maxDatagrams + 5},
		{"few large ones", 60000, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &reassembler{byKey: map[datagramKey]*datagram{}}
			payload := make([]byte, tt.length/8*8)
			for n := range tt.lot {
				k := datagramKey{id: uint32(n), network: IPv4}
				if _, _, j := r.add(&k, fragment{frame: n + 1, more: true, payload: payload}, 0); j != joinWaits {
					t.Fatalf("datagram %d: %v", n, j)
				}
				if len(r.byKey) > maxDatagrams || r.bytes > maxFragmentBytes {
					t.Fatalf("%d datagrams, %d bytes", len(r.byKey), r.bytes)
				}
			}
			if r.evicted.count == 0 || r.evicted.first != 1 || r.evicted.count+len(r.byKey) != tt.lot {
				t.Errorf("evicted %+v, %d left", r.evicted, len(r.byKey))
			}
			// The newest is still there.
			k := datagramKey{id: uint32(tt.lot - 1), network: IPv4}
			if _, _, j := r.add(&k, fragment{offset: len(payload), payload: payload[:1]}, 0); j != joinCompletes {
				t.Errorf("the newest datagram was not complete: %v", j)
			}
			held := 0
			for _, d := range append(r.free, all(r)...) {
				held += cap(d.buf)
			}
			if held != r.bytes {
				t.Errorf("%d bytes counted, %d held", r.bytes, held)
			}
		})
	}
}

// all returns the datagrams of r, oldest first.
func all(r *reassembler) []*datagram {
	var list []*datagram
	for d := r.oldest; d != nil; d = d.newer {
		list = append(list, d)
	}
	return list
}

// TestReassemblyAllocates nothing in the steady state.
func TestReassemblyAllocates(t *testing.T) {
	frames := scriptFrames(t, `
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 0:1480 outer-id 5 outer-frag 0:1480
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 0:1480 outer-id 5 outer-frag 1480:50
0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:2000 udp length 2000 id 9 frag 1480:528
0 10.0.0.1:1000 > 10.0.0.2:2000 udp length 3000 id 1 frag 0:1480`)
	d, p := NewDecoder(Options{}), new(Packet)
	round := func() {
		for i := range frames {
			d.Decode(&frames[i], p)
			frames[i].Time += capture.Timestamp(time.Minute)
		}
	}
	round()
	if n := testing.AllocsPerRun(200, round); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}
