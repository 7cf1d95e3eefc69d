package analyzer_test

import (
	"context"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
)

// TestTranscriptGivesTheIssue analyses captures and what tcpdump printed of
// them: the issue is the same, one step less sure at least, and says why.
func TestTranscriptGivesTheIssue(t *testing.T) {
	const seed = "../testdata/seed63/"
	tests := []struct {
		name, capture, transcript string
		captured, printed         diagnosis.Confidence // ConfidenceUnknown for no issue
	}{
		{"no checksum is printed, port and time tell", seed + "master-eth0.pcap", seed + "master-eth0.tcpdump.txt", diagnosis.Certain, diagnosis.Medium},
		{"0xffff is printed", seed + "master-eth0.pcap", seed + "master-eth0.vv.tcpdump.txt", diagnosis.Certain, diagnosis.High},
		{"no outer header", seed + "master-flannel1.pcap", seed + "master-flannel1.tcpdump.txt", diagnosis.Medium, diagnosis.Low},
		{"only the good connection", seed + "node2-eth0.pcap", seed + "node2-eth0.tcpdump.txt", diagnosis.ConfidenceUnknown, diagnosis.ConfidenceUnknown},
		{"a checksum that is right for another port", lab + "lad63.A-eth0.pcap", lab + "lad63.A-eth0.vv.tcpdump.txt", diagnosis.Certain, diagnosis.High},
		{"what tcpdump calls bad is offload", lab + "artefact.A-eth0.pcap", lab + "artefact.A-eth0.vv.tcpdump.txt", diagnosis.ConfidenceUnknown, diagnosis.ConfidenceUnknown},
		{"with MAC addresses", lab + "lad63.A-flannel1.pcap", lab + "lad63.A-flannel1.e.tcpdump.txt", diagnosis.Medium, diagnosis.Low},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for path, want := range map[string]diagnosis.Confidence{tt.capture: tt.captured, tt.transcript: tt.printed} {
				r, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory(path, readFile(t, path))}, options())
				if err != nil {
					t.Fatal(err)
				}
				got := diagnosis.ConfidenceUnknown
				if len(r.Diagnoses) > 0 && r.Diagnoses[0].Issue.ID == "vxlan-double-snat-bad-csum" {
					got = r.Diagnoses[0].Confidence
				}
				if len(r.Diagnoses) > 1 || got != want {
					t.Errorf("%s: %d diagnoses, %s; want %s", path, len(r.Diagnoses), got, want)
				}
				for _, f := range r.Findings {
					if f.Rule.ID != "capture-quality" && f.Caveat.IsZero() != (path == tt.capture) {
						t.Errorf("%s: %s has the caveat %q", path, f.ID, f.Caveat.EN)
					}
				}
			}
		})
	}
}

// TestSeedAtOnce reads the three transcripts of the report as one text, as
// they stand there: each is a capture point, named after its prompt.
func TestSeedAtOnce(t *testing.T) {
	var text []byte
	for _, name := range []string{"master-flannel1", "master-eth0", "node2-eth0"} {
		text = append(text, readFile(t, "../testdata/seed63/"+name+".tcpdump.txt")...)
	}
	r, err := analyzer.Analyze(context.Background(), []analyzer.Input{memory("report.txt", text)}, options())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"report/master/flannel.1", "report/master/eth0", "report/node2/eth0"}
	if len(r.Points) != len(want) {
		t.Fatalf("points %+v", r.Points)
	}
	for i, p := range r.Points {
		if p.Name != want[i] {
			t.Errorf("point %d is %q, want %q", i, p.Name, want[i])
		}
	}
	if len(r.Diagnoses) != 1 || r.Diagnoses[0].Confidence != diagnosis.Medium {
		t.Errorf("diagnoses %+v", r.Diagnoses)
	}
	for _, f := range r.Findings {
		if f.Rule.ID == "capture-quality" && len(f.Evidence) > 0 {
			t.Errorf("the second transcript begins anew, and that is a finding: %s", f.Message.EN)
		}
	}
}
