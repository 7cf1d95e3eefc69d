package detectors_test

import (
	"os"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// A lookalike is a script that all detectors together must not be taken in by:
// no warning, and no diagnosis above low.
type lookalike struct {
	name, script string
	file         string // in place of script: the testdata of a detector
}

func (l *lookalike) run(t *testing.T) {
	t.Run(l.name, func(t *testing.T) {
		script := l.script
		if l.file != "" {
			b, err := os.ReadFile(l.file)
			if err != nil {
				t.Fatal(err)
			}
			script, _, _ = packetscript.Split(string(b))
		}
		quiet(t, analyze(t, scriptFile(t, script)))
	})
}

// quiet holds that a report warns of nothing and diagnoses nothing for sure.
func quiet(t *testing.T, r *analyzer.Report) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Severity >= finding.Warning {
			t.Errorf("%s %s: %s", f.Rule.ID, f.Severity, f.Message.EN)
		}
	}
	for _, d := range r.Diagnoses {
		if d.Confidence > diagnosis.Low {
			t.Errorf("%s, %s", d.Issue.ID, d.Confidence)
		}
	}
}

// TestAbsenceIsNoProof is about packets that are not in the capture because of
// the capture: a filter, one direction, an end too early, a beginning too late.
func TestAbsenceIsNoProof(t *testing.T) {
	for _, l := range []lookalike{
		{name: "ARP: broadcasts of others, whose answers go elsewhere", file: "arpunanswered/testdata/lookalike-broadcasts-of-others.txt"},
		{name: "ARP: the capture ends before the answer", file: "arpunanswered/testdata/lookalike-capture-ends.txt"},
		{name: "DNS: the capture ends before the answer", file: "dnsretry/testdata/lookalike-capture-end.txt"},
		{name: "UDP: senders that expect no answer", file: "udpreply/testdata/lookalike-one-way-senders.txt"},
		{name: "a tunnel in one direction, filtered by address", script: `
0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
0.01 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 . seq 1001 ack 5001
0.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. seq 1001 ack 5001 length 1000
1.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. seq 2001 ack 6001 length 1000
2.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 F. seq 3001 ack 7001
3 vxlan 1 10.244.1.7 > 10.244.2.9 icmp echo 7 seq 1
`},
		{name: "a DNS server's answers filtered out", script: `
0 10.244.1.7:41000 > 10.96.0.10:53 dns 1 query A web.default.svc.cluster.local
1 10.244.1.7:41001 > 10.96.0.10:53 dns 2 query A api.default.svc.cluster.local
2 10.244.1.7:41002 > 10.96.0.10:53 dns 3 query A db.default.svc.cluster.local
3 10.244.1.7:41003 > 10.96.0.10:53 dns 4 query A www.default.svc.cluster.local
`},
		{name: "large segments, acknowledged outside the capture", script: `
0 10.244.1.7:41000 > 10.244.2.9:80 S mss 1460
0.01 10.244.1.7:41000 > 10.244.2.9:80 . seq 1001 ack 5001
0.02 10.244.1.7:41000 > 10.244.2.9:80 . seq 1001 ack 5001 length 1460
0.03 10.244.1.7:41000 > 10.244.2.9:80 . seq 2461 ack 5001 length 1460
0.30 10.244.1.7:41000 > 10.244.2.9:80 . seq 1001 ack 5001 length 1460
0.32 10.244.1.7:41000 > 10.244.2.9:80 . seq 3921 ack 5001 length 1460
`},
		{name: "one of the twins, the other one's answer cut by the capture's beginning", script: `
0 10.96.0.10:53 > 10.244.1.7:41000 dns 101 answer AAAA web.default.svc.cluster.local
0.1 10.244.1.7:41001 > 10.96.0.10:53 dns 102 query A web.default.svc.cluster.local
0.2 10.96.0.10:53 > 10.244.1.7:41001 dns 102 answer A web.default.svc.cluster.local 10.96.7.7
`},
	} {
		l.run(t)
	}
}

// TestTopologiesAreNoFaults is about what one network does by design and
// another one by mistake.
func TestTopologiesAreNoFaults(t *testing.T) {
	for _, l := range []lookalike{
		{name: "MetalLB and kube-vip: an address moves", file: "arpconflict/testdata/lookalike-failover.txt"},
		{name: "VRRP", file: "arpconflict/testdata/lookalike-vrrp.txt"},
		{name: "Calico's proxy ARP", file: "arpconflict/testdata/lookalike-calico.txt"},
		{name: "bonding in mode balance-alb", file: "arpconflict/testdata/lookalike-balance-alb.txt"},
		{name: "one address on two segments", file: "arpconflict/testdata/lookalike-segments.txt"},
		{name: "a service address on a pod's interface", script: `
0 10.244.1.7:43000 > 10.96.7.7:80 S
0.1 10.96.7.7:80 > 10.244.1.7:43000 S.
0.2 10.244.1.7:43000 > 10.96.7.7:80 .
`},
		{name: "service addresses announced to the outside, MetalLB", script: `
0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
0.1 vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 S.
0.2 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 .
1.0 192.0.2.7:42000 > 10.96.7.7:443 S
1.1 10.96.7.7:443 > 192.0.2.7:42000 S.
1.2 192.0.2.7:42000 > 10.96.7.7:443 .
`},
		{name: "pod addresses without encapsulation", script: `
0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
0.1 vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 S.
0.2 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 .
1.0 10.244.1.7:41001 > 10.244.3.9:80 S
1.1 10.244.3.9:80 > 10.244.1.7:41001 S.
1.2 10.244.1.7:41001 > 10.244.3.9:80 .
`},
		{name: "answers outside the tunnel, to a service that works", file: "tunneloneway/testdata/lookalike-asymmetric.txt"},
		{name: "a cloud's traffic mirror", file: "tunneloneway/testdata/lookalike-mirror.txt"},
	} {
		l.run(t)
	}
}
