package correlate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A simPoint is a capture point of a simulated path.
type simPoint struct {
	offset  time.Duration // of its clock
	drift   float64
	vxlan   bool
	copies  bool // each packet is captured twice, as on all interfaces of a node
	capture []simLine
}

type simLine struct {
	at   time.Duration
	text string
}

// clock returns what the point's clock shows, since the base of its script.
func (p *simPoint) clock(t time.Duration) time.Duration { return t + time.Duration(p.drift*float64(t)) }

// A simHop is what is between two points.
type simHop struct {
	delay [2]time.Duration // at least, along the path and against it
	queue time.Duration    // more, at most
	loss  int              // percent
	route bool             // takes one off the TTL
	lost  [2]int
}

// A simConn is a connection and what it is called at each point.
type simConn struct {
	reversed       bool // the client is at the end of the path
	proto          string
	client, server []string // by point
}

// A sim is a path and what passes it.
type sim struct {
	t      *rapid.T
	points []*simPoint
	hops   []*simHop
	conns  []*simConn
	id     int
}

func (s *sim) int(name string, low, high int) int { return rapid.IntRange(low, high).Draw(s.t, name) }
func (s *sim) bool(name string) bool              { return rapid.Bool().Draw(s.t, name) }
func (s *sim) duration(name string, low, high time.Duration) time.Duration {
	return time.Duration(rapid.Int64Range(int64(low), int64(high)).Draw(s.t, name))
}

// newSim draws a path.
func newSim(t *rapid.T) *sim {
	s := &sim{t: t}
	for range s.int("points", 2, 5) {
		s.points = append(s.points, &simPoint{
			offset: s.duration("offset", -time.Hour, time.Hour),
			drift:  rapid.Float64Range(-100e-6, 100e-6).Draw(t, "drift"),
			vxlan:  s.bool("vxlan"),
			copies: s.bool("copies"),
		})
	}
	for range s.points[1:] {
		s.hops = append(s.hops, &simHop{
			delay: [2]time.Duration{s.duration("delay", 20*us, 5*ms), s.duration("delay back", 20*us, 5*ms)},
			queue: s.duration("queue", 0, 2*ms),
			loss:  s.int("loss", 0, 40),
			route: s.bool("route"),
		})
	}
	return s
}

// connect draws a connection: who is the client, and what NAT does on the way.
func (s *sim) connect(n int) *simConn {
	c := &simConn{reversed: s.bool("reversed"), proto: rapid.SampledFrom([]string{"tcp", "udp", "icmp"}).Draw(s.t, "proto")}
	client := fmt.Sprintf("10.244.1.%d:%d", n+1, 40000+n)
	server := fmt.Sprintf("10.96.0.%d:80", n+1)
	snat, dnat := s.int("snat", 0, 2*len(s.points)), s.int("dnat", 0, 2*len(s.points))
	if c.proto == "icmp" {
		client, server = fmt.Sprintf("10.244.1.%d", n+1), fmt.Sprintf("10.244.2.%d", n+1)
		snat, dnat = -1, -1
	}
	for i := range s.points {
		if i == dnat {
			server = fmt.Sprintf("10.244.2.%d:8080", n+1)
		}
		if i == snat {
			client = fmt.Sprintf("10.244.1.0:%d", 50000+n)
		}
		c.client, c.server = append(c.client, client), append(c.server, server)
	}
	if c.reversed {
		slices.Reverse(c.client)
		slices.Reverse(c.server)
	}
	s.conns = append(s.conns, c)
	return c
}

// run sends the packets of a connection.
func (s *sim) run(n int, c *simConn, now time.Duration) {
	pause := func() { now += s.duration("pause", 50*ms, 2*time.Second) }
	switch c.proto {
	case "tcp":
		isn, ts := 1000*n+s.int("isn", 1, 1<<30), 1000
		for range s.int("syns", 0, 3) {
			s.send(c, true, now, fmt.Sprintf("S seq %d ts %d/0", isn, ts), true)
			now, ts = now+time.Second, ts+1000
		}
		s.send(c, true, now, fmt.Sprintf("S seq %d ts %d/0", isn, ts), false)
		now += 100 * ms
		s.send(c, false, now, fmt.Sprintf("S. seq 77 ack %d ts 5/%d", isn+1, ts), false)
		for i := range s.int("segments", 0, 8) {
			pause()
			toServer := s.bool("to server")
			// None acknowledges data: it may be lost.
			seq, ack := isn+1+100*i, 78
			if !toServer {
				seq, ack = 78+100*i, isn+1
			}
			s.send(c, toServer, now, fmt.Sprintf("P. seq %d ack %d length 100 ts %d/9", seq, ack, ts+i), true)
		}
	case "udp":
		for i := range s.int("exchanges", 1, 5) {
			s.send(c, true, now, fmt.Sprintf("udp payload %q", fmt.Sprintf("query %d of %d", i, n)), i > 0)
			now += 100 * ms
			s.send(c, false, now, fmt.Sprintf("udp payload %q", fmt.Sprintf("answer %d of %d", i, n)), i > 0)
			pause()
		}
	case "icmp":
		for i := range s.int("echoes", 1, 5) {
			s.send(c, true, now, fmt.Sprintf("icmp echo %d seq %d", 100+n, i), i > 0)
			now += 100 * ms
			s.send(c, false, now, fmt.Sprintf("icmp reply %d seq %d", 100+n, i), i > 0)
			pause()
		}
	}
}

// send sends one packet along the path, or against it.
func (s *sim) send(c *simConn, toServer bool, now time.Duration, what string, mayLose bool) {
	s.id++
	way, i, step := 0, 0, 1
	if toServer == c.reversed {
		way, i, step = 1, len(s.points)-1, -1
	}
	ttl := 64
	for {
		s.capture(c, i, toServer, now, fmt.Sprintf("%s id %d ttl %d", what, s.id, ttl))
		next := i + step
		if next < 0 || next == len(s.points) {
			return
		}
		h := s.hops[min(i, next)]
		if mayLose && s.int("luck", 0, 99) < h.loss {
			h.lost[way]++
			return
		}
		now += h.delay[way] + s.duration("queueing", 0, h.queue)
		if h.route {
			ttl--
		}
		i = next
	}
}

// capture adds a packet to what a point shows.
func (s *sim) capture(c *simConn, i int, toServer bool, now time.Duration, what string) {
	p := s.points[i]
	from, to := c.client[i], c.server[i]
	if !toServer {
		from, to = to, from
	}
	line := fmt.Sprintf("%s > %s %s", from, to, what)
	if p.vxlan {
		line = "vxlan 1 " + line
	}
	at := p.clock(now)
	p.capture = append(p.capture, simLine{at, line})
	if p.copies {
		p.capture = append(p.capture, simLine{at + 3*us, line})
	}
}

// beacon sends packets that are never lost: captures begin before the
// connections and end after them.
func (s *sim) beacon(now time.Duration) {
	c := &simConn{proto: "icmp"}
	for range s.points {
		c.client, c.server = append(c.client, "10.244.1.250"), append(c.server, "10.244.2.250")
	}
	s.send(c, true, now, fmt.Sprintf("icmp echo 1 seq %d", now/time.Second), false)
	s.send(c, false, now+100*ms, fmt.Sprintf("icmp reply 1 seq %d", now/time.Second), false)
}

var simBase = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// script returns what a point captured.
func (p *simPoint) script() string {
	slices.SortStableFunc(p.capture, func(a, b simLine) int { return cmp.Compare(a.at, b.at) })
	var b strings.Builder
	fmt.Fprintf(&b, "base %s\n", simBase.Add(p.offset).Format(time.RFC3339Nano))
	for _, l := range p.capture {
		fmt.Fprintf(&b, "%.9f %s\n", l.at.Seconds(), l.text)
	}
	return b.String()
}

// TestSimulatedPath holds the whole to what really happened: whatever the
// order of the captures, the path is found, the losses are those that were
// made, and the clocks are off by what their bounds say.
func TestSimulatedPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSim(t)
		s.beacon(time.Second)
		end := 3 * time.Second
		for n := range s.int("connections", 1, 5) {
			c := s.connect(n)
			start := s.duration("start", 2*time.Second, 4*time.Second)
			s.run(n, c, start)
			end = max(end, start+30*time.Second)
		}
		s.beacon(end)

		order := rapid.Permutation(indices(len(s.points))).Draw(t, "order")
		var scripts []string
		for _, i := range order {
			scripts = append(scripts, s.points[i].script())
		}
		s.check(solve(t, scripts...), order)
	})
}

// TestDrift holds that the speed of a clock is found over ten minutes: by one
// connection that lasts as long, of which a sample is remembered, and by many
// short ones. Queues hide it only as far as they vary: d over 600 s are d/600.
func TestDrift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSim(t)
		s.points = s.points[:2]
		s.hops = s.hops[:1]
		s.hops[0].loss = 0
		for i, p := range s.points {
			p.offset, p.drift = time.Duration(i)*7*ms, float64(i)*rapid.SampledFrom([]float64{-50e-6, 50e-6, 200e-6}).Draw(t, "ppm")
		}
		var c *simConn
		long := s.bool("one connection")
		for i := range 200 {
			now := time.Duration(3*i) * time.Second
			if i == 0 || !long && i%20 == 0 {
				client := fmt.Sprintf("10.244.1.7:%d", 40000+i)
				c = &simConn{client: []string{client, client}, server: []string{"10.244.2.9:53", "10.244.2.9:53"}}
			}
			s.send(c, true, now, fmt.Sprintf("udp payload %q", fmt.Sprintf("query %d", i)), false)
			s.send(c, false, now+20*ms, fmt.Sprintf("udp payload %q", fmt.Sprintf("answer %d", i)), false)
		}
		res := solve(t, s.points[0].script(), s.points[1].script())
		if len(res.Links) != 1 {
			t.Fatalf("%d links", len(res.Links))
		}
		l := res.Links[0]
		want := s.points[1].drift
		if res.Sites[l.From].Point == 1 {
			want = -want
		}
		h := s.hops[0]
		slack := (h.delay[0]+h.delay[1]+2*h.queue).Seconds()/500 + 1e-6
		if !l.Clock.Steady || (l.Clock.Drift-want) > slack || (want-l.Clock.Drift) > slack {
			t.Errorf("drift %.1f ppm, really %.1f ± %.1f", l.Clock.Drift*1e6, want*1e6, slack*1e6)
		}
		if q := l.Delay[0]; q.Min > q.P50 || q.P50 > q.P90 || q.P90 > q.P99 || q.P99 > q.Max || q.N == 0 {
			t.Errorf("quantiles %+v", q)
		}
		// What queues add is exact, whatever the clocks: all of the delays are off by the same.
		for way, q := range l.Delay {
			if q.Max-q.Min > h.queue+2*l.Clock.Uncertainty+time.Duration(slack*600e9) {
				t.Errorf("delays %d spread over %v, queues hold %v", way, q.Max-q.Min, h.queue)
			}
		}
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// check compares a result with what was done. order has the place on the path
// of each capture.
func (s *sim) check(res *Result, order []int) {
	t := s.t
	var path []int
	for _, i := range res.Path {
		path = append(path, order[res.Sites[i].Point])
	}
	straight := indices(len(s.points))
	turned := len(path) > 0 && path[0] > 0
	if turned {
		slices.Reverse(straight)
	}
	if !slices.Equal(path, straight) || len(res.Others) != 0 || len(res.Apart) != 0 {
		t.Fatalf("path %v, others %v, apart %v", path, res.Others, res.Apart)
	}
	if len(res.Links) != len(s.hops) {
		t.Fatalf("%d links of %d hops", len(res.Links), len(s.hops))
	}
	for _, l := range res.Links {
		from, to := order[res.Sites[l.From].Point], order[res.Sites[l.To].Point]
		lost := l.Lost
		if turned {
			lost[0], lost[1] = lost[1], lost[0]
		}
		if h := s.hops[min(from, to)]; lost != h.lost || l.Missed != [2]int{} {
			t.Errorf("between %d and %d: lost %d, %d were; missed %d", from, to, lost, h.lost, l.Missed)
		}
		a, b := s.points[from], s.points[to]
		real := time.Duration(l.Clock.At) - time.Duration(simBase.Add(a.offset).UnixNano())
		now := time.Duration(float64(real) / (1 + a.drift))
		want := b.offset + b.clock(now) - a.offset - a.clock(now)
		if !l.Clock.Known || !l.Clock.Steady || (l.Clock.Offset-want).Abs() > l.Clock.Uncertainty {
			t.Errorf("between %d and %d: clock %+v, really %v", from, to, l.Clock, want)
		}
		if d := l.Delay[0]; d.N > 0 && d.Min < -l.Clock.Uncertainty {
			t.Errorf("between %d and %d: delays %+v", from, to, d)
		}
	}
	s.checkNAT(res)
}

// checkNAT compares the connections that NAT changed.
func (s *sim) checkNAT(res *Result) {
	var got, want []string
	for _, c := range res.Connections {
		got = append(got, fmt.Sprintf("%v:%d %v:%d %v:%d %v:%d", c.Client.Addr, c.Client.Port, c.Service.Addr, c.Service.Port,
			c.Source.Addr, c.Source.Port, c.Backend.Addr, c.Backend.Port))
	}
	for _, c := range s.conns {
		near, far := 0, len(s.points)-1
		if c.reversed {
			near, far = far, near
		}
		if c.client[near] != c.client[far] || c.server[near] != c.server[far] {
			want = append(want, c.client[near]+" "+c.server[near]+" "+c.client[far]+" "+c.server[far])
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.t.Errorf("NAT\n%q, want\n%q", got, want)
	}
}
