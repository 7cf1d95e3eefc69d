package synladder

import (
	"net/netip"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The families of ladders, by their gaps in seconds.
//
// Sources: ip-sysctl of the Linux documentation (tcp_syn_retries,
// tcp_syn_linear_timeouts); commit ccce324dabfe "tcp: make the first N SYN RTO
// backoffs linear" for Linux 6.5, which copies the schedule of macOS; RFC 6298
// section 2.1 for the initial RTO of 1 s, RFC 2988 for 3 s, which Windows
// kept.
var families = []struct {
	name    string
	gaps    []float64 // the first ones; those that follow double
	systems text.Text
}{
	{"exponential-1s", []float64{1, 2, 4}, text.Text{EN: "Linux before 6.5", ZH: "6.5 之前的 Linux"}},
	{"linear-then-exponential", []float64{1, 1, 1}, text.Text{EN: "Linux from 6.5 on, macOS or FreeBSD", ZH: "6.5 及之后的 Linux、macOS 或 FreeBSD"}},
	{"exponential-3s", []float64{3, 6, 12}, text.Text{EN: "Windows 7 or an old stack with an initial timeout of 3 s", ZH: "Windows 7 或初始超时为 3 秒的旧协议栈"}},
}

// clientSystem says which systems send at the gaps of f, where there are
// enough of them to tell.
func clientSystem(f *finding.LadderFacts) text.Text {
	for _, known := range families {
		if known.name == f.Family && len(f.Gaps) > 1 {
			return text.Text{EN: "gaps as of " + known.systems.EN, ZH: "间隔符合 " + known.systems.ZH}
		}
	}
	return text.Text{}
}

// family returns the name of the only family that the first gaps fit, or
// "unknown". A single gap of one second fits two.
func family(gaps []float64) string {
	found := "unknown"
	for _, f := range families {
		fits := true
		for i, g := range gaps[:min(len(gaps), len(f.gaps))] {
			want := within(time.Duration(f.gaps[i] * float64(time.Second)))
			got := time.Duration(g * float64(time.Second))
			fits = fits && got >= want.shortest && got <= want.longest
		}
		if !fits {
			continue
		}
		if found != "unknown" {
			return "unknown"
		}
		found = f.name
	}
	return found
}

// A window is the gaps that count as a nominal one.
type window struct{ shortest, longest time.Duration }

// within returns the window around a nominal gap: 5 % below, 15 % and 20 ms
// above. The timer wheel of Linux makes gaps longer, up to an eighth (measured
// on Linux 6.18: 4 s took 4.19 s, 32 s took 33.5 s), never shorter.
func within(gap time.Duration) window {
	return window{gap * 95 / 100, gap*115/100 + 20*time.Millisecond}
}

// hostSourced reports whether the address of an endpoint ends in .0: the
// address that flannel and Calico give a node's tunnel device, so that the
// connection comes from the node itself or was masqueraded by it.
func hostSourced(endpoint string) bool {
	ap, err := netip.ParseAddrPort(endpoint)
	if err != nil || !ap.Addr().Is4() {
		return false
	}
	return ap.Addr().As4()[3] == 0
}
