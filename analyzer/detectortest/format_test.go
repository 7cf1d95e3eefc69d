package detectortest

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

var (
	rule = &finding.Rule{ID: "syn-retry-ladder"}
	flow = finding.FlowRef{Client: "10.244.1.7:41000", Server: "10.244.2.9:80", Protocol: "tcp", Encap: "none"}
)

func TestFormat(t *testing.T) {
	tunnelled := flow
	tunnelled.Encap, tunnelled.VNI = "vxlan", 1
	tunnelled.OuterClient, tunnelled.OuterServer = "192.168.1.1", "192.168.2.1"
	ipip := tunnelled
	ipip.Encap, ipip.VNI = "ipip", 0
	message := text.Text{EN: "3 SYNs", ZH: "3 个 SYN"}
	for _, tt := range []struct {
		name     string
		findings []finding.Finding
		points   []string
		want     string
	}{
		{"nothing", nil, []string{"eth0"}, ""},
		{"no flow", []finding.Finding{{Rule: rule, Severity: finding.Info, Message: message}}, nil,
			"syn-retry-ladder info: 3 SYNs\n"},
		{"a flow without encapsulation", []finding.Finding{{Rule: rule, Severity: finding.Warning, Message: message, Flow: flow}}, nil,
			"syn-retry-ladder warning: 3 SYNs\n\ttcp 10.244.1.7:41000 > 10.244.2.9:80\n"},
		{"a flow in VXLAN", []finding.Finding{{Rule: rule, Severity: finding.Error, Message: message, Flow: tunnelled}}, nil,
			"syn-retry-ladder error: 3 SYNs\n\ttcp 10.244.1.7:41000 > 10.244.2.9:80 in vxlan 1 192.168.1.1 > 192.168.2.1\n"},
		{"a flow in IPIP", []finding.Finding{{Rule: rule, Severity: finding.Error, Message: message, Flow: ipip}}, nil,
			"syn-retry-ladder error: 3 SYNs\n\ttcp 10.244.1.7:41000 > 10.244.2.9:80 in ipip 192.168.1.1 > 192.168.2.1\n"},
		{"evidence at one point", []finding.Finding{{Rule: rule, Severity: finding.Info, Message: message,
			Evidence: []finding.Evidence{{Frame: 1, Text: "Flags [S]"}, {Frame: 12, Text: "Flags [S.]"}}, More: 3}}, []string{"eth0"},
			"syn-retry-ladder info: 3 SYNs\n\t1 Flags [S]\n\t12 Flags [S.]\n\t3 more\n"},
		{"evidence at two points", []finding.Finding{{Rule: rule, Severity: finding.Info, Message: message,
			Evidence: []finding.Evidence{{Frame: 1, Text: "Flags [S]"}, {Point: 1, Frame: 2, Text: "Flags [S]"}}}}, []string{"eth0", "cni0"},
			"syn-retry-ladder info: 3 SYNs\n\t1 @eth0 Flags [S]\n\t2 @cni0 Flags [S]\n"},
	} {
		if got := format(tt.findings, tt.points); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ name, want, got, diff string }{
		{"nothing and nothing", "", "", ""},
		{"equal", "a\nb\n", "a\nb\n", "  a\n  b\n"},
		{"found and not wanted", "", "a\n", "+ a\n"},
		{"wanted and not found", "a\nb\n", "b\n", "- a\n  b\n"},
		{"changed in the middle", "a\nb\nc\n", "a\nx\nc\n", "  a\n- b\n+ x\n  c\n"},
		{"no last newline", "a", "a\n", "  a\n"},
	} {
		if got := diff(tt.want, tt.got); got != tt.diff {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.diff)
		}
	}
}

func TestJudge(t *testing.T) {
	loud := result{"loud", []finding.Finding{{Severity: finding.Info}, {Severity: finding.Warning}}}
	info := result{"info", []finding.Finding{{Severity: finding.Info}}}
	none := result{"none", nil}
	for _, tt := range []struct {
		name       string
		results    []result
		complaints int
	}{
		{"no case", nil, 2},
		{"nothing but silence", []result{none, none}, 1},
		{"nothing but warnings", []result{loud, loud}, 1},
		{"one case of severity info", []result{info}, 1},
		{"a warning and silence", []result{loud, none}, 0},
		{"a warning and an info", []result{loud, info}, 0},
		{"an info and silence", []result{info, none}, 0},
	} {
		if got := judge(tt.results); len(got) != tt.complaints {
			t.Errorf("%s: complaints %q, want %d", tt.name, got, tt.complaints)
		}
	}
}
