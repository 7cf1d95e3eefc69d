package detectors_test

import (
	"fmt"
	"strings"
	"testing"
)

// healthy returns a script of n rounds of healthy traffic on a few flows: pairs
// of DNS queries, requests and answers over UDP and, through a tunnel, TCP; ARP.
func healthy(n int) string {
	var b strings.Builder
	b.WriteString(`0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
0.001 vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 S.
0.002 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 .
`)
	for i := range n {
		at := func(us int, line string, args ...any) {
			fmt.Fprintf(&b, "%d.%06d %s\n", 1+i/100, i%100*10000+us, fmt.Sprintf(line, args...))
		}
		id := i % 60000
		at(0, "10.244.1.7:42000 > 10.96.0.10:53 dns %d query A web.default.svc.cluster.local", id)
		at(10, "10.244.1.7:42000 > 10.96.0.10:53 dns %d query AAAA web.default.svc.cluster.local", id+1)
		at(300, "10.96.0.10:53 > 10.244.1.7:42000 dns %d answer A web.default.svc.cluster.local 10.96.7.7", id)
		at(310, "10.96.0.10:53 > 10.244.1.7:42000 dns %d answer AAAA web.default.svc.cluster.local", id+1)
		at(400, "10.244.1.7:43000 > 10.244.2.9:8125 udp length 40")
		at(500, "10.244.2.9:8125 > 10.244.1.7:43000 udp length 40")
		at(600, "vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. length 200")
		at(700, "vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 P. length 1400")
		at(800, "vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 .")
		at(900, "arp who-has 10.244.1.7 tell 10.244.1.1")
		at(901, "arp 10.244.1.7 is-at 02:42:0a:f4:01:07 to 10.244.1.1")
	}
	return b.String()
}

// TestHealthyTrafficAllocatesNothing compares a capture with one of three
// times as many packets on the same flows.
func TestHealthyTrafficAllocatesNothing(t *testing.T) {
	const rounds = 1000
	allocs := func(rounds int) float64 {
		in := scriptFile(t, healthy(rounds))
		return testing.AllocsPerRun(1, func() { analyze(t, in) })
	}
	few, many := allocs(rounds), allocs(3*rounds)
	if more := (many - few) / (2 * rounds); more > 0.01 {
		t.Errorf("%.2f allocations per round of 11 packets: %.0f for %d rounds, %.0f for %d", more, few, rounds, many, 3*rounds)
	}
}
