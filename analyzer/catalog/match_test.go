package catalog

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// ruleIssue is an issue with the conditions of one row each.
func ruleIssue(rows ...[]Condition) *Issue {
	i := &Issue{ID: "x"}
	for _, when := range rows {
		i.Affected = append(i.Affected, Affected{Case: text.Text{EN: "case", ZH: "情况"}, When: when})
	}
	return i
}

func TestMatchKernel(t *testing.T) {
	nat := Condition{
		Component: "kernel", Fixed: "5.7", Backports: []string{"4.14.181", "4.19.123", "5.4.41", "5.6.13"},
		Vendor: []VendorBuild{
			{Bad: "3.10.0-1127.8.2.el7.x86_64"},
			{Fixed: "5.4.0-32-generic"},
			{Fixed: "4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64"},
			{Fixed: "4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64"},
		},
	}
	plain := Condition{Component: "kernel", From: "4.1", Fixed: "5.9", Plain: true}
	regression := Condition{Component: "kernel", From: "5.10"}
	for _, tt := range []struct {
		name    string
		cond    Condition
		release string
		want    Status
		why     string
	}{
		{"mainline before the fix", nat, "5.5.0", StatusAffected, "kernel 5.5.0 is older than 5.7"},
		{"mainline with the fix", nat, "5.7.0", StatusNotAffected, "kernel 5.7.0 is 5.7 or later"},
		{"stable before its back-port", nat, "5.4.40", StatusAffected, "kernel 5.4.40 is older than 5.4.41"},
		{"stable at its back-port", nat, "5.4.41", StatusNotAffected, "kernel 5.4.41 is 5.4.41 or later"},
		{"stable far behind its back-port", nat, "4.14.200", StatusNotAffected, "kernel 4.14.200 is 4.14.181 or later"},
		{"series without a back-port", nat, "4.9.230", StatusAffected, "kernel 4.9.230 is older than 5.7"},
		{"Amazon follows stable", nat, "4.14.181-142.260.amzn2.x86_64", StatusNotAffected, "is 4.14.181 or later"},
		{"elrepo follows stable", nat, "5.4.41-1.el7.elrepo.x86_64", StatusNotAffected, "is 5.4.41 or later"},
		{"RHEL known bad", nat, "3.10.0-957.el7.x86_64", StatusAffected, "which is known to lack the fix"},
		{"RHEL last known bad", nat, "3.10.0-1127.8.2.el7.x86_64", StatusAffected, "which is known to lack the fix"},
		{"RHEL behind the last known bad", nat, "3.10.0-1160.el7.x86_64", StatusUnknown, "(el7) keeps its base version"},
		{"RHEL of another base", nat, "4.18.0-147.el8.x86_64", StatusUnknown, "(el8) keeps its base version"},
		{"RHEL 9 is new enough upstream", nat, "5.14.0-70.el9.x86_64", StatusNotAffected, "is 5.7 or later"},
		{"Ubuntu before its fix", nat, "5.4.0-26-generic", StatusAffected, "its vendor's first build with the fix"},
		{"Ubuntu with its fix", nat, "5.4.0-91-generic", StatusNotAffected, "which has the fix"},
		{"Ubuntu cloud counts its own builds", nat, "5.4.0-1048-azure", StatusUnknown, "(ubuntu-cloud) keeps its base version"},
		{"Ubuntu is new enough upstream", nat, "5.15.0-91-generic", StatusNotAffected, "is 5.7 or later"},
		{"Debian", nat, "4.19.0-16-amd64", StatusUnknown, "(debian) keeps its base version"},
		{"EulerOS x86 at its fix", nat, "4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64", StatusNotAffected, "which has the fix"},
		{"EulerOS x86 before its fix", nat, "4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64", StatusAffected, "its vendor's first build with the fix"},
		{"EulerOS ARM at its fix", nat, "4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64", StatusNotAffected, "which has the fix"},
		{"EulerOS ARM before its fix", nat, "4.19.90-vhulk2006.2.0.h171.eulerosv2r9.aarch64", StatusAffected, "its vendor's first build with the fix"},
		{"a program compares numbers: RHEL 7", plain, "3.10.0-957.el7.x86_64", StatusNotAffected, "is older than 4.1"},
		{"a program compares numbers: RHEL 8", plain, "4.18.0-147.el8", StatusAffected, "is 4.1 or later and older than 5.9"},
		{"never fixed, mainline", regression, "6.18.44", StatusAffected, "is 5.10 or later"},
		{"never fixed, RHEL 9", regression, "5.14.0-70.el9.x86_64", StatusAffected, "is 5.10 or later"},
		{"never fixed, RHEL 8 may have taken it over", regression, "4.18.0-147.el8", StatusUnknown, "(el8) keeps its base version"},
		{"not given", nat, "", StatusUnknown, "kernel was not given"},
		{"unreadable", nat, "linux", StatusUnknown, `kernel "linux" cannot be read as a version`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := ruleIssue([]Condition{tt.cond}).Match(Context{Kernel: tt.release})
			checkMatch(t, m, tt.want, tt.why)
		})
	}
}

func TestMatch(t *testing.T) {
	kubernetes := Condition{Component: "kubernetes", From: "1.16.10", Fixed: "1.19.0", Backports: []string{"1.16.13", "1.17.9", "1.18.6"}}
	flannel := Condition{Component: "flannel", Fixed: "0.15.1.11"}
	aliyun := Condition{Component: "flannel", Fixed: "0.15.1.11", Build: "aliyun"}
	ipvs := Condition{Component: "proxy", In: []string{"ipvs"}, Out: []string{"iptables", "nftables"}}
	vxlan := Condition{Component: "cni", In: []string{"flannel"}, Out: []string{"weave"}}
	for _, tt := range []struct {
		name  string
		issue *Issue
		ctx   Context
		want  Status
		why   string
		asks  int
	}{
		{"no rows", ruleIssue(), Context{Kernel: "5.4"}, StatusUnknown, "versions do not decide this issue", 0},
		{"before the first affected", ruleIssue([]Condition{kubernetes}), Context{Kubernetes: "1.16.9"}, StatusNotAffected, "kubernetes 1.16.9 is older than 1.16.10", 0},
		{"in the range", ruleIssue([]Condition{kubernetes}), Context{Kubernetes: "v1.18.2"}, StatusAffected, "case: kubernetes v1.18.2 is 1.16.10 or later and older than 1.18.6", 0},
		{"a back-port", ruleIssue([]Condition{kubernetes}), Context{Kubernetes: "v1.18.6"}, StatusNotAffected, "kubernetes v1.18.6 is 1.18.6 or later", 0},
		{"four numbers, before", ruleIssue([]Condition{flannel}), Context{CNI: "flannel@v0.15.1.4-e02c8f12-aliyun"}, StatusAffected, "is older than 0.15.1.11", 0},
		{"four numbers, at", ruleIssue([]Condition{flannel}), Context{CNI: "flannel@v0.15.1.11-7e95fe23-aliyun"}, StatusNotAffected, "is 0.15.1.11 or later", 0},
		{"the build that is concerned", ruleIssue([]Condition{aliyun}), Context{CNI: "flannel@v0.15.1.4-e02c8f12-aliyun"}, StatusAffected, "is older than 0.15.1.11", 0},
		{"another build", ruleIssue([]Condition{aliyun}), Context{CNI: "flannel@0.12.0"}, StatusNotAffected, "flannel 0.12.0 is no build of aliyun", 0},
		{"plugin without a version", ruleIssue([]Condition{flannel}), Context{CNI: "flannel"}, StatusUnknown, "flannel was not given", 1},
		{"another plugin", ruleIssue([]Condition{flannel}), Context{CNI: "calico@3.26"}, StatusNotAffected, "cni is calico@3.26, not flannel", 0},
		{"one plugin of two", ruleIssue([]Condition{flannel}), Context{CNI: "multus+flannel@0.12.0"}, StatusAffected, "flannel 0.12.0 is older", 0},
		{"plugin unreadable", ruleIssue([]Condition{flannel}), Context{CNI: "flannel@latest"}, StatusUnknown, `flannel "latest" cannot be read`, 1},
		{"name in", ruleIssue([]Condition{ipvs}), Context{Proxy: "ipvs"}, StatusAffected, "proxy is ipvs", 0},
		{"name out", ruleIssue([]Condition{ipvs}), Context{Proxy: "iptables"}, StatusNotAffected, "proxy is iptables", 0},
		{"name missing", ruleIssue([]Condition{ipvs}), Context{}, StatusUnknown, "proxy was not given", 1},
		{"plugin name in", ruleIssue([]Condition{vxlan}), Context{CNI: "weave+flannel"}, StatusAffected, "cni is flannel", 0},
		{"plugin name out", ruleIssue([]Condition{vxlan}), Context{CNI: "weave@2.6"}, StatusNotAffected, "cni is weave", 0},
		{"plugin name that no source names", ruleIssue([]Condition{vxlan}), Context{CNI: "weave+antrea"}, StatusUnknown, "the sources say nothing of cni antrea", 0},
		{"all of a row: one excludes, one is missing", ruleIssue([]Condition{kubernetes, ipvs}), Context{Proxy: "iptables"}, StatusNotAffected, "proxy is iptables", 0},
		{"all of a row: one holds, one is missing", ruleIssue([]Condition{kubernetes, ipvs}), Context{Proxy: "ipvs"}, StatusUnknown, "kubernetes was not given", 1},
		{"any row: one holds, one is missing", ruleIssue([]Condition{kubernetes}, []Condition{ipvs}), Context{Proxy: "ipvs"}, StatusAffected, "case: proxy is ipvs", 0},
		{"any row: one excluded, one is missing", ruleIssue([]Condition{kubernetes}, []Condition{ipvs}), Context{Proxy: "iptables"}, StatusUnknown, "kubernetes was not given", 1},
		{"any row: all excluded", ruleIssue([]Condition{kubernetes}, []Condition{ipvs}), Context{Proxy: "iptables", Kubernetes: "1.25"}, StatusNotAffected, "kubernetes 1.25 is 1.19.0 or later; proxy is iptables", 0},
		{"the same missing twice", ruleIssue([]Condition{ipvs}, []Condition{ipvs}), Context{}, StatusUnknown, "proxy was not given", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := tt.issue.Match(tt.ctx)
			checkMatch(t, m, tt.want, tt.why)
			if len(m.Ask) != tt.asks {
				t.Errorf("asks for %d things, want %d: %v", len(m.Ask), tt.asks, m.Ask)
			}
		})
	}
}

func TestMatchDepends(t *testing.T) {
	issue := ruleIssue([]Condition{{Component: "proxy", In: []string{"ipvs"}, Out: []string{"iptables"}}})
	issue.Affected[0].Depends = text.Text{EN: "the NIC decides", ZH: "取决于网卡"}
	checkMatch(t, issue.Match(Context{Proxy: "ipvs"}), StatusUnknown, "case: proxy is ipvs; the NIC decides")
	checkMatch(t, issue.Match(Context{Proxy: "iptables"}), StatusNotAffected, "proxy is iptables")
}

// checkMatch asks for the status, for why as a part of the English reason, and
// for a Chinese one.
func checkMatch(t *testing.T, m Match, want Status, why string) {
	t.Helper()
	if m.Status != want || !strings.Contains(m.Why.EN, why) {
		t.Errorf("got %s, %q; want %s, %q", m.Status, m.Why.EN, want, why)
	}
	if m.Why.ZH == "" || m.Why.ZH == m.Why.EN {
		t.Errorf("the Chinese reason is %q", m.Why.ZH)
	}
	if m.Status != StatusUnknown && len(m.Ask) > 0 {
		t.Errorf("decided, and asks for %v", m.Ask)
	}
}
