package table

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// bundled is a report on an archive with a rotated capture, a transcript and
// files that tell of a node.
func bundled() *analyzer.Report {
	rule := &finding.Rule{ID: "syn-retry-ladder"}
	say := func(s string) text.Text { return text.Text{EN: s, ZH: s} }
	return &analyzer.Report{
		Version: "test",
		Context: catalog.Context{Kernel: "5.4.0"},
		Sources: []analyzer.ContextSource{
			{Path: "b.tar/a/uname", Kind: "uname -r", Context: catalog.Context{Kernel: "5.4.0"}, Used: []string{"kernel"}},
			{Path: "b.tar/b/uname", Kind: "uname -r", Context: catalog.Context{Kernel: "5.15.0"}, Remarks: []text.Text{say("kernel is 5.15.0 here")}},
			{Path: "b.tar/c/uname", Kind: "uname -r", Context: catalog.Context{Kernel: "5.4.0"}},
			{Path: "b.tar/sysctl", Kind: "sysctl -a", Facts: []nodeinfo.Fact{{Name: "net.ipv4.vs.conn_reuse_mode", Value: "1"}},
				Clues: []diagnosis.Clue{{Issue: "one", For: true, Text: say("speaks")}, {Issue: "other", Text: say("objects")}}},
		},
		Archives: []analyzer.Archive{{Path: "b.tar", Format: "tar", Files: 9, Captures: 3, More: 2, Skipped: []bundle.Skipped{
			{Name: "s", Reason: bundle.Link}, {Reason: bundle.Cut, Detail: "unexpected EOF"},
		}}},
		Captures: []analyzer.Capture{
			{Path: "b.tar/x.pcap", Format: "pcap", Frames: 5},
			{Path: "b.tar/x.pcap1", Format: "pcap", Frames: 5, Continues: true, Before: 5},
		},
		Points: []analyzer.Point{{Name: "x"}},
		Stats:  analyzer.Stats{Frames: 10},
		Findings: []finding.Finding{{
			ID: "F1", Rule: rule, Severity: finding.Info, Message: say("7 SYNs"), Caveat: say("less sure"),
			Flow:     finding.FlowRef{Client: "10.0.0.1:1", Server: "10.0.0.2:2", Protocol: "tcp", Encap: "none"},
			Facts:    &finding.LadderFacts{Outcome: finding.Abandoned, Attempts: []finding.Attempt{{Frame: 5}, {Frame: 6, At: 1}}},
			Evidence: []finding.Evidence{{Frame: 9, Text: "RST"}},
		}},
	}
}

func TestBundle(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, bundled(), Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"An archive could not be read to its end: see below.\n",
		"\nWhat files beside the captures tell\n  - b.tar/a/uname (uname -r)\n    kernel=5.4.0 (used: kernel)\n",
		"    kernel=5.15.0 (not used)\n    kernel is 5.15.0 here\n",
		"  - b.tar/c/uname (uname -r)\n    kernel=5.4.0 (agrees)\n",
		"    net.ipv4.vs.conn_reuse_mode = 1\n    for one: speaks\n    against other: objects\n",
		"  b.tar\n    tar, 9 files, 3 of them captures\n    - left out: link: s\n    - left out: cut, what follows is missing (unexpected EOF)\n    - left out: 2 more\n",
		"    ! less sure\n",
		"  x.pcap:5  0.000",
		" x.pcap1:1  1.000",
		"    x.pcap1:4 ",
		"+ 0.000 s, one\n    capture with the file before it\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
