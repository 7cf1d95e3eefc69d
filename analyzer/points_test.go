package analyzer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Three points of one connection through a service, each with a clock of its
// own: the pod's end, the tunnel behind NAT, the other node.
const (
	atPod = `0 10.244.1.7:41000 > 10.96.0.10:53 S seq 5 ts 1/0 id 1 ttl 64
0.010 10.96.0.10:53 > 10.244.1.7:41000 S. seq 9 ack 6 ts 7/1 id 2 ttl 60
1 10.244.1.7:41000 > 10.96.0.10:53 P. seq 6 ack 10 length 9 ts 2/7 id 3 ttl 64
2 10.244.1.7:41000 > 10.96.0.10:53 P. seq 15 ack 10 length 9 ts 3/7 id 4 ttl 64
`
	atTunnel = `base 2024-01-01T00:00:05Z
0.002 vxlan 1 10.244.0.0:2201 > 10.244.2.73:53 S seq 5 ts 1/0 id 1 ttl 63
0.008 vxlan 1 10.244.2.73:53 > 10.244.0.0:2201 S. seq 9 ack 6 ts 7/1 id 2 ttl 61
1.002 vxlan 1 10.244.0.0:2201 > 10.244.2.73:53 P. seq 6 ack 10 length 9 ts 2/7 id 3 ttl 63
2.002 vxlan 1 10.244.0.0:2201 > 10.244.2.73:53 P. seq 15 ack 10 length 9 ts 3/7 id 4 ttl 63
`
	atNode2 = `base 2023-12-31T23:59:58Z
0.004 10.244.0.0:2201 > 10.244.2.73:53 S seq 5 ts 1/0 id 1 ttl 62
0.006 10.244.2.73:53 > 10.244.0.0:2201 S. seq 9 ack 6 ts 7/1 id 2 ttl 62
2.004 10.244.0.0:2201 > 10.244.2.73:53 P. seq 15 ack 10 length 9 ts 3/7 id 4 ttl 62
`
)

func threePoints(t *testing.T, order ...string) *analyzer.Report {
	t.Helper()
	scripts := map[string]string{"pod": atPod, "tunnel": atTunnel, "node2": atNode2}
	var inputs []analyzer.Input
	for _, name := range order {
		in := input(t, name+".pcap", scripts[name])
		in.Name = name
		inputs = append(inputs, in)
	}
	return analyze(t, t.Context(), inputs, counter())
}

// sites returns the names of a path.
func sites(r *analyzer.Report, path []int) (names []string) {
	for _, s := range path {
		names = append(names, r.SiteName(s))
	}
	return names
}

func TestThreePoints(t *testing.T) {
	for _, order := range [][]string{
		{"pod", "tunnel", "node2"}, {"pod", "node2", "tunnel"}, {"tunnel", "pod", "node2"},
		{"tunnel", "node2", "pod"}, {"node2", "pod", "tunnel"}, {"node2", "tunnel", "pod"},
	} {
		t.Run(strings.Join(order, " "), func(t *testing.T) {
			r := threePoints(t, order...)
			if got := sites(r, r.Correlation.Path); !slices.Equal(got, []string{"pod", "tunnel", "node2"}) {
				t.Fatalf("path %q", got)
			}
			offsets := map[string]time.Duration{"pod": 0, "tunnel": 5 * time.Second, "node2": -2 * time.Second}
			for _, p := range r.Points {
				if off := p.ClockOffset - offsets[p.Name]; off.Abs() > 5*time.Millisecond {
					t.Errorf("clock of %s: %v", p.Name, p.ClockOffset)
				}
			}
			checkLossAndNAT(t, r)
		})
	}
}

func checkLossAndNAT(t *testing.T, r *analyzer.Report) {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f finding.Finding) bool { return f.Rule == correlate.Rule })
	if i < 0 {
		t.Fatal("no loss")
	}
	if f := r.Findings[i]; f.Message.EN != "1 of 3 packets seen at tunnel is missing at node2" || f.Evidence[0].Frame != 3 {
		t.Errorf("%s: frame %d", f.Message.EN, f.Evidence[0].Frame)
	}
	if len(r.Correlation.Connections) != 1 {
		t.Fatalf("%d translated connections", len(r.Correlation.Connections))
	}
	c := r.Correlation.Connections[0]
	end := func(e correlate.End) string { return finding.Endpoint(e.Addr, e.Port, c.Proto) }
	if got := fmt.Sprintf("%s %s %s %s", end(c.Client), end(c.Service), end(c.Source), end(c.Backend)); got != "10.244.1.7:41000 10.96.0.10:53 10.244.0.0:2201 10.244.2.73:53" {
		t.Errorf("NAT %s", got)
	}
	// The counter reports the flow at each point: three findings of one connection.
	flows := 0
	for _, f := range r.Findings {
		if f.Rule == counterRule {
			flows++
			if len(f.Same) != 2 || slices.Contains(f.Same, f.ID) {
				t.Errorf("%s is the same as %q", f.ID, f.Same)
			}
		}
	}
	if flows != 3 {
		t.Errorf("%d flows", flows)
	}
}

func TestOneClock(t *testing.T) {
	r := threePoints(t, "pod", "tunnel", "node2")
	began := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, p := range r.Points {
		own := r.Captures[p.Capture].First
		if off := r.OneClock(p.ID, own).Time().Sub(began); off < -time.Millisecond || off > 10*time.Millisecond {
			t.Errorf("%s begins at %v on the common clock, at %v on its own", p.Name, off, own.Time().Sub(began))
		}
	}
	alone := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", atPod)}, counter())
	if alone.Correlation != nil || alone.OneClock(0, capture.Timestamp(5)) != 5 {
		t.Error("a single point is compared with itself")
	}
}

// TestOneCookedCapture compares the interfaces and encapsulations of one
// capture of all interfaces.
func TestOneCookedCapture(t *testing.T) {
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "any.pcap", `
link sll
0 10.244.1.7:41000 > 10.244.2.9:80 S seq 5 ts 1/0 id 1
0.00002 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 5 ts 1/0 id 1 ttl 63
1 10.244.1.7:41000 > 10.244.2.9:80 S seq 5 ts 2/0 id 2
1.00002 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 5 ts 2/0 id 2 ttl 63
`)}, counter())
	if r.Correlation == nil {
		t.Fatal("not compared")
	}
	if got := sites(r, r.Correlation.Path); !slices.Equal(got, []string{"any (none)", "any (vxlan)"}) {
		t.Errorf("path %q", got)
	}
	if l := r.Correlation.Links[0]; l.Matched != [2]int{2, 0} || l.Lost != [2]int{} || l.Clock.Offset != 0 || !l.Clock.Known {
		t.Errorf("%+v", l)
	}
}

// TestCutFrames has a point whose snaplen leaves no headers.
func TestCutFrames(t *testing.T) {
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", atPod), input(t, "b.pcap", "snap 30\n"+atPod)}, counter())
	if len(r.Correlation.Apart) != 1 || r.Correlation.Apart[0].Cut != 4 {
		t.Errorf("apart %+v", r.Correlation.Apart)
	}
	if len(r.NotChecked) != 1 || r.NotChecked[0].Rule != correlate.Rule {
		t.Errorf("not checked %+v", r.NotChecked)
	}
}

func TestPathErrors(t *testing.T) {
	for want, path := range map[string][]string{
		`path of capture points: none is called "x", there are a, b`: {"a", "x"},
		`path of capture points: "a" is in it twice`:                 {"a", "b", "a"},
		`path of capture points: it takes two points or more`:        {"a"},
	} {
		inputs := []analyzer.Input{input(t, "a.pcap", atPod), input(t, "b.pcap", atPod)}
		_, err := analyzer.Analyze(t.Context(), inputs, analyzer.Options{Path: path})
		if !errors.Is(err, analyzer.ErrPath) || err.Error() != want {
			t.Errorf("%q: %v", path, err)
		}
	}
}
