package correlate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// stream is packets from first to last of one long connection, one each
// millisecond; drop says which of them are lost.
func stream(first, last int, ttl int, drop func(int) bool) string {
	var b strings.Builder
	for i := first; i <= last; i++ {
		if drop == nil || !drop(i) {
			fmt.Fprintf(&b, "%.3f 10.0.0.1:1 > 10.0.0.2:80 . seq %d ack 1 length 10 ts %d/1 id %d ttl %d\n", float64(i)/1000, 10*i, i, i%65536, ttl)
		}
	}
	return b.String()
}

// TestLongFlow has a connection of which not all packets are remembered.
func TestLongFlow(t *testing.T) {
	for _, tt := range []struct {
		name    string
		a, b    string
		matched int // at least
		lost    [2]int
	}{
		{"nothing lost", stream(1, 3000, 64, nil), stream(1, 3000, 63, nil), MaxPerFlow * 3 / 4, [2]int{0, 0}},
		{"the other capture began later", stream(1, 3000, 64, nil), stream(1500, 3000, 63, nil), 5, [2]int{0, 0}},
		{"the other capture ended earlier", stream(1, 3000, 64, nil), stream(1, 1500, 63, nil), headPackets, [2]int{0, 0}},
		{"packets lost in the beginning", stream(1, 3000, 64, nil), stream(1, 3000, 63, func(i int) bool { return i == 5 || i == 6 }), headPackets, [2]int{2, 0}},
		{"one half lost later", stream(1, 3000, 64, nil), stream(1, 3000, 63, func(i int) bool { return i > 100 && i%2 == 0 }), headPackets, [2]int{5, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := record(t, tt.a, tt.b)
			for _, f := range r.flows {
				if n := f.tracks[flow.ToServer].sampled; n > samplePackets {
					t.Errorf("%d packets sampled", n)
				}
			}
			res := r.Solve(r.points, nil)
			if len(res.Links) != 1 || names(res, res.Path) != "a b" {
				t.Fatalf("%s", summary(res))
			}
			l := res.Links[0]
			if l.Matched[0] < tt.matched || l.Lost[0] < tt.lost[0] || l.Lost[0] > 0 && tt.lost[0] == 0 {
				t.Errorf("matched %d, lost %d; want at least %d and %d", l.Matched, l.Lost, tt.matched, tt.lost)
			}
			if len(r.flows[0].sightings) > MaxPerFlow {
				t.Errorf("%d packets remembered", len(r.flows[0].sightings))
			}
		})
	}
}

// TestAlikeFlow has more packets that look alike than are remembered.
func TestAlikeFlow(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "%d 10.0.0.1:1 > 10.0.0.2:9 udp payload \"alive\" id 0 ttl TTL\n", i)
	}
	a := strings.ReplaceAll(b.String(), "TTL", "64")
	for _, other := range []string{strings.ReplaceAll(b.String(), "TTL", "63"), strings.ReplaceAll(since(b.String(), 90), "TTL", "63")} {
		res := solve(t, a, other)
		if len(res.Links) > 0 && res.Links[0].Lost != [2]int{} {
			t.Errorf("%s", summary(res))
		}
	}
}

// TestFull gives three captures room for thirty packets, two of which come to
// light when an archive is opened.
func TestFull(t *testing.T) {
	var flows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&flows, "%d 10.0.0.1:%d > 10.0.0.2:80 S id %d ts %d/0 ttl TTL\n", i, 1000+i, i, i)
	}
	r := &recording{Recorder: newRecorder(1, 30)}
	r.Expect(2)
	for i, ttl := range []string{"64", "63", "62"} {
		r.read(t, i, strings.ReplaceAll(flows.String(), "TTL", ttl))
	}
	if n := len(r.flows); n != 30 {
		t.Errorf("%d flows remembered", n)
	}
	if n := int(r.arena.used); n != 30 {
		t.Errorf("%d packets remembered", n)
	}
	res := r.Solve(r.points, nil)
	want := "path a b c\nlink a b: matched [10 0], lost [0 0]\nlink b c: matched [10 0], lost [0 0]\nfull\n"
	if got := summary(res); got != want {
		t.Errorf("%s", got)
	}
}

// TestFullInside has room for the flow and not for all its packets.
func TestFullInside(t *testing.T) {
	r := &recording{Recorder: newRecorder(2, 40)}
	r.read(t, 0, stream(1, 20, 64, nil))
	r.read(t, 1, "0.0005 10.0.0.7:1 > 10.0.0.8:1 udp\n0.0006 10.0.0.7:1 > 10.0.0.8:1 udp\n"+stream(1, 20, 63, nil))
	want := "path a b\nlink a b: matched [18 0], lost [0 0]\nfull\n"
	if got := summary(r.Solve(r.points, nil)); got != want {
		t.Errorf("%s", got)
	}
}

// TestTooManyPairs has more flows at both points than are compared, and one of
// them at one point only: it may be one of those that were left out.
func TestTooManyPairs(t *testing.T) {
	var flows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&flows, "%d 10.0.0.1:%d > 10.0.0.2:80 S id %d ts %d/0 ttl TTL\n", i, 1000+i, i, i)
	}
	lost := "5.5 10.0.0.1:999 > 10.0.0.2:80 S id 999 ts 999/0\n"
	for _, tt := range []struct {
		pairs int
		want  string
	}{
		{100, "path a b\nlink a b: matched [40 0], lost [1 0]\n"},
		{10, "path a b\nlink a b: matched [10 0], lost [0 0]\nfull\n"},
	} {
		r := &recording{Recorder: NewRecorder(2)}
		r.pairs = tt.pairs
		r.read(t, 0, strings.ReplaceAll(flows.String(), "TTL", "64")+lost)
		r.read(t, 1, strings.ReplaceAll(flows.String(), "TTL", "63"))
		if got := summary(r.Solve(r.points, nil)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("at most %d pairs:\n%s", tt.pairs, got)
		}
	}
}

// TestArena gives back what is not needed.
func TestArena(t *testing.T) {
	var a arena
	first, second := a.put(sighting{frame: 1}), a.put(sighting{frame: 2})
	a.free(first)
	if third := a.put(sighting{frame: 3}); third != first || a.at(third).frame != 3 || a.at(second).frame != 2 || a.used != 2 {
		t.Errorf("first %d, second %d, third %d; %+v", first, second, third, a.used)
	}
	for i := range arenaChunk {
		if at := a.put(sighting{frame: uint32(i)}); a.at(at).frame != uint32(i) {
			t.Fatalf("sighting %d is lost", i)
		}
	}
	if len(a.chunks) != 2 {
		t.Errorf("%d chunks", len(a.chunks))
	}
}

// TestIdentity lists what must and must not change an identity.
func TestIdentity(t *testing.T) {
	const tcp, udp = "0 10.0.0.1:1 > 10.0.0.2:80 P. seq 5 ack 6 length 10 ts 1/2 id 7", `0 10.0.0.1:1 > 10.0.0.2:80 udp payload "0123456789" id 7`
	for _, tt := range []struct {
		name, a, b string
		same       bool
	}{
		{"TTL", tcp, tcp + " ttl 9", true},
		{"addresses and ports", tcp, strings.NewReplacer("10.0.0.1:1", "10.9.9.9:3", ":80", ":81").Replace(tcp), true},
		{"a tunnel", tcp, strings.Replace(tcp, "0 ", "0 vxlan 1 ", 1), true},
		{"the checksum", tcp, tcp + " sum partial", true},
		{"length of TCP data", tcp, strings.Replace(tcp, "length 10", "length 900", 1), true},
		{"PSH", tcp, strings.Replace(tcp, "P.", ".", 1), true},
		{"another flag", tcp, strings.Replace(tcp, "P.", "F.", 1), false},
		{"IP identification", tcp, strings.Replace(tcp, "id 7", "id 8", 1), false},
		{"sequence number", tcp, strings.Replace(tcp, "seq 5", "seq 6", 1), false},
		{"acknowledgment", tcp, strings.Replace(tcp, "ack 6", "ack 7", 1), false},
		{"timestamp", tcp, strings.Replace(tcp, "ts 1/2", "ts 2/2", 1), false},
		{"echoed timestamp", tcp, strings.Replace(tcp, "ts 1/2", "ts 1/3", 1), false},
		{"UDP payload", udp, strings.Replace(udp, "789", "78x", 1), false},
		{"UDP length", udp, strings.Replace(udp, "789", "78", 1), false},
		{"UDP behind a tunnel", udp, strings.Replace(udp, "0 ", "0 ipip ", 1), true},
		{"echo and reply", "0 10.0.0.1 > 10.0.0.2 icmp echo 1 seq 2 id 7", "0 10.0.0.1 > 10.0.0.2 icmp reply 1 seq 2 id 7", false},
		{"echo sequence", "0 10.0.0.1 > 10.0.0.2 icmp echo 1 seq 2 id 7", "0 10.0.0.1 > 10.0.0.2 icmp echo 1 seq 3 id 7", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ids []uint64
			r := record(t, tt.a, tt.b)
			for _, f := range r.flows {
				ids = append(ids, r.arena.at(f.tracks[0].first+f.tracks[1].first).identity)
			}
			if len(ids) != 2 || (ids[0] == ids[1]) != tt.same {
				t.Errorf("identities %x", ids)
			}
		})
	}
}

// BenchmarkAdd adds packets of a few hundred flows, as a run over a capture
// does. Memory is allocated for thousands of packets at a time, and none for
// those behind the head of a flow that are not sampled.
func BenchmarkAdd(b *testing.B) {
	script, err := packetscript.Parse("0 10.0.0.1:1 > 10.0.0.2:80 . seq 1 ack 1 length 10 ts 1/1 id 1")
	if err != nil {
		b.Fatal(err)
	}
	frame := script.Frames()[0]
	var p decoders.Packet
	decoders.NewDecoder(decoders.Options{}).Decode(&frame, &p)
	table := flow.NewTable(0, func(*flow.Flow) {})
	r := NewRecorder(2)
	r.Begin()
	lv := p.Inner()
	add := func(i int) {
		lv.SrcPort, lv.TCP.Seq, lv.IPID = uint16(i%300), uint32(i), uint32(i%65536)
		f, dir, notes := table.Track(&p, table.Place(&p))
		r.Add(0, &p, f, dir, notes)
	}
	for i := range 300 {
		add(i)
	}
	b.ReportAllocs()
	for i := 300; b.Loop(); i++ {
		add(i)
	}
}
