package traffic

import "math/rand/v2"

// The mix: shares of flows, or of packets where that is said.
const (
	shareTCP, shareICMP = .85, .01 // the rest is UDP, half of it DNS
	shareVXLAN          = .70      // half of it on each port
	shareIPIP           = .19
	shareIPIPInVXLAN    = .01 // the rest has no tunnel
	shareVLAN           = .05
	shareInnerIPv6      = .08
	shareOuterIPv6      = .03
	shareZeroSum        = .25  // of VXLAN
	shareLadders        = .02  // of TCP: SYNs that get lost
	shareReuses         = .005 // of TCP: the tuple is used again
	shareBad            = .001 // of packets: a wrong checksum, where there is such a checksum
)

const (
	duration = 24_000_000 // microseconds over which flows begin
	lifetime = 2_000_000  // microseconds that a flow takes, on average
	timeWait = 100_000    // microseconds until a tuple is used again
)

// A generator makes one frame after the other.
type generator struct {
	shape Shape
	truth Truth
	rng   *rand.Rand
	now   int64 // microseconds
	begun int   // flows
	frame frame
	text  []byte // payloads are pieces of it

	flows    []flow
	free     []int32
	schedule schedule
}

func newGenerator(s Shape) *generator {
	g := &generator{shape: s, rng: rand.New(rand.NewPCG(1, 1))}
	g.truth.Levels, g.truth.Bad = map[string]int{}, map[string]int{}
	g.text = words(g.rng, 1<<20)
	return g
}

// words returns n bytes that compress about as well as what services say.
func words(rng *rand.Rand, n int) []byte {
	list := []string{`"name":"`, `"namespace":"kube-system",`, `"uid":"`, `","`, `},{`, `"status":{"phase":"Running"}`, "HTTP/1.1 200 OK\r\n", "Content-Length: "}
	var text []byte
	for len(text) < n {
		text = append(text, list[rng.IntN(len(list))]...)
		for range 2 + rng.IntN(14) {
			text = append(text, "0123456789abcdefghijklmnopqrstuvwxyz-./"[rng.IntN(39)])
		}
	}
	return text[:n]
}

// next builds the next packet in g.frame; false means that all flows have ended.
func (g *generator) next() bool {
	if g.begun < g.shape.Flows {
		at := int64(g.begun) * duration / int64(g.shape.Flows)
		if len(g.schedule) == 0 || at <= g.schedule[0].at {
			g.schedule.push(event{at, g.begin()})
		}
	}
	if len(g.schedule) == 0 {
		return false
	}
	e := g.schedule.pop()
	g.now = e.at
	f := &g.flows[e.flow]
	g.build(f)
	wait := f.wait()
	if f.ended() {
		if !f.again {
			g.free = append(g.free, e.flow)
			return true
		}
		f.again, f.reused, f.sent, f.retries, wait = false, true, 0, 0, timeWait
		f.seq[client] += 70_000 // above what the last connection used
	}
	g.schedule.push(event{g.now + wait, e.flow})
	return true
}

// begin begins the next flow and returns its index.
func (g *generator) begin() int32 {
	f := flow{number: uint32(g.begun), gap: lifetime}
	g.begun++
	switch p := g.rng.Float64(); {
	case p < shareTCP:
		f.kind = kindTCP
	case p < 1-shareICMP:
		f.kind = kindUDP + kind(g.rng.IntN(2))
	default:
		f.kind = kindICMP
	}
	f.ipv6 = g.chance(shareInnerIPv6)
	f.path = g.choosePath()
	f.length = g.length(f.kind)
	f.id = [2]uint16{uint16(g.rng.Uint32()), uint16(g.rng.Uint32())}
	f.seq = [2]uint32{g.rng.Uint32(), g.rng.Uint32()}
	if f.kind == kindTCP && !g.shape.Healthy {
		if g.chance(shareLadders) {
			f.retries = int8(1 + g.rng.IntN(3))
		}
		if f.again = g.chance(shareReuses); f.again {
			f.length = max(f.length, opening+closing)
		}
	}
	f.gap /= int64(f.length)

	if n := len(g.free); n > 0 {
		index := g.free[n-1]
		g.free = g.free[:n-1]
		g.flows[index] = f
		return index
	}
	g.flows = append(g.flows, f)
	return int32(len(g.flows) - 1)
}

func (g *generator) chance(share float64) bool { return g.rng.Float64() < share }

func (g *generator) choosePath() path {
	p := path{vlan: g.chance(shareVLAN), ipv6: g.chance(shareOuterIPv6), zeroSum: g.chance(shareZeroSum), otherPort: g.chance(.5)}
	switch n := g.rng.Float64(); {
	case n < shareVXLAN:
		p.encap = vxlan
	case n < shareVXLAN+shareIPIP:
		p.encap = ipip
	case n < shareVXLAN+shareIPIP+shareIPIPInVXLAN:
		p.encap = ipipInVXLAN
	}
	return p
}

// length returns the number of packets of a flow. Datagrams come in pairs, and
// what ends before its handshake would not be healthy.
func (g *generator) length(k kind) int32 {
	least := float64(2)
	if k == kindTCP {
		least = opening
	}
	mean := 1.02 * float64(g.shape.Packets) / float64(g.shape.Flows)
	n := int32(least + g.rng.ExpFloat64()*max(0, mean-least))
	if k != kindTCP {
		n &^= 1
	}
	return n
}
