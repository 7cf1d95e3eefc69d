package prose

import (
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestSpan(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0 µs": 0, "17 µs": 17 * time.Microsecond, "-3 µs": -3 * time.Microsecond, "7.132 ms": 7132 * time.Microsecond,
		"63.1 s": 63120 * time.Millisecond, "26.5 h": 26*time.Hour + 30*time.Minute,
	} {
		if got := Span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// between is a report of two points with one link.
func between(l correlate.Link) (*analyzer.Report, *correlate.Link) {
	l.To = 1
	return &analyzer.Report{
		Points:      []analyzer.Point{{Name: "a"}, {Name: "b"}},
		Captures:    []analyzer.Capture{{Path: "a.pcap"}, {Path: "b.pcap"}},
		Correlation: &correlate.Result{Sites: []correlate.Site{{Point: 0}, {Point: 1}}, Path: []int{0, 1}, Links: []correlate.Link{l}},
	}, &l
}

func TestDirection(t *testing.T) {
	size := &correlate.Difference{Property: text.Text{EN: "datagram size"}, Lost: ">= 1428 B", Arrived: "<= 78 B"}
	for _, tt := range []struct {
		name, want string
		link       correlate.Link
	}{
		{"nothing", "→ no packet", correlate.Link{}},
		{"one", "→ 1 packet, none lost", correlate.Link{Matched: [2]int{1}}},
		{"lost", "→ 5 packets, 2 lost", correlate.Link{Matched: [2]int{3}, Lost: [2]int{2}}},
		{"what tells", "→ 5 packets, 2 lost (datagram size: >= 1428 B on all lost, <= 78 B on the others)",
			correlate.Link{Matched: [2]int{3}, Lost: [2]int{2}, Difference: [2]*correlate.Difference{size}}},
		{"missed", "→ 3 packets, none lost; 2 missed by the capture", correlate.Link{Matched: [2]int{3}, Missed: [2]int{2}}},
		{"delays", "→ 3 packets, none lost; delay 17 µs, 99% below 2.000 ms",
			correlate.Link{Matched: [2]int{3}, Delay: [2]correlate.Quantiles{{N: 3, P50: 17 * time.Microsecond, P99: 2 * time.Millisecond}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Prose{}).Direction(&tt.link, 0); got != tt.want {
				t.Errorf("%s", got)
			}
			if got := (Prose{Lang: text.Chinese}).Direction(&tt.link, 1); got != "← 没有报文" {
				t.Errorf("back: %s", got)
			}
		})
	}
}

func TestLinkClock(t *testing.T) {
	known := func(offset, uncertainty time.Duration) correlate.Clock {
		return correlate.Clock{Known: true, Steady: true, At: 1, Offset: offset, Uncertainty: uncertainty}
	}
	drifts, set := known(time.Second, time.Millisecond), known(time.Second, time.Millisecond)
	drifts.Drift, set.Steady = 12.34e-6, false
	for _, tt := range []struct {
		name, want string
		clock      correlate.Clock
	}{
		{"one clock", "", correlate.Clock{Known: true, Steady: true}},
		{"not known", "clocks not comparable: no packet both there and back", correlate.Clock{}},
		{"equal", "clocks equal within 17 µs", known(-2*time.Microsecond, 15*time.Microsecond)},
		{"ahead", "clock of b 7.000 ms ahead, ± 40 µs", known(7*time.Millisecond, 40*time.Microsecond)},
		{"behind", "clock of b 1.0 h behind, ± 1.000 ms", known(-time.Hour, time.Millisecond)},
		{"drift", "clock of b 1.0 s ahead, ± 1.000 ms, drifting 12.3 ppm", drifts},
		{"set", "clock of b 1.0 s ahead, ± 1.000 ms; one of the clocks was set meanwhile", set},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, l := between(correlate.Link{Clock: tt.clock})
			if got := (Prose{}).LinkClock(r, l); got != tt.want {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestApart(t *testing.T) {
	r, _ := between(correlate.Link{})
	for want, a := range map[string]correlate.Apart{
		"a.pcap and b.pcap have no packet in common":                                               {B: 1},
		"a.pcap and b.pcap have no packet in common; the snaplen hides what 3 of their frames are": {B: 1, Cut: 3},
		"a.pcap and b.pcap were not captured at the same time: 90.0 s apart by their own clocks":   {B: 1, NoOverlap: true, Gap: 90 * time.Second},
	} {
		if got := (Prose{}).Apart(r, a); got != want {
			t.Errorf("%s", got)
		}
	}
}

func TestGroups(t *testing.T) {
	at := func(id string, point int, severity finding.Severity, message string, same ...string) finding.Finding {
		return finding.Finding{ID: id, Severity: severity, Message: text.Text{EN: message}, Flow: finding.FlowRef{Point: point}, Same: same}
	}
	r, _ := between(correlate.Link{})
	r.Points = append(r.Points, analyzer.Point{Name: "c"})
	r.Findings = []finding.Finding{
		at("F1", 0, finding.Warning, "seven SYNs", "F2", "F4"),
		at("F2", 1, finding.Warning, "seven SYNs, six of them broken", "F1", "F4"),
		at("F3", 1, finding.Warning, "another one"),
		at("F4", 2, finding.Info, "seven SYNs", "F1", "F2"),
	}
	var got []string
	for _, g := range Groups(r) {
		got = append(got, g.Finding.ID+" "+(Prose{}).Group(r, g))
	}
	want := "F2 seven SYNs, six of them broken; the same at a (F1)\nF3 another one\nF4 seven SYNs"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}
