package flow_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// step is the number of bytes that one packet of FuzzTrack is made of.
const step = 12

// set makes p the packet that b describes: few hosts and ports, so that flows
// meet, and numbers close to each other, so that segments repeat and overlap.
func set(p *decoders.Packet, b []byte) {
	lv := p.Inner()
	lv.Src, lv.Dst = addr(int(b[0]>>4)), addr(int(b[0]&15))
	lv.SrcPort, lv.DstPort = uint16(b[1]>>4), uint16(b[1]&15)
	lv.Proto = [...]decoders.Proto{decoders.ProtoTCP, decoders.ProtoTCP, decoders.ProtoUDP, decoders.ProtoICMP}[b[2]&3]
	lv.HasTransport, lv.Held = b[2]&4 == 0, b[2]&24 == 24
	lv.ICMP.Type, lv.ICMP.ID = b[2]>>5, uint16(b[1]&15)
	lv.TCP.Flags = decoders.TCPFlags(b[3])
	lv.TCP.Seq, lv.TCP.Ack = uint32(int8(b[4])), uint32(int8(b[5]))
	lv.TCP.HasTS, lv.TCP.TSVal = b[6]&1 != 0, uint32(b[6])
	lv.PayloadLen, lv.IPID = int(b[6]>>1)*100, uint32(b[7])
	lv.L4Sum.Verdict = checksum.Verdict(b[8]) % checksum.NumVerdicts
	outer := &p.Levels()[0]
	outer.SrcPort = uint16(b[9])
	outer.L4Sum.Field, outer.L4Sum.Expected = uint16(b[10]), uint16(b[9])
	outer.L4Sum.Verdict = checksum.Verdict(b[10]) % checksum.NumVerdicts
	p.Number++
	p.Time += capture.Timestamp(time.Duration(int8(b[11])) * time.Duration(b[11]>>4) * time.Second / 4)
}

// FuzzTrack tracks an arbitrary sequence of packets, with time that may go
// back, in a table that may be too small: every packet that counts is in one
// flow, every flow ends once, nothing depends on the table's seed, and what is
// held and the steps to find it are bounded by the number of live flows.
func FuzzTrack(f *testing.F) {
	syn := []byte{0x12, 0x12, 0, byte(decoders.SYN), 1, 0, 0, 1, 1, 9, 1, 0x15}
	ack := []byte{0x21, 0x21, 0, byte(decoders.SYN | decoders.ACK), 1, 2, 0, 1, 1, 9, 1, 0x11}
	f.Add(syn, byte(0))
	f.Add(append(append(append([]byte{}, syn...), ack...), syn...), byte(3))
	for _, path := range captures(f) {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(data[:min(len(data), 4096)], byte(1))
		}
	}
	plain, tunnel := one(f, "0 10.0.0.1:1000 > 10.0.0.2:53 udp"), one(f, "0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:53 udp")
	f.Fuzz(func(t *testing.T, data []byte, limit byte) {
		p := *plain
		if limit&1 != 0 {
			p = *tunnel
		}
		p.Number = 0
		m := &monitor{t: t, live: map[uint32]bool{}}
		table, other := flow.NewTable(int(limit), m.end), flow.NewTable(int(limit), func(*flow.Flow) {})
		for ; len(data) >= step; data = data[step:] {
			set(&p, data)
			q := p
			m.see(table.Track(&p, table.Place(&p)))
			g, dir, notes := other.Track(&q, other.Place(&q))
			if m.flow != nil && limit == 0 && (g.ID != m.flow.ID || dir != m.dir || notes != m.notes || p.Levels()[0].L4Sum != q.Levels()[0].L4Sum) {
				t.Fatalf("packet %d: flow %d %v %b, with another seed %d %v %b", p.Number, m.flow.ID, m.dir, m.notes, g.ID, dir, notes)
			}
			m.bounded(table, int(limit))
		}
		// A table that is three quarters full takes 2.5 steps on average (Knuth,
		// TAOCP 6.4, algorithm L); 8 is beyond chance.
		if steps := table.Steps(); steps > 8*len(m.live)+8 {
			t.Fatalf("%d steps to find %d flows", steps, len(m.live))
		}
		table.Close(func() bool { return false })
		if len(m.live) > 0 || m.sent != m.counted || table.Total != m.ended {
			t.Fatalf("%d flows never ended, %d ended of %d; %d packets of %d in flows", len(m.live), m.ended, table.Total, m.counted, m.sent)
		}
	})
}

// captures returns the captures in testdata.
func captures(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("../../testdata/lab/*.pcap")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no captures: %v", err)
	}
	return files
}

// A monitor keeps the books of a table.
type monitor struct {
	t                    *testing.T
	live                 map[uint32]bool
	sent, counted, ended int

	flow  *flow.Flow // of the last packet
	dir   flow.Dir
	notes flow.Notes
}

// see takes what Track returned.
func (m *monitor) see(f *flow.Flow, dir flow.Dir, notes flow.Notes) {
	m.flow, m.dir, m.notes = f, dir, notes
	if f == nil {
		return
	}
	if notes.Has(flow.NewFlow) {
		m.live[f.ID] = true
	}
	if !m.live[f.ID] {
		m.t.Fatalf("a packet went to flow %d, which ended or never began", f.ID)
	}
	if !notes.Has(flow.Duplicate) {
		m.sent++
	}
}

// end takes a flow that leaves.
func (m *monitor) end(f *flow.Flow) {
	if !m.live[f.ID] {
		m.t.Fatalf("flow %d ended, but was not live", f.ID)
	}
	delete(m.live, f.ID)
	m.ended++
	m.counted += int(f.Packets[0] + f.Packets[1])
}

// bounded holds the limits of the table.
func (m *monitor) bounded(table *flow.Table, limit int) {
	held := table.Held()
	if n := held.Flows; n != len(m.live) || limit > 0 && n > limit || held.Attempts > n || held.Previous > n || held.Sums > n ||
		held.Rests > n+held.Previous || held.Moments > 2*held.Rests {
		m.t.Fatalf("%+v; want %d flows, at most %d", held, len(m.live), limit)
	}
}
