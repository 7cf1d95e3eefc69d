package correlate

import (
	"fmt"
	"strings"
	"testing"
)

// summary writes what matters of a result: a line for each path, link, loss,
// translated connection and pair of captures that has nothing in common.
func summary(res *Result) string {
	var b strings.Builder
	for _, p := range append([][]int{res.Path}, res.Others...) {
		if p == nil {
			continue
		}
		fmt.Fprintf(&b, "path %s\n", names(res, p))
	}
	for _, l := range res.Links {
		fmt.Fprintf(&b, "link %s: matched %d, lost %d", names(res, []int{l.From, l.To}), l.Matched, l.Lost)
		if l.Missed != [2]int{} {
			fmt.Fprintf(&b, ", missed %d", l.Missed)
		}
		b.WriteByte('\n')
		for i := range l.Losses {
			x := &l.Losses[i]
			fmt.Fprintf(&b, "  loss %s:", names(res, []int{x.From, x.To}))
			for _, p := range x.Lost {
				fmt.Fprintf(&b, " %d", p.Frame)
			}
			fmt.Fprintf(&b, " of %d", len(x.Lost)+len(x.Arrived))
			for _, w := range []struct {
				what string
				n    int
			}{{"outside", x.Outside}, {"again", x.Again}} {
				if w.n > 0 {
					fmt.Fprintf(&b, ", %s %d", w.what, w.n)
				}
			}
			if x.Whole {
				b.WriteString(", whole")
			}
			if d, ok := x.Difference(); ok {
				fmt.Fprintf(&b, "; %s %s, else %s", d.Property.EN, d.Lost, d.Arrived)
			}
			b.WriteByte('\n')
		}
	}
	for _, c := range res.Connections {
		fmt.Fprintf(&b, "nat %v:%d > %v:%d = %v:%d > %v:%d\n", c.Client.Addr, c.Client.Port, c.Service.Addr, c.Service.Port,
			c.Source.Addr, c.Source.Port, c.Backend.Addr, c.Backend.Port)
	}
	for _, c := range res.Collisions {
		fmt.Fprintf(&b, "collision %v:%d of %v and %v\n", c.Client.Addr, c.Client.Port, c.Clients[0].Addr, c.Clients[1].Addr)
	}
	for _, a := range res.Apart {
		fmt.Fprintf(&b, "apart %d %d %v\n", a.A, a.B, a.Gap)
	}
	if res.Full {
		b.WriteString("full\n")
	}
	return b.String()
}

// A solveTest is captures, given in path order, and what they show.
type solveTest struct {
	name    string
	scripts []string
	want    string
}

func runSolve(t *testing.T, tests []solveTest) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := summary(solve(t, tt.scripts...))
			if want := strings.TrimPrefix(tt.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// quiet is traffic that is at every point and keeps its capture running.
func quiet(shift float64, from, to int) string {
	var b strings.Builder
	for s := from; s <= to; s++ {
		fmt.Fprintf(&b, "%.6f 10.9.0.1 > 10.9.0.2 icmp echo 9 seq %d id %d\n", float64(s)+shift, s, s+1)
		fmt.Fprintf(&b, "%.6f 10.9.0.2 > 10.9.0.1 icmp reply 9 seq %d id %d\n", float64(s)+0.001-shift, s, s+1)
	}
	return b.String()
}

// atA, atB and atC are 100 µs apart.
var (
	atA = quiet(0, 0, 9)
	atB = quiet(0.0001, 0, 9)
	atC = quiet(0.0002, 0, 9)
)

func TestPath(t *testing.T) {
	runSolve(t, []solveTest{
		{"nothing at all", []string{"", ""}, ""},
		{"one packet, and nothing tells the order", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7",
			"1 10.0.0.1:1 > 10.0.0.2:80 S id 7"}, ""},
		{"a router in between", []string{
			"1 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 64",
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 63"}, `
path a b
link a b: matched [1 0], lost [0 0]
`},
		{"a router in between, seen by the answer", []string{
			"0 10.0.0.2:80 > 10.0.0.1:1 S. seq 1 ack 2 id 7 ttl 63",
			"0 10.0.0.2:80 > 10.0.0.1:1 S. seq 1 ack 2 id 7 ttl 64"}, `
path a b
link a b: matched [0 1], lost [0 0]
`},
		{"the checksum is completed in between", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 sum partial",
			"0 vxlan 1 10.0.0.1:1 > 10.0.0.2:80 S id 7"}, `
path a b/vxlan
link a b/vxlan: matched [1 0], lost [0 0]
`},
		{"a receiver merges, and leaves the checksum open again", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 . seq 1 ack 1 length 100 id 7",
			"1 10.0.0.1:1 > 10.0.0.2:80 . seq 1 ack 1 length 900 id 7 sum partial"}, ""},
		{"there and back, clocks hours apart", []string{atA, "base 2023-12-31T20:00:00Z\n" + atB}, `
path a b
link a b: matched [10 10], lost [0 0]
`},
		{"one of the captures has lost packets and was running", []string{
			"0 10.0.0.1:1 > 10.0.0.2:9 udp payload \"a\" id 1\n1 10.0.0.1:1 > 10.0.0.2:9 udp payload \"b\" id 2\n2 10.0.0.1:1 > 10.0.0.2:9 udp payload \"c\" id 3",
			"5 10.0.0.1:1 > 10.0.0.2:9 udp payload \"a\" id 1\n7 10.0.0.1:1 > 10.0.0.2:9 udp payload \"c\" id 3"}, `
path a b
link a b: matched [2 0], lost [1 0]
  loss a b: 2 of 3
`},
		{"one of the captures began late: that is no loss", []string{
			"0 10.0.0.1:1 > 10.0.0.2:9 udp payload \"a\" id 1\n1 10.0.0.1:1 > 10.0.0.2:9 udp payload \"b\" id 2\n2 10.0.0.1:1 > 10.0.0.2:9 udp payload \"c\" id 3",
			"6 10.0.0.1:1 > 10.0.0.2:9 udp payload \"b\" id 2\n7 10.0.0.1:1 > 10.0.0.2:9 udp payload \"c\" id 3"}, ""},
		{"a service has several backends", []string{
			"0 10.0.0.1:1 > 10.96.0.1:80 S id 7 ts 1/0\n0 10.0.0.2:2 > 10.96.0.1:80 S id 8 ts 2/0",
			"0 10.0.0.1:1 > 10.244.0.1:80 S id 7 ts 1/0\n0 10.0.0.2:2 > 10.244.0.2:80 S id 8 ts 2/0"}, `
path a b
link a b: matched [2 0], lost [0 0]
nat 10.0.0.1:1 > 10.96.0.1:80 = 10.0.0.1:1 > 10.244.0.1:80
nat 10.0.0.2:2 > 10.96.0.1:80 = 10.0.0.2:2 > 10.244.0.2:80
`},
		{"several clients have one translated address", []string{
			"0 10.0.0.1:1 > 10.1.0.1:80 S id 7 ts 1/0\n0 10.0.0.2:1 > 10.1.0.1:80 S id 8 ts 2/0",
			"0 10.0.9.9:1 > 10.1.0.1:80 S id 7 ts 1/0\n0 10.0.9.9:2 > 10.1.0.1:80 S id 8 ts 2/0"}, `
path a b
link a b: matched [2 0], lost [0 0]
nat 10.0.0.1:1 > 10.1.0.1:80 = 10.0.9.9:1 > 10.1.0.1:80
nat 10.0.0.2:1 > 10.1.0.1:80 = 10.0.9.9:2 > 10.1.0.1:80
`},
		{"a connection that says nothing follows the others of its client", []string{
			atA + "5 10.9.0.1:5 > 10.9.0.2:80 S id 77", atB + "5 10.9.0.1:5 > 10.9.0.2:80 S id 77"}, `
path a b
link a b: matched [11 10], lost [0 0]
`},
		{"clients on both sides", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 64\n1 10.0.0.2:1 > 10.0.0.1:80 S id 8 ttl 63\n2 10.0.0.1:3 > 10.0.0.2:80 S id 9 ttl 64",
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 63\n1 10.0.0.2:1 > 10.0.0.1:80 S id 8 ttl 64\n2 10.0.0.1:3 > 10.0.0.2:80 S id 9 ttl 63"}, `
path a b
link a b: matched [2 1], lost [0 0]
`},
		{"two paths", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 64\n1 10.0.0.1:1 > 10.0.0.3:80 S id 8 ttl 64",
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 63",
			"1 10.0.0.1:1 > 10.0.0.3:80 S id 8 ttl 63"}, `
path a b
path a c
link a b: matched [1 0], lost [0 0]
link a c: matched [1 0], lost [0 0]
`},
		{"bare and encapsulated in one capture of all interfaces", []string{
			"link sll\n0 10.244.1.1:1 > 10.244.2.1:80 S id 7 ts 1/0\n0.00001 vxlan 1 10.244.1.1:1 > 10.244.2.1:80 S id 7 ts 1/0"}, `
path a a/vxlan
link a a/vxlan: matched [1 0], lost [0 0]
`},
		{"interfaces in one capture", []string{
			"link sll2\n0 @veth 10.0.0.1:1 > 10.0.0.2:80 S id 7\n0.00001 @cni0 10.0.0.1:1 > 10.0.0.2:80 S id 7\n0.00002 @eth0 10.0.0.1:1 > 10.0.0.2:80 S id 7"}, `
path a b c
link a b: matched [1 0], lost [0 0]
link b c: matched [1 0], lost [0 0]
`},
		{"no packet in common", []string{"0 10.0.0.1:1 > 10.0.0.2:80 S id 7\n3 10.0.0.1:1 > 10.0.0.2:80 S id 8", "1 10.0.0.5:1 > 10.0.0.6:80 S id 9"},
			"apart 0 1 0s\n"},
		{"not at the same time", []string{"0 10.0.0.1:1 > 10.0.0.2:80 S id 7", "60 10.0.0.1:2 > 10.0.0.2:80 S id 8"},
			"apart 0 1 1m0s\n"},
		{"two sides that each have something in common with the middle", []string{
			"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 64", "0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 63\n1 10.0.0.5:1 > 10.0.0.2:80 S id 8 ttl 64",
			"1 10.0.0.5:1 > 10.0.0.2:80 S id 8 ttl 63"}, `
path a b
path b c
link a b: matched [1 0], lost [0 0]
link b c: matched [1 0], lost [0 0]
`},
		{"datagrams that all look alike are nobody's", []string{
			"0 10.0.0.1:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 64\n1 10.0.0.2:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 64",
			"0 10.0.0.5:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 63\n1 10.0.0.6:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 63"},
			"apart 0 1 0s\n"},
		{"datagrams that look alike keep their names", []string{
			"0 10.0.0.1:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 64\n1 10.0.0.2:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 64",
			"0 10.0.0.1:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 63\n1 10.0.0.2:1 > 10.0.0.9:514 udp payload \"alive\" id 0 ttl 63"}, `
path a b
link a b: matched [2 0], lost [0 0]
`},
	})
}

// TestGivenPath puts the captures of points c, a, b into the order a, b, c.
func TestGivenPath(t *testing.T) {
	const syn = "0 10.0.0.1:1 > 10.0.0.2:80 S id 7"
	const back = "0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 62"
	for _, tt := range []struct {
		name    string
		scripts []string
		path    []int
		want    string
	}{
		{"where packets say nothing", []string{syn, syn, syn}, []int{1, 2, 0}, "path b c a"},
		{"against the path, which is the user's to give", []string{syn, back}, []int{1, 0}, "path b a"},
		{"only some of the points", []string{"0 10.0.0.1:1 > 10.0.0.2:80 S id 7 ttl 60", syn, syn}, []int{2, 1}, "path c b a"},
		{"as it is without", []string{back, syn}, []int{1, 0}, "path b a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := record(t, tt.scripts...)
			res := r.Solve(r.points, tt.path)
			if got := "path " + names(res, res.Path); got != tt.want || !res.Given {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
