package flow_test

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// addr returns the nth of many addresses.
func addr(n int) decoders.Addr {
	return decoders.AddrFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}))
}

// A datagram is what the model knows of a packet: a tuple, and who sends.
type datagram struct {
	client, server int
	port           uint16
	back           bool
}

// fill makes a packet of d.
func (d datagram) fill(p *decoders.Packet, id uint32) {
	lv := p.Inner()
	lv.Src, lv.SrcPort, lv.Dst, lv.DstPort = addr(d.client), d.port, addr(d.server), 53
	if d.back {
		lv.Src, lv.SrcPort, lv.Dst, lv.DstPort = lv.Dst, lv.DstPort, lv.Src, lv.SrcPort
	}
	lv.IPID = id
}

func genDatagram(t *rapid.T) datagram {
	return datagram{
		client: rapid.IntRange(1, 40).Draw(t, "client"),
		server: rapid.IntRange(101, 110).Draw(t, "server"),
		port:   uint16(rapid.IntRange(1000, 1040).Draw(t, "port")),
		back:   rapid.Bool().Draw(t, "back"),
	}
}

// TestTableIsAMap compares the table with a plain map.
func TestTableIsAMap(t *testing.T) {
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:53 udp")
	rapid.Check(t, func(t *rapid.T) {
		type state struct {
			id      uint32
			packets [2]uint32
			back    bool // the first packet went back
		}
		model := map[datagram]*state{}
		ended := map[uint32][2]uint32{}
		table := flow.NewTable(0, func(f *flow.Flow) {
			if _, twice := ended[f.ID]; twice {
				t.Fatalf("flow %d ended twice", f.ID)
			}
			ended[f.ID] = f.Packets
		})
		for n := range rapid.IntRange(1, 400).Draw(t, "packets") {
			d := genDatagram(t)
			d.fill(p, uint32(n))
			p.Number = n + 1
			p.Time = capture.Timestamp(n)
			f, dir, notes := table.Track(p, table.Place(p))

			key := d
			key.back = false
			s := model[key]
			if isNew := s == nil; notes.Has(flow.NewFlow) != isNew {
				t.Fatalf("packet %d %v: new %t, want %t", n, d, notes.Has(flow.NewFlow), isNew)
			}
			if s == nil {
				s = &state{id: f.ID, back: d.back}
				model[key] = s
			}
			want := flow.ToServer
			if d.back != s.back {
				want = flow.ToClient
			}
			s.packets[want]++
			if f.ID != s.id || dir != want || f.Packets != s.packets {
				t.Fatalf("packet %d %v: flow %d direction %d packets %v, want %d %d %v", n, d, f.ID, dir, f.Packets, s.id, want, s.packets)
			}
		}
		if table.Total != len(model) || len(ended) != 0 {
			t.Fatalf("%d flows of which %d ended, want %d and none", table.Total, len(ended), len(model))
		}
		table.Close(func() bool { return false })
		if len(ended) != len(model) {
			t.Fatalf("%d flows ended, want %d", len(ended), len(model))
		}
		for key, s := range model {
			if ended[s.id] != s.packets {
				t.Fatalf("%v ended with %v packets, want %v", key, ended[s.id], s.packets)
			}
		}
	})
}

// TestTableIsBounded fills small tables, with time going by in leaps: whatever
// leaves early or late, every flow ends once and every packet is in one.
func TestTableIsBounded(t *testing.T) {
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:53 udp")
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 40).Draw(t, "max")
		live := map[uint32]bool{}
		packets := uint32(0)
		table := flow.NewTable(limit, func(f *flow.Flow) {
			if !live[f.ID] {
				t.Fatalf("flow %d ended, but was not live", f.ID)
			}
			delete(live, f.ID)
			packets += f.Packets[0] + f.Packets[1]
		})
		sent := rapid.IntRange(1, 300).Draw(t, "packets")
		for n := range sent {
			genDatagram(t).fill(p, uint32(n))
			p.Number = n + 1
			p.Time += capture.Timestamp(rapid.SampledFrom([]time.Duration{0, time.Second, 5 * time.Minute}).Draw(t, "gap"))
			f, _, notes := table.Track(p, table.Place(p))
			if notes.Has(flow.NewFlow) {
				live[f.ID] = true
			}
			if !live[f.ID] {
				t.Fatalf("packet %d went to flow %d, which ended", n, f.ID)
			}
			if len(live) > limit {
				t.Fatalf("%d flows, limit %d", len(live), limit)
			}
		}
		table.Close(func() bool { return false })
		if len(live) != 0 || packets != uint32(sent) {
			t.Fatalf("%d flows never ended; %d packets of %d in flows", len(live), packets, sent)
		}
	})
}

// TestSweepForgetsNone sends datagrams with time going by, now and then backwards:
// whatever the sweep skips while it rests, no flow stays for longer
// than two of its rounds, of a packet for each flow, when its time is over.
func TestSweepForgetsNone(t *testing.T) {
	const stays = capture.Timestamp(330 * time.Second)
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:53 udp")
	rapid.Check(t, func(t *rapid.T) {
		last, over := map[uint32]capture.Timestamp{}, map[uint32]int{} // by flow; over: packets since its time was
		table := flow.NewTable(rapid.SampledFrom([]int{0, 0, 4}).Draw(t, "max"), func(f *flow.Flow) {
			delete(last, f.ID)
			delete(over, f.ID)
		})
		most := 0
		for n := range rapid.IntRange(1, 300).Draw(t, "packets") {
			datagram{client: rapid.IntRange(1, 6).Draw(t, "client"), server: 101, port: 1000}.fill(p, uint32(n))
			p.Number = n + 1
			gap := rapid.IntRange(0, 60).Draw(t, "gap")
			if gap == 60 && rapid.Bool().Draw(t, "backwards") {
				gap = -3600
			}
			p.Time = max(p.Time+capture.Timestamp(gap)*capture.Timestamp(time.Second), 0)
			f, _, _ := table.Track(p, table.Place(p))
			last[f.ID] = p.Time
			delete(over, f.ID)
			most = max(most, len(last))
			for id, at := range last {
				if p.Time-at <= stays {
					delete(over, id)
				} else if over[id]++; over[id] > 2*most+2 {
					t.Fatalf("packet %d: flow %d is still there after %d packets, with %d flows at most", n, id, over[id], most)
				}
			}
		}
	})
}

// TestTableGrows files enough flows for several doublings and finds them all
// again.
func TestTableGrows(t *testing.T) {
	const flows = 50_000
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:53 udp")
	table := flow.NewTable(0, func(*flow.Flow) {})
	for round := range 2 {
		for n := range flows {
			datagram{client: n, server: 1 << 20, port: 1000}.fill(p, uint32(round*flows+n))
			f, _, notes := table.Track(p, table.Place(p))
			if notes.Has(flow.NewFlow) != (round == 0) || f.ID != uint32(n+1) {
				t.Fatalf("round %d: flow %d is %d, new %t", round, n+1, f.ID, notes.Has(flow.NewFlow))
			}
		}
	}
	if table.Total != flows || table.Evicted != 0 {
		t.Errorf("%d flows, %d evicted", table.Total, table.Evicted)
	}
}

func TestBetween(t *testing.T) {
	table := flow.NewTable(0, func(*flow.Flow) {})
	var last *flow.Flow
	eachPacket(t, `
0 10.0.0.1:1 > 10.0.0.2:80 S
0 10.0.0.1:1 > 10.0.0.3:80 S
0 vxlan 1 10.0.0.1:1 > 10.0.0.4:80 S
0 10.0.0.1:1 > 10.0.0.5:80 S
`, func(p *decoders.Packet) { last, _, _ = table.Track(p, table.Place(p)) })
	a := decoders.AddrFrom(netip.MustParseAddr("10.0.0.1"))
	for _, tt := range []struct {
		server string
		want   uint32 // ID; 0 for none
	}{{"10.0.0.2", 1}, {"10.0.0.3", 2}, {"10.0.0.4", 0}, {"10.0.0.9", 0}} {
		b := decoders.AddrFrom(netip.MustParseAddr(tt.server))
		there, back := table.Between(last, a, 1, b, 80), table.Between(last, b, 80, a, 1)
		if there != back || there == nil && tt.want != 0 || there != nil && there.ID != tt.want {
			t.Errorf("%s: %v and %v, want flow %d", tt.server, there, back, tt.want)
		}
	}
}

// TestEvictionPrefersTheClosed fills a table with one closed connection among
// open ones that are idle for longer.
func TestEvictionPrefersTheClosed(t *testing.T) {
	var first uint32
	table := flow.NewTable(3, func(f *flow.Flow) {
		if first == 0 {
			first = f.ID
		}
	})
	eachPacket(t, `
0 10.0.0.1:1 > 10.0.0.2:80 S
1 10.0.0.1:2 > 10.0.0.2:80 S
2 10.0.0.1:3 > 10.0.0.2:80 S
3 10.0.0.2:80 > 10.0.0.1:2 R.
4 10.0.0.1:4 > 10.0.0.2:80 S
`, func(p *decoders.Packet) { table.Track(p, table.Place(p)) })
	if first != 2 || table.Evicted != 1 {
		t.Errorf("flow %d left first, %d evicted; want 2 and 1", first, table.Evicted)
	}
}

// TestEvictionTakesTheLongestIdle fills a table with open connections.
func TestEvictionTakesTheLongestIdle(t *testing.T) {
	var first uint32
	table := flow.NewTable(3, func(f *flow.Flow) {
		if first == 0 {
			first = f.ID
		}
	})
	eachPacket(t, `
0 10.0.0.1:1 > 10.0.0.2:80 S
1 10.0.0.1:2 > 10.0.0.2:80 S
2 10.0.0.1:3 > 10.0.0.2:80 S
3 10.0.0.1:1 > 10.0.0.2:80 S
4 10.0.0.1:4 > 10.0.0.2:80 S
`, func(p *decoders.Packet) { table.Track(p, table.Place(p)) })
	if first != 2 {
		t.Errorf("flow %d left first, want 2", first)
	}
}

func TestSweep(t *testing.T) {
	const open = `
0 10.0.0.1:1 > 10.0.0.2:80 S
1 10.0.0.2:80 > 10.0.0.1:1 S.
`
	for _, tt := range []struct {
		name, script string
		idle         time.Duration // since the last packet
		gone         bool
	}{
		{"datagrams at the longest timeout that matters", "0 10.0.0.1:1 > 10.0.0.2:53 udp\n", 300 * time.Second, false},
		{"datagrams after that", "0 10.0.0.1:1 > 10.0.0.2:53 udp\n", 331 * time.Second, true},
		{"an unanswered SYN", "0 10.0.0.1:1 > 10.0.0.2:80 S\n", 331 * time.Second, true},
		{"a quiet connection", open, 50 * time.Minute, false},
		{"a connection quiet for too long", open, 61 * time.Minute, true},
		{"a connection that was reset", open + "2 10.0.0.1:1 > 10.0.0.2:80 R.\n", 331 * time.Second, true},
		{"a connection half closed", open + "2 10.0.0.1:1 > 10.0.0.2:80 F.\n", 50 * time.Minute, false},
		{"a clock that goes back", open, -2 * time.Hour, false},
	} {
		gone := false
		table := flow.NewTable(0, func(f *flow.Flow) { gone = gone || f.ID == 1 })
		var last decoders.Packet
		eachPacket(t, tt.script, func(p *decoders.Packet) {
			table.Track(p, table.Place(p))
			last = *p
		})
		other := one(t, "0 10.0.0.3 > 10.0.0.4 icmp echo 1")
		other.Time = last.Time + capture.Timestamp(tt.idle)
		table.Track(other, table.Place(other))
		if gone != tt.gone {
			t.Errorf("%s: gone %t, want %t", tt.name, gone, tt.gone)
		}
	}
}

// TestTrackDoesNotAllocate counts the allocations of the steady state: flows
// that exist, and flows that come and go.
func TestTrackDoesNotAllocate(t *testing.T) {
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:80 S")
	table := flow.NewTable(1000, func(*flow.Flow) {})
	n := 0
	track := func() {
		n++
		lv := p.Inner()
		if lv.Src = addr(n % 5000); n%2 == 0 {
			lv.Src = addr(n % 500) // comes back while it is live: SYNs sent again, ports used again
		}
		lv.IPID, lv.TCP.Seq = uint32(n), uint32(n/2000)
		p.Number, p.Time = n, p.Time+capture.Timestamp(10*time.Millisecond)
		table.Track(p, table.Place(p))
	}
	for range 20_000 {
		track()
	}
	if got := testing.AllocsPerRun(20_000, track); got != 0 {
		t.Errorf("%v allocations per packet", got)
	}
}
