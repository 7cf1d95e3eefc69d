package htmlreport

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

var inEnglish = words{prose.Prose{Lang: text.English}}

// allLadders draws the ladders that the page of r shows.
func allLadders(r *analyzer.Report) []ladder {
	told, _ := prose.Select(r)
	return ladders(r, inEnglish, told.Findings)
}

func TestLadders(t *testing.T) {
	abandoned := reporttest.Ladder()
	abandoned.Findings[0].Facts.(*finding.LadderFacts).Outcome = finding.Abandoned
	reset := reporttest.Hostile()
	reset.Points[0].Name = "eth0"
	reset.Findings[0].Facts.(*finding.LadderFacts).Outcome = finding.Reset
	challenged := reporttest.Ladder()
	for i := range challenged.Findings[0].Facts.(*finding.LadderFacts).Attempts {
		challenged.Findings[0].Facts.(*finding.LadderFacts).Attempts[i].Challenged = i == 1
	}
	for _, tt := range []struct {
		name    string
		r       *analyzer.Report
		columns string // kinds by column: c client or server, p point
		steps   string // kinds by step: b bad and lost, B bad and open, a answered, o open, r reset
		desc    string
	}{
		{"one point", reporttest.Ladder(), "cpc", "BBBBBBa", "7 SYNs, 6 with a wrong checksum, 6 without a visible answer, 1 answered; answered 0.4 ms after the last SYN; timer family exponential-1s"},
		{"three points, one picture", reporttest.Points(), "cpppc", "bbbbbba", "7 SYNs, 6 with a wrong checksum, 6 lost before the next capture point, 1 answered; answered 0.4 ms after the last SYN; timer family exponential-1s"},
		{"abandoned", abandoned, "cpc", "BBBBBBo", "7 SYNs, 6 with a wrong checksum, 7 without a visible answer; abandoned; timer family exponential-1s"},
		{"a challenge ACK", challenged, "cpc", "BCBBBBa", "7 SYNs, 6 with a wrong checksum, 5 without a visible answer, 1 answered with an ACK of another connection, 1 answered; answered 0.4 ms after the last SYN; timer family exponential-1s"},
		{"reset", reset, "cpc", "or", "2 SYNs, 1 without a visible answer, 1 reset; reset; timer family unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := allLadders(tt.r)
			if len(list) != 1 {
				t.Fatalf("%d pictures", len(list))
			}
			l := list[0]
			if got := columnKinds(l); got != tt.columns {
				t.Errorf("columns %s, want %s", got, tt.columns)
			}
			if got := stepKinds(l); got != tt.steps {
				t.Errorf("steps %s, want %s", got, tt.steps)
			}
			if l.Desc != tt.desc {
				t.Errorf("description %q, want %q", l.Desc, tt.desc)
			}
		})
	}
}

func columnKinds(l ladder) (kinds string) {
	for _, c := range l.Columns {
		if c.Point {
			kinds += "p"
		} else {
			kinds += "c"
		}
	}
	return kinds
}

func stepKinds(l ladder) (kinds string) {
	for _, s := range l.Steps {
		switch {
		case s.Bad && s.Kind == "lost":
			kinds += "b"
		case s.Bad && s.Kind == "challenged":
			kinds += "C"
		case s.Bad:
			kinds += "B"
		default:
			kinds += s.Kind[:1]
		}
	}
	return kinds
}

// All of a picture lies inside its frame, and neighbours keep their distance,
// whatever is drawn.
func TestLadderStaysInside(t *testing.T) {
	for _, points := range []int{1, 2, 3, 8} {
		t.Run(fmt.Sprint(points), func(t *testing.T) {
			l := ladder{}
			l.column("client", "[fd00:10:244::1234:5678:9abc:def0]:41000", false)
			for range points {
				l.column("capture point", strings.Repeat("very-long-name/", 9), true)
			}
			l.column("server", "10.0.0.1:80", false)
			l.place()
			for i, c := range l.Columns {
				half := len([]rune(c.Name)) * letter / 2
				if c.X-half < 0 || c.X+half > l.Width {
					t.Errorf("%q at %d leaves the picture of width %d", c.Name, c.X, l.Width)
				}
				if i > 0 && c.X-half < l.Columns[i-1].X+len([]rune(l.Columns[i-1].Name))*letter/2 {
					t.Errorf("%q touches its neighbour", c.Name)
				}
			}
		})
	}
}

func TestTimeline(t *testing.T) {
	facts := reporttest.Ladder().Findings[0].Facts.(*finding.LadderFacts)
	tl := newTimeline(inEnglish, "F1", facts, map[int]bool{1: true})
	var kinds, labels []string
	for i, m := range tl.Marks {
		kinds = append(kinds, m.Kind)
		if m.Label != "" {
			labels = append(labels, m.Label)
		}
		if i > 0 && m.X < tl.Marks[i-1].X || m.X > tl.Width {
			t.Errorf("mark %d at %d", i, m.X)
		}
	}
	if got, want := strings.Join(kinds, " "), "bad bad bad bad bad bad answered"; got != want {
		t.Errorf("marks %s, want %s", got, want)
	}
	if got, want := strings.Join(labels, " "), "8.0 s 16.0 s 32.1 s"; got != want {
		t.Errorf("labels %s, want %s: those with room", got, want)
	}
	if first, last := tl.Ticks[0].Label, tl.Ticks[len(tl.Ticks)-1].Label; first != "0 s" || last != "60 s" {
		t.Errorf("axis from %s to %s", first, last)
	}

	one := &finding.LadderFacts{Attempts: []finding.Attempt{{Frame: 1, Inner: checksum.Good}}, Outcome: finding.CaptureEnd}
	if tl := newTimeline(inEnglish, "F1", one, nil); len(tl.Marks) != 1 || len(tl.Ticks) != 1 || tl.Marks[0].Kind != "open" {
		t.Errorf("one SYN gives %+v", tl)
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"fits", "master/eth0", 11, "master/eth0"},
		{"address", "[fd00:10:244::def0]:41000", 16, "[fd00…ef0]:41000"},
		{"Chinese is wide", "主节点的隧道网卡一号", 20, "主节点的隧道网卡一号"},
		{"Chinese that does not fit", "主节点的隧道网卡一号", 19, "主节点…隧道网卡一号"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := shorten(tt.in, tt.limit); got != tt.want {
				t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func TestPaths(t *testing.T) {
	r := reporttest.Points()
	r.Correlation.Others = [][]int{{2, 0}} // the second link, the other way round
	r.Correlation.Links[1].Matched[0] = 0
	list := newPaths(r, inEnglish)
	var got []string
	for _, p := range list {
		for _, s := range p.Stops {
			line := s.Name + " (" + s.Sub + ")"
			if l := s.Link; l != nil {
				for _, x := range l.Ways {
					line += fmt.Sprintf(" %s %s, lost %v, all %v;", x.Arrow, x.Count, x.Lost, x.All)
				}
				line += fmt.Sprintf(" %d notes", len(l.Notes))
				if last := p.Stops[len(p.Stops)-1].Y + stopHeight; l.End > last || last > p.Height {
					t.Errorf("%s leaves the picture", l.Name)
				}
			}
			got = append(got, line)
		}
	}
	want := []string{
		"master/flannel.1 (not encapsulated) ↓ 12 packets, none lost, lost false, all false; ↑ 4 packets, none lost, lost false, all false; 1 notes",
		"master/eth0 (vxlan) ↓ 6 packets, 6 lost, lost true, all true; ↑ 4 packets, none lost, lost false, all false; 2 notes",
		"node2/eth0 (vxlan; clock +7.000 ms ± 395 µs)",
		"node2/eth0 (vxlan; clock +7.000 ms ± 395 µs) ↓ 4 packets, none lost, lost false, all false; ↑ 6 packets, 6 lost, lost true, all true; 2 notes",
		"master/eth0 (vxlan)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if newPaths(reporttest.Ladder(), inEnglish) != nil {
		t.Error("a path of one point")
	}
}

// NAT gives a connection other names on its way; it is one picture.
func TestLadderThroughNAT(t *testing.T) {
	r := reporttest.Points()
	r.Findings[2].Flow.Client = "10.244.0.5:2201"
	list := allLadders(r)
	if len(list) != 1 {
		t.Fatalf("%d pictures", len(list))
	}
	var got []string
	for _, c := range list[0].Columns {
		got = append(got, c.Name+" "+c.Sub)
	}
	if want := "10.244.0.5:2201 client|master/flannel.1 capture point|master/eth0 as 10.244.0.0:2201|node2/eth0 capture point|10.244.2.73:9153 server"; strings.Join(got, "|") != want {
		t.Errorf("columns %s, want %s", strings.Join(got, "|"), want)
	}
	for i, s := range list[0].Steps {
		if want := 2 + i/6; len(s.Dots) != want {
			t.Errorf("step %d was recorded at %d points, want %d", i, len(s.Dots), want)
		}
	}
}

func TestSequence(t *testing.T) {
	r := reporttest.Points()
	lost := r.Findings[3]
	lost.Flow.Client = "10.244.0.0:2202"
	frames := func(lines ...string) *finding.Finding {
		f := &finding.Finding{ID: "F9", Flow: finding.FlowRef{Client: "10.0.0.1:7", Server: "[fd00::2]:80"}}
		for i, l := range lines {
			f.Evidence = append(f.Evidence, finding.Evidence{Time: r.Captures[0].First + capture.Timestamp(i*i)*1e9, Text: l})
		}
		return f
	}
	for _, tt := range []struct {
		name string
		f    *finding.Finding
		want string // kinds of marks; "" without a picture
		desc string
	}{
		{"both ways, as pcapdiag and as tcpdump write them", frames("10.0.0.1:7 > [fd00::2]:80: SYN", "fd00::2.80 > 10.0.0.1.7: Flags [S.]", "[fd00::2]:80 > 10.0.0.1:7: SYN-ACK"),
			"there back back", "1 frames from the client, 2 from the server, in 4 s"},
		{"a ladder shows it", &r.Findings[3], "", ""},
		{"lost", &lost, "lost lost lost lost lost lost", "6 frames from the client, 0 from the server, in 31.1 s"},
		{"two frames", frames("a", "b"), "", ""},
		{"all at once", &finding.Finding{ID: "F9", Flow: frames().Flow, Evidence: make([]finding.Evidence, 5)}, "", ""},
		{"about no flow", &finding.Finding{Evidence: frames("a", "b", "c").Evidence}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tl := newSequence(r, inEnglish, tt.f)
			if tl == nil {
				if tt.want != "" {
					t.Error("no picture")
				}
				return
			}
			var kinds []string
			for _, m := range tl.Marks {
				kinds = append(kinds, m.Kind)
				if m.X < timelineLeft || m.X > tl.Width-timelineRight {
					t.Errorf("mark at %d leaves the picture", m.X)
				}
			}
			if got := strings.Join(kinds, " "); got != tt.want || tl.Desc != tt.desc {
				t.Errorf("%s: %s", got, tl.Desc)
			}
		})
	}
}
