package detectors_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestHealthyTrafficDoesNotAllocate compares analyses of the same connections
// with few and with many packets: what a packet costs must not be memory.
func TestHealthyTrafficDoesNotAllocate(t *testing.T) {
	if testing.Short() {
		t.Skip("builds captures of thousands of packets")
	}
	const connections, few, many = 20, 10, 210
	allocs := func(rounds int) float64 {
		var s strings.Builder
		for c := range connections {
			fmt.Fprintf(&s, "%.4f vxlan 1 10.244.1.7:%d > 10.244.2.9:80 S sum partial outer-sum lco\n", float64(c)*.001, 41000+c)
			fmt.Fprintf(&s, "%.4f vxlan 1 10.244.2.9:80 > 10.244.1.7:%d S.\n", float64(c)*.001+.0004, 41000+c)
		}
		for r := range rounds {
			for c := range connections {
				at := 1 + float64(r)*.1 + float64(c)*.001
				fmt.Fprintf(&s, "%.4f vxlan 1 10.244.1.7:%d > 10.244.2.9:80 P. length 100 sum partial outer-sum lco\n", at, 41000+c)
				fmt.Fprintf(&s, "%.4f vxlan 1 10.244.2.9:80 > 10.244.1.7:%d P. length 400\n", at+.0004, 41000+c)
			}
		}
		in := scriptFile(t, s.String())
		return testing.AllocsPerRun(3, func() { analyze(t, in) })
	}
	packets := float64(2 * connections * (many - few))
	if got := (allocs(many) - allocs(few)) / packets; got > .01 {
		t.Errorf("%.3f allocations per packet", got)
	}
}
