package detectors_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// labFile returns a capture of the lab.
func labFile(name string) analyzer.Input {
	path := filepath.Join("../../testdata/lab", name)
	return analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// silent holds that a report warns of nothing and diagnoses nothing.
func silent(t *testing.T, what string, r *analyzer.Report) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Severity > finding.Info {
			t.Errorf("%s: %s %s: %s", what, f.Rule.ID, f.Severity, f.Message.EN)
		}
	}
	for _, d := range r.Diagnoses {
		t.Errorf("%s: diagnosed %s, %s: %s", what, d.Issue.ID, d.Confidence, d.Why[0].EN)
	}
}

// says holds that a report has a finding of a rule with a severity.
func says(t *testing.T, what string, r *analyzer.Report, rule string, s finding.Severity) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Rule.ID == rule && f.Severity == s {
			return
		}
	}
	t.Errorf("%s: no %s of severity %s", what, rule, s)
}

// undiagnosed holds that no diagnosis is surer than low.
func undiagnosed(t *testing.T, what string, r *analyzer.Report) {
	t.Helper()
	for _, d := range r.Diagnoses {
		if d.Confidence > diagnosis.Low {
			t.Errorf("%s: diagnosed %s, %s: %s", what, d.Issue.ID, d.Confidence, d.Why[0].EN)
		}
	}
}

// script is a capture written as lines.
func script(t *testing.T, lines ...string) *analyzer.Report {
	t.Helper()
	return analyze(t, scriptFile(t, strings.Join(lines, "\n")+"\n"))
}

// TestFalsePositive01SenderLCO: every packet of a healthy sender has an outer
// checksum that looks wrong until the inner one is completed.
func TestFalsePositive01SenderLCO(t *testing.T) {
	silent(t, "lab", analyze(t, labFile("artefact.A-eth0.pcap")))
	silent(t, "script", script(t,
		"0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S sum partial outer-sum lco",
		"0.0005 vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 S.",
		"0.0006 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. length 100 sum partial outer-sum lco",
		"0.0007 vxlan 1 10.244.1.7 > 10.244.2.9 icmp echo 7 outer-sum partial",
		"0.0012 vxlan 1 10.244.2.9 > 10.244.1.7 icmp reply 7"))
}

// TestFalsePositive02PartialAtTheSender: checksums left to the card on tunnel
// devices, on a veth, and in a capture of all interfaces.
func TestFalsePositive02PartialAtTheSender(t *testing.T) {
	silent(t, "lab", analyze(t, labFile("artefact.A-flannel1.pcap")))
	silent(t, "any", script(t, "link sll",
		"0 out 10.244.0.0:41000 > 10.244.2.9:80 S sum partial",
		"0.0001 out ipip 10.244.0.0:41000 > 10.244.2.9:80 S sum partial id 1",
		"0.0010 in ipip 10.244.2.9:80 > 10.244.0.0:41000 S.",
		"0.0011 in 10.244.2.9:80 > 10.244.0.0:41000 S. id 1",
		"0.0012 out 10.244.0.0:41000 > 10.244.2.9:80 P. length 10 sum partial"))
}

// TestFalsePositive03ChecksumZeroAndAllOnes: no outer checksum is no wrong one,
// and 0xffff is what a computed 0 is sent as.
func TestFalsePositive03ChecksumZeroAndAllOnes(t *testing.T) {
	silent(t, "zero", script(t,
		"0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S outer-sum 0",
		"0.001 vxlan 1 10.244.2.9:80 > 10.244.1.7:41000 S. outer-sum 0",
		"1 10.244.1.7:5000 > 10.244.2.9:5001 udp sum 0 length 10",
		"1.001 10.244.2.9:5001 > 10.244.1.7:5000 udp length 10"))
	// The two bytes of payload make the outer checksum 0.
	silent(t, "all ones", script(t,
		`0 vxlan 1 10.0.0.1:40000 > 10.0.0.2:8472 10.244.1.7:5000 > 10.244.2.9:5001 udp sum 0 payload "\xd8\x83"`))
}

// TestFalsePositive04NotVerifiable: super-packets of GSO, cut frames, fragments.
func TestFalsePositive04NotVerifiable(t *testing.T) {
	silent(t, "lab, sender", analyze(t, labFile("gso.A-eth0.pcap")))
	silent(t, "cut and in pieces", script(t,
		"0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 . seq 1 ack 1 length 1000 outer-sum bad snap 96",
		"1 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 sum bad frag 0:1480"))
}

// TestFalsePositive05ChangedOuterPort: a healthy flow leaves from another port
// after each timeout.
func TestFalsePositive05ChangedOuterPort(t *testing.T) {
	r := analyze(t, labFile("podrehash.A-eth0.pcap"))
	says(t, "lab", r, "syn-retry-ladder", finding.Warning) // the SYNs were lost, after all
	undiagnosed(t, "lab", r)
	for _, f := range r.Findings {
		if f.Rule.ID == "outer-checksum-bad" {
			t.Errorf("lab: %s", f.Message.EN)
		}
	}
}

// TestFalsePositive06OneSecondRetryIsNoRace: plain loss of a SYN, once or of
// several clients, is information.
func TestFalsePositive06OneSecondRetryIsNoRace(t *testing.T) {
	lost := func(n int) []string {
		var lines []string
		for i := range n {
			flow, back := fmt.Sprintf("10.244.1.%d:41000 > 10.244.2.9:80", 7+i), fmt.Sprintf("10.244.2.9:80 > 10.244.1.%d:41000", 7+i)
			lines = append(lines,
				fmt.Sprintf("%d %s S", 10*i, flow),
				fmt.Sprintf("%d.01 %s S", 10*i+1, flow),
				fmt.Sprintf("%d.0104 %s S.", 10*i+1, back),
				fmt.Sprintf("%d.0106 %s P. length 10", 10*i+1, flow),
				fmt.Sprintf("%d.0110 %s P. length 10", 10*i+1, back))
		}
		return lines
	}
	for _, n := range []int{1, 5} {
		r := script(t, lost(n)...)
		silent(t, fmt.Sprintf("%d clients", n), r)
		says(t, fmt.Sprintf("%d clients", n), r, "syn-retry-ladder", finding.Info)
	}
}

// TestFalsePositive0763Seconds: a client that gives up after 63 s, and a server
// that repeats its SYN-ACK until then, are not the delay of 63 s; and the delay
// is recognised at other times.
func TestFalsePositive0763Seconds(t *testing.T) {
	var fails, synacks []string
	for i, at := range []float64{0, 1, 3, 7, 15, 31} {
		fails = append(fails, fmt.Sprintf("%g 10.244.0.0:41000 > 10.244.2.9:80 S", at))
		if i == 0 {
			synacks = append(synacks, "0 10.244.1.7:41000 > 10.244.2.9:80 S")
		}
		synacks = append(synacks, fmt.Sprintf("%.3f 10.244.2.9:80 > 10.244.1.7:41000 S. seq 5000 ack 1001", at+.001))
	}
	end := "200 10.244.1.7 > 10.244.2.9 icmp echo 1"
	r := script(t, append(fails, end)...)
	says(t, "tcp_syn_retries=5", r, "syn-retry-ladder", finding.Warning)
	undiagnosed(t, "tcp_syn_retries=5", r)
	r = script(t, append(synacks, end)...)
	says(t, "tcp_synack_retries=5", r, "syn-ack-retry-ladder", finding.Warning)
	undiagnosed(t, "tcp_synack_retries=5", r)

	// The delay itself, 64 s long on the node of the lab, and 31 s where conntrack
	// forgets after 10 s.
	var faulty []string
	for _, at := range []float64{0, 1, 3, 7, 15} {
		faulty = append(faulty, fmt.Sprintf("%g vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 41061 10.244.0.0:51000 > 10.244.1.5:80 S", at))
	}
	short := script(t, append(faulty,
		"31 vxlan 1 10.0.0.1:41061 > 10.0.0.2:8472 10.244.0.0:51000 > 10.244.1.5:80 S",
		"31.001 vxlan 1 10.0.0.2:37316 > 10.0.0.1:8472 10.244.1.5:80 > 10.244.0.0:51000 S.")...)
	for what, r := range map[string]*analyzer.Report{"64 s": analyze(t, labFile("lad63.A-eth0.pcap")), "31 s": short} {
		if len(r.Diagnoses) == 0 || r.Diagnoses[0].Issue.ID != "vxlan-double-snat-bad-csum" || r.Diagnoses[0].Confidence != diagnosis.Certain {
			t.Errorf("%s: the delay itself is not diagnosed", what)
		}
	}
}

// TestFalsePositive08LegalPortReuse: after TIME_WAIT, with newer timestamps,
// after the server closed, behind a capture that begins in the middle; and
// copies of a capture of all interfaces.
func TestFalsePositive08LegalPortReuse(t *testing.T) {
	const flow, back = "10.244.1.7:41000 > 10.244.2.9:80", "10.244.2.9:80 > 10.244.1.7:41000"
	conn := func(at float64, seq, ts int, first, second string) []string {
		return []string{
			fmt.Sprintf("%.4f %s S seq %d ts %d/0", at, flow, seq, ts),
			fmt.Sprintf("%.4f %s S. seq %d ts %d/%d", at+.0004, back, seq+9, ts, ts),
			fmt.Sprintf("%.4f %s F.", at+.1, first),
			fmt.Sprintf("%.4f %s F.", at+.1001, second),
		}
	}
	silent(t, "after TIME_WAIT", script(t, append(conn(0, 1000, 1000, flow, back), conn(61, 90000, 62000, flow, back)...)...))
	silent(t, "with a newer timestamp", script(t, append(conn(0, 1000, 1000, flow, back), conn(2, 90000, 3000, flow, back)...)...))
	silent(t, "after the server closed", script(t, append(conn(0, 1000, 1000, back, flow), conn(1, 90000, 2000, back, flow)...)...))
	silent(t, "capture begins in the middle", script(t, append([]string{
		"0 " + flow + " P. seq 500 ack 700 length 10",
		"0.001 " + back + " . seq 700 ack 510",
	}, conn(30, 90000, 31000, flow, back)...)...))
	silent(t, "copies of an any capture", script(t, "link sll",
		"0 "+flow+" S", "0.00002 dup", "0.00004 dup ttl 63",
		"0.0005 "+back+" S.", "0.00052 dup", "0.00054 dup ttl 63",
		"0.0006 "+flow+" P. length 10", "0.00062 dup", "0.00064 dup ttl 63",
		"0.0010 "+back+" P. length 10", "0.00102 dup", "0.00104 dup ttl 63"))
}

// TestFalsePositive09AbsenceIsNoProof: packets that are not in the capture
// because of the capture, its filter, one direction, an end too early, a
// beginning too late, losses of its own.
func TestFalsePositive09AbsenceIsNoProof(t *testing.T) {
	lookalikes(t,
		"arpunanswered/testdata/lookalike-broadcasts-of-others.txt",
		"arpunanswered/testdata/lookalike-capture-ends.txt",
		"dnsretry/testdata/lookalike-capture-end.txt",
		"podstart/testdata/was-there-before.txt",
		"quality/testdata/one-direction.txt",
		"udpreply/testdata/lookalike-one-way-senders.txt")
	silent(t, "a tunnel in one direction, filtered by address", script(t,
		"0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S",
		"0.01 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 . seq 1001 ack 5001",
		"0.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. seq 1001 ack 5001 length 1000",
		"1.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. seq 2001 ack 6001 length 1000",
		"2.02 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 F. seq 3001 ack 7001"))
	const lossy = "quality/testdata/lost-by-the-capture.pcapng"
	r := analyze(t, analyzer.Input{Path: lossy, Open: func() (io.ReadCloser, error) { return os.Open(lossy) }})
	silent(t, lossy, r)
	says(t, lossy, r, "capture-quality", finding.Info)
}

// TestFalsePositive10TopologiesAreNoLeaks: what one network does by design and
// would be a fault in another: pod addresses without encapsulation, virtual
// addresses that move between stations, Calico's ee:ee:ee:ee:ee:ee, direct
// server return.
func TestFalsePositive10TopologiesAreNoLeaks(t *testing.T) {
	lookalikes(t,
		"arpconflict/testdata/lookalike-balance-alb.txt",
		"arpconflict/testdata/lookalike-calico.txt",
		"arpconflict/testdata/lookalike-failover.txt",
		"arpconflict/testdata/lookalike-vrrp.txt",
		"tunneloneway/testdata/lookalike-asymmetric.txt",
		"tunneloneway/testdata/lookalike-mirror.txt")
	silent(t, "pod addresses on the underlay", script(t,
		"0 10.244.1.7:41000 > 10.244.2.9:80 S",
		"0.001 10.244.2.9:80 > 10.244.1.7:41000 S.",
		"0.002 10.244.1.7:41000 > 10.244.2.9:80 P. ack 1 length 10",
		"0.003 10.244.2.9:80 > 10.244.1.7:41000 P. ack 11 length 10"))
	socketLoadBalancing(t)
	directServerReturn(t)
}

// socketLoadBalancing has pods whose socket is given a backend before it sends:
// the service address that DNS names is never on the wire, and the packets go
// to and come from pods.
func socketLoadBalancing(t *testing.T) {
	t.Helper()
	var lines []string
	for i := range 5 {
		at := func(ms int, format string, args ...any) {
			lines = append(lines, fmt.Sprintf("%d.%03d ", i, ms)+fmt.Sprintf(format, args...))
		}
		name := "web.default.svc.cluster.local"
		at(0, "10.244.1.7:%d > 10.244.2.2:53 dns %d query A %s", 40000+i, i, name)
		at(1, "10.244.2.2:53 > 10.244.1.7:%d dns %d answer A %s 10.96.0.20", 40000+i, i, name)
		backend := fmt.Sprintf("10.244.2.%d:8080", 9+i%2)
		at(2, "10.244.1.7:%d > %s S seq 100", 41000+i, backend)
		at(3, "%s > 10.244.1.7:%d S. seq 500 ack 101", backend, 41000+i)
		at(4, "10.244.1.7:%d > %s P. seq 101 ack 501 length 80", 41000+i, backend)
		at(5, "%s > 10.244.1.7:%d P. seq 501 ack 181 length 900", backend, 41000+i)
		at(6, "10.244.1.7:%d > %s F. seq 181 ack 1401", 41000+i, backend)
		at(7, "%s > 10.244.1.7:%d F. seq 1401 ack 182", backend, 41000+i)
	}
	silent(t, "load balancing at the socket", script(t, lines...))
}

// directServerReturn has connections to a NodePort of node A whose pod is on
// node B, which answers the client itself and in A's name: A sees no answer, and
// B answers from an address that it was not asked at.
func directServerReturn(t *testing.T) {
	t.Helper()
	const nodePort, pod = "10.0.0.1:30080", "10.244.2.9:8080"
	var a, b []string
	for i := range 5 {
		client := fmt.Sprintf("192.0.2.7:%d", 43000+i)
		in := func(ms int, what string) {
			a = append(a, fmt.Sprintf("%d.%03d %s > %s %s id %d ttl 60", i, ms, client, nodePort, what, 10*i+ms),
				fmt.Sprintf("%d.%03d1 %s > %s %s id %d ttl 59", i, ms, client, pod, what, 10*i+ms))
			b = append(b, fmt.Sprintf("%d.%03d2 %s > %s %s id %d ttl 59", i, ms, client, pod, what, 10*i+ms))
		}
		out := func(ms int, what string) {
			b = append(b, fmt.Sprintf("%d.%03d %s > %s %s id %d ttl 63", i, ms, nodePort, client, what, 500+10*i+ms))
		}
		in(0, "S seq 100")
		out(1, "S. seq 500 ack 101")
		in(2, "P. seq 101 ack 501 length 80")
		out(3, "P. seq 501 ack 181 length 900")
		in(4, "F. seq 181 ack 1401")
		out(5, "F. seq 1401 ack 182")
		in(6, ". seq 182 ack 1402")
	}
	silent(t, "direct server return, the node that is asked", script(t, a...))
	silent(t, "direct server return, the node that answers", script(t, b...))
	nodes := []analyzer.Input{scriptFile(t, strings.Join(a, "\n")+"\n"), scriptFile(t, strings.Join(b, "\n")+"\n")}
	nodes[0].Name, nodes[1].Name = "node-a", "node-b"
	silent(t, "direct server return, both nodes", analyze(t, nodes...))
}

// lookalikes holds that all detectors together are not taken in by the
// scripts that one of them has as its look-alikes.
func lookalikes(t *testing.T, files ...string) {
	t.Helper()
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines, _, _ := packetscript.Split(string(b))
		silent(t, file, analyze(t, scriptFile(t, lines)))
	}
}
