package analyzer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// input returns a capture made of a packet script.
func input(t *testing.T, path, script string) analyzer.Input {
	t.Helper()
	s, err := packetscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(file.Bytes())), nil
	}}
}

// counterRule is the rule of counter, a detector that reports each flow.
var counterRule = &finding.Rule{ID: "counter"}

func counter() *analyzer.Detector {
	return &analyzer.Detector{Name: "counter", Rules: []*finding.Rule{counterRule}, Start: func(pass *analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Event: func(ev *analyzer.Event) {
			if ev.Notes.Has(flow.NewFlow) {
				pass.Report(finding.Finding{Rule: counterRule, Severity: finding.Info, Flow: pass.FlowRef(ev.Flow),
					Evidence: []finding.Evidence{pass.Evidence(ev.Packet, "")}})
			}
		}}
	}}
}

func analyze(t *testing.T, ctx context.Context, inputs []analyzer.Input, detectors ...*analyzer.Detector) *analyzer.Report {
	t.Helper()
	r, err := analyzer.Analyze(ctx, inputs, analyzer.Options{Detectors: detectors, Sum: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pointNames returns the points of a report, and how many frames each has.
func pointNames(r *analyzer.Report) (names []string, frames []int) {
	for _, p := range r.Points {
		names = append(names, p.Name)
		frames = append(frames, p.Frames)
	}
	return names, frames
}

func TestTwoCapturesAreTwoPoints(t *testing.T) {
	const syn = "0 10.0.0.1:1000 > 10.0.0.2:80 S\n"
	named := input(t, "b/x.pcap", syn+syn)
	named.Name = "master"
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a/x.pcap", syn), named, input(t, "c/x.pcap.gz", syn)}, counter())
	names, frames := pointNames(r)
	if !slices.Equal(names, []string{"x", "master", "x#2"}) || !slices.Equal(frames, []int{1, 2, 1}) {
		t.Errorf("points %q with %d frames", names, frames)
	}
	if r.Stats.Frames != 4 || r.Stats.Flows != 3 {
		t.Errorf("%d frames, %d flows; want 4 and 3", r.Stats.Frames, r.Stats.Flows)
	}
	for i, f := range r.Findings {
		if f.Flow.Point != i || f.Evidence[0].Point != i || f.Evidence[0].Frame != 1 {
			t.Errorf("finding %d: flow of point %d, evidence %+v", i, f.Flow.Point, f.Evidence[0])
		}
	}
}

func TestInterfacesAreTwoPoints(t *testing.T) {
	r := analyze(t, t.Context(), []analyzer.Input{
		input(t, "first.pcap", "0 10.0.0.1:1000 > 10.0.0.2:80 S\n"),
		input(t, "any.pcap", `
link sll2
0 @cni0 10.0.0.1:1000 > 10.0.0.2:80 S
0.0001 @eth0 10.0.0.1:1000 > 10.0.0.2:80 S
`)}, counter())
	if len(r.Points) != 3 || r.Points[1].Capture != 1 || r.Points[2].Capture != 1 {
		t.Fatalf("points %+v, want one of the first capture and two of the second", r.Points)
	}
	if !strings.HasPrefix(r.Points[2].Name, "any/") {
		t.Errorf("the last point is called %q", r.Points[2].Name)
	}
	if r.Stats.Flows != 3 || r.Stats.SYNRetransmissions != 0 {
		t.Errorf("%d flows, %d SYNs sent again; want 3 and none", r.Stats.Flows, r.Stats.SYNRetransmissions)
	}
	if last := r.Findings[2]; last.Flow.Point != 2 || last.Evidence[0].Point != 2 || last.Evidence[0].Frame != 2 {
		t.Errorf("the flow at the last point: %+v %+v", last.Flow, last.Evidence)
	}
}

// TestPanickingDetector lets a detector fail in the middle: it is named, and
// the others go on.
func TestPanickingDetector(t *testing.T) {
	calls := 0
	failedRule := &finding.Rule{ID: "failed-rule"}
	fails := &analyzer.Detector{Name: "fails", Rules: []*finding.Rule{failedRule}, Start: func(*analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{
			Packet: func(p *decoders.Packet) {
				if calls++; p.Number == 2 {
					panic("oops")
				}
			},
			End: func() { calls += 100 },
		}
	}}
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", `
0 10.0.0.1:1000 > 10.0.0.2:80 S
1 10.0.0.1:1001 > 10.0.0.2:80 S
2 10.0.0.1:1002 > 10.0.0.2:80 S
`)}, fails, counter())
	if calls != 2 {
		t.Errorf("called %d times, want 2: never again after the panic", calls)
	}
	if len(r.Findings) != 3 {
		t.Errorf("%d findings of the other detector, want 3", len(r.Findings))
	}
	want := analyzer.Problem{Code: analyzer.ProblemDetectorFailed, Count: 1, FirstFrame: 2, Detail: "fails: oops"}
	if len(r.Problems) != 1 || r.Problems[0] != want {
		t.Errorf("problems %+v, want %+v", r.Problems, want)
	}
	if slices.Contains(r.Checked, failedRule) || !notChecked(r, failedRule, "its detector failed at frame 2") {
		t.Errorf("checked %v, not checked %+v", r.Checked, r.NotChecked)
	}
}

// notChecked reports whether r gives reason for not having checked rule.
func notChecked(r *analyzer.Report, rule *finding.Rule, reason string) bool {
	return slices.ContainsFunc(r.NotChecked, func(n analyzer.NotChecked) bool {
		return n.Rule == rule && n.Reason.EN == reason
	})
}

// TestPanickingStart lets a detector fail before the first packet.
func TestPanickingStart(t *testing.T) {
	fails := &analyzer.Detector{Name: "fails", Start: func(*analyzer.Pass) analyzer.Hooks { panic("oops") }}
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", "0 10.0.0.1:1000 > 10.0.0.2:80 S\n")}, fails, counter())
	want := analyzer.Problem{Code: analyzer.ProblemDetectorFailed, Count: 1, Detail: "fails: oops"}
	if len(r.Findings) != 1 || len(r.Problems) != 1 || r.Problems[0] != want {
		t.Errorf("%d findings, problems %+v; want one, and %+v", len(r.Findings), r.Problems, want)
	}
}

// TestInterrupted ends the context while the first capture is being read.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stops := &analyzer.Detector{Name: "stops", Start: func(*analyzer.Pass) analyzer.Hooks {
		return analyzer.Hooks{Packet: func(p *decoders.Packet) {
			if p.Number == 10 {
				cancel()
			}
		}}
	}}
	script := strings.Repeat("0 10.0.0.1:1000 > 10.0.0.2:53 udp\n", 9000)
	r := analyze(t, ctx, []analyzer.Input{input(t, "a.pcap", script), input(t, "b.pcap", script)}, stops)
	if !r.Interrupted || len(r.Captures) != 1 {
		t.Fatalf("interrupted %t with %d captures, want one", r.Interrupted, len(r.Captures))
	}
	if c := r.Captures[0]; c.SHA256 != "" || c.Frames >= 9000 || c.Frames != r.Stats.Frames {
		t.Errorf("%d frames read, %d counted, sum %q; want fewer than 9000, and no sum", c.Frames, r.Stats.Frames, c.SHA256)
	}
}

func TestFailedInputs(t *testing.T) {
	good := input(t, "good.pcap", "0 10.0.0.1:1000 > 10.0.0.2:80 S\n")
	missing := analyzer.Input{Path: "missing.pcap", Open: func() (io.ReadCloser, error) { return os.Open("missing.pcap") }}
	noCapture := analyzer.Input{Path: "notes.txt", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("this is no capture")), nil
	}}

	r := analyze(t, t.Context(), []analyzer.Input{missing, good, noCapture}, counter())
	if len(r.Captures) != 1 || len(r.Failed) != 2 || r.Failed[0].Path != "missing.pcap" || r.Failed[1].Path != "notes.txt" {
		t.Errorf("captures %+v, failed %+v", r.Captures, r.Failed)
	}
	if !errors.Is(r.Failed[0].Err, fs.ErrNotExist) {
		t.Errorf("missing.pcap: %v", r.Failed[0].Err)
	}

	r, err := analyzer.Analyze(t.Context(), []analyzer.Input{missing, noCapture}, analyzer.Options{})
	if r != nil || !errors.Is(err, analyzer.ErrNothing) || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "notes.txt") {
		t.Errorf("nothing but failures: report %v, error %v", r, err)
	}
}

// TestChecksumCounts counts packets whose verdict only a later one tells: the
// count is that of the last word.
func TestChecksumCounts(t *testing.T) {
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", `
0 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 41061 10.244.0.0:51000 > 10.244.2.9:80 S
1 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 41061 10.244.0.0:51000 > 10.244.2.9:80 S
3 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 41061 10.244.0.0:51000 > 10.244.2.9:80 S
7 vxlan 1 10.0.0.1:41061 > 10.0.0.2:8472 10.244.0.0:51000 > 10.244.2.9:80 S
8 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
9 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
11 vxlan 1 10.0.101.7:48683 > 10.0.100.15:8472 sum 0x0104 10.244.0.0:2201 > 10.244.2.73:9153 S
15 vxlan 1 10.0.100.3:56618 > 10.0.100.15:8472 sum 0 10.244.0.0:2201 > 10.244.2.73:9153 S
`)})
	var want [checksum.NumVerdicts]int
	want[checksum.NATOnLCO], want[checksum.Good] = 3, 1
	want[checksum.NATOnZero], want[checksum.Absent] = 3, 1
	for _, c := range r.Stats.Checksums {
		if c.Level == "outer" && c.Protocol == "udp" && c.Counts != want {
			t.Errorf("outer UDP checksums %v, want %v", c.Counts, want)
		}
	}
	if r.Stats.SYNRetransmissions != 6 {
		t.Errorf("%d SYNs sent again, want 6", r.Stats.SYNRetransmissions)
	}
}

// TestChecked tells rules that ran from rules that could not: a reason given
// for one capture counts only where no other capture could be checked.
func TestChecked(t *testing.T) {
	rule := &finding.Rule{ID: "tcp-only"}
	needsTCP := &analyzer.Detector{Name: "needs", Rules: []*finding.Rule{rule}, Start: func(pass *analyzer.Pass) analyzer.Hooks {
		tcp := false
		return analyzer.Hooks{
			Packet: func(p *decoders.Packet) { tcp = tcp || p.Inner().Proto == decoders.ProtoTCP },
			End: func() {
				if !tcp {
					pass.NotChecked(rule, text.Text{EN: "no TCP"})
				}
			},
		}
	}}
	udp, tcp := "0 10.0.0.1:1 > 10.0.0.2:53 udp\n", "0 10.0.0.1:1 > 10.0.0.2:80 S\n"
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", udp)}, needsTCP)
	if slices.Contains(r.Checked, rule) || !notChecked(r, rule, "no TCP") {
		t.Errorf("checked %v, not checked %+v", r.Checked, r.NotChecked)
	}
	r = analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", udp), input(t, "b.pcap", tcp)}, needsTCP)
	if !slices.Contains(r.Checked, rule) {
		t.Errorf("checked %v, not checked %+v", r.Checked, r.NotChecked)
	}
}

// TestFindingsAreCapped reports more than MaxFindings.
func TestFindingsAreCapped(t *testing.T) {
	var script strings.Builder
	for n := range analyzer.MaxFindings + 7 {
		script.WriteString("0 10.0.0.1:" + string(rune('1'+n%9)) + string(rune('0'+n/9)) + " > 10.0.0.2:80 S\n")
	}
	r := analyze(t, t.Context(), []analyzer.Input{input(t, "a.pcap", script.String())}, counter())
	if len(r.Findings) != analyzer.MaxFindings {
		t.Errorf("%d findings, want %d", len(r.Findings), analyzer.MaxFindings)
	}
	if len(r.Problems) != 1 || r.Problems[0].Code != analyzer.ProblemFindingsCapped || r.Problems[0].Count != 7 || r.Problems[0].Detail != "counter" {
		t.Errorf("problems %+v", r.Problems)
	}
}
