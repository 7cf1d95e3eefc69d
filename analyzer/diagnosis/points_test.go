package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// analyzed analyses packet scripts as captures called a, b, c.
func analyzed(t *testing.T, scripts ...string) *analyzer.Report {
	t.Helper()
	r, err := analyzer.Analyze(t.Context(), detectortest.Inputs(t, scripts...), analyzer.Options{Detectors: detectors.All, Catalog: catalog.Load})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pings is an echo and its reply each second, through a tunnel; later is how
// much later, in milliseconds, they come to the receiver.
func pings(tunnel string, later int) string {
	var b strings.Builder
	for i := range 8 {
		fmt.Fprintf(&b, "%d.%03d %s 10.244.1.7 > 10.244.2.9 icmp echo 5 seq %d id %d\n", i, later, tunnel, i, 100+i)
		fmt.Fprintf(&b, "%d.%03d %s 10.244.2.9 > 10.244.1.7 icmp reply 5 seq %d id %d\n", i, 10-later, tunnel, i, 100+i)
	}
	return b.String()
}

// syns is a ladder that nobody answers.
func syns(tunnel, options string) string {
	var b strings.Builder
	for i, at := range []float64{0.5, 1.5, 3.5} {
		fmt.Fprintf(&b, "%.3f %s 10.244.1.7:41000 > 10.244.2.9:80 S seq 100 id %d ts %d/0 %s\n", at, tunnel, 10+i, 1000*i, options)
	}
	return b.String()
}

// TestPoints holds what several points make of a diagnosis.
func TestPoints(t *testing.T) {
	const (
		ipip  = "ipip 192.168.0.1 > 192.168.0.2"
		vxlan = "vxlan 1 192.168.0.1:40000 > 192.168.0.2:8472"
		host  = "vxlan 1 192.168.0.1:40000 > 192.168.0.2:8472 10.244.1.0:2201 > 10.244.2.9:80 S seq 5"
	)
	lost := func(client string) (front, behind string) {
		all := []string{"0 %s S seq 5 id 1 ts 0/0", "1 %s S seq 5 id 2 ts 1000/0", "3 %s S seq 5 id 3 ts 3000/0"}
		c := client + " > 10.244.2.9:80"
		last := "7 vxlan 1 " + c + " S seq 5 id 4 ts 7000/0 ttl 63\n7.001 vxlan 1 10.244.2.9:80 > " + client + " S. seq 9 ack 6 ts 1/7000 id 8\n"
		for _, line := range all {
			front += fmt.Sprintf(line, c) + "\n"
		}
		return front + "7 " + c + " S seq 5 id 4 ts 7000/0 ttl 64\n7.001 10.244.2.9:80 > " + client + " S. seq 9 ack 6 ts 1/7000 id 8\n", last
	}
	hostFront, hostBehind := lost("10.244.1.0:2201")
	podFront, podBehind := lost("10.244.1.7:2201")
	const raced = `0 10.244.1.7:4000 > 1.1.1.1:80 S seq 5 id 1 ts 0/0 ttl 64
1 10.244.1.7:5000 > 1.1.1.1:80 S seq 50 id 2 ts 1000/0 ttl 64
2 10.244.1.7:5000 > 1.1.1.1:80 S seq 50 id 3 ts 2000/0 ttl 64
2.01 1.1.1.1:80 > 10.244.1.7:5000 S. seq 7 ack 51 id 9 ts 1/2000
5 10.244.1.7:6000 > 1.1.1.1:80 S seq 70 id 4 ts 5000/0 ttl 64
`
	translated := func(client string) string {
		return `0 C:4000 > 1.1.1.1:80 S seq 5 id 1 ts 0/0 ttl 63
2 C:5000 > 1.1.1.1:80 S seq 50 id 3 ts 2000/0 ttl 63
2.01 1.1.1.1:80 > C:5000 S. seq 7 ack 51 id 9 ts 1/2000
5 C:6000 > 1.1.1.1:80 S seq 70 id 4 ts 5000/0 ttl 63
`
	}
	behind := func(client string) string { return strings.ReplaceAll(translated(client), "C:", client+":") }
	checkJoined(t, []joined{
		{"an open checksum at one point", []string{pings(ipip, 1) + syns(ipip, "sum partial")}, "calico-ipip-inner-csum", diagnosis.Low, ""},
		{"an open checksum behind the wire", []string{pings(ipip, 1) + syns(ipip, "sum partial"), pings(ipip, 2) + syns(ipip, "sum partial")},
			"calico-ipip-inner-csum", diagnosis.Certain, "the packets had left a when they were seen at b"},
		{"a checksum that is completed on the wire", []string{pings(ipip, 1) + syns(ipip, "sum partial"), pings(ipip, 2) + syns(ipip, "")},
			"calico-ipip-inner-csum", diagnosis.ConfidenceUnknown, ""},
		{"packets that do not arrive", []string{pings(ipip, 1) + syns(ipip, "sum partial"), pings(ipip, 2)},
			"calico-ipip-inner-csum", diagnosis.Low, ""},

		{"TCP vanishes and ICMP does not", []string{pings(vxlan, 1) + syns(vxlan, ""), pings(vxlan, 2)},
			"nic-encap-offload-broken", diagnosis.High, "in the tunnel from a to b all 3 packets of tcp vanished and all 8 of ICMP arrived"},
		{"one segment of TCP arrives", []string{pings(vxlan, 1) + syns(vxlan, ""), pings(vxlan, 2) + syns(vxlan, "")[:strings.Index(syns(vxlan, ""), "\n")+1]},
			"nic-encap-offload-broken", diagnosis.ConfidenceUnknown, ""},
		{"TCP vanishes outside a tunnel", []string{pings("", 1) + syns("", ""), pings("", 2)},
			"nic-encap-offload-broken", diagnosis.ConfidenceUnknown, ""},

		{"SYNs of a tunnel address vanish behind the tunnel", []string{hostFront, "0 10.9.9.9:1 > 10.9.9.8:1 udp\n" + hostBehind + "8 10.9.9.9:1 > 10.9.9.8:1 udp\n"},
			"vxlan-double-snat-bad-csum", diagnosis.High, "3 SYNs of 10.244.1.0:2201, a tunnel device's own address, were seen at a and not at b behind the tunnel"},
		{"SYNs of a pod vanish behind the tunnel", []string{podFront, "0 10.9.9.9:1 > 10.9.9.8:1 udp\n" + podBehind + "8 10.9.9.9:1 > 10.9.9.8:1 udp\n"},
			"vxlan-double-snat-bad-csum", diagnosis.ConfidenceUnknown, ""},
		{"broken SYNs get to the receiver", []string{
			"0 " + host + " id 1 ts 0/0 outer-sum 0xffff\n1 " + host + " id 2 ts 1000/0 outer-sum 0xffff\n" + pings(vxlan, 1),
			"0.001 " + host + " id 1 ts 0/0 outer-sum 0xffff\n1.001 " + host + " id 2 ts 1000/0 outer-sum 0xffff\n" + pings(vxlan, 2)},
			"vxlan-double-snat-bad-csum", diagnosis.High, "nothing was lost between a and b: the 2 SYNs with a broken outer checksum arrived at b"},
		{"broken SYNs do not get there", []string{
			"0.1 " + host + " id 1 ts 0/0 outer-sum 0xffff\n1.1 " + host + " id 2 ts 1000/0 outer-sum 0xffff\n3.1 vxlan 1 192.168.0.1:40001 > 192.168.0.2:8472 10.244.1.0:2201 > 10.244.2.9:80 S seq 5 id 3 ts 3000/0\n" + pings(vxlan, 1),
			"3.1 vxlan 1 192.168.0.1:40001 > 192.168.0.2:8472 10.244.1.0:2201 > 10.244.2.9:80 S seq 5 id 3 ts 3000/0\n" + pings(vxlan, 2)},
			"vxlan-double-snat-bad-csum", diagnosis.High, "2 of 3 SYNs seen at a are missing at b; outer checksum: 0xffff (nat-on-zero) on all lost"},

		{"a SYN is missing behind the translation of its source", []string{raced, behind("10.0.0.1")},
			"snat-port-race", diagnosis.High, "1 of 2 SYNs seen at a is missing at b"},
		{"another pod's SYN got through meanwhile", []string{raced + rival(1.0003), behind("10.0.0.1") + translatedRival(1.0003)},
			"snat-port-race", diagnosis.High, "0.3 ms apart from one of 10.244.1.8:5000 to the same service that got through as 10.0.0.1:5001"},
		{"another pod's SYN, in a capture of its own", []string{raced, rival(1.0003), behind("10.0.0.1") + translatedRival(1.0003)},
			"snat-port-race", diagnosis.High, "0.3 ms apart from one of 10.244.1.8:5000 to the same service that got through as 10.0.0.1:5001"},
		{"a SYN is missing where nothing is translated", []string{raced, behind("10.244.1.7")},
			"snat-port-race", diagnosis.ConfidenceUnknown, ""},
		{"no SYN is missing", []string{raced, strings.Replace(behind("10.0.0.1"), "2 10.0", "1 10.0.0.1:5000 > 1.1.1.1:80 S seq 50 id 2 ts 1000/0 ttl 63\n2 10.0", 1)},
			"snat-port-race", diagnosis.ConfidenceUnknown, ""},

		{"a tunnel that works one way, seen at its other end", []string{oneWay("64"), oneWay("63")},
			"tunnel-one-way", diagnosis.High, "the packets left a and arrived at b: they are dropped behind it"},
		{"a tunnel in which answers come from its other end", []string{oneWay("64"), oneWay("63") + "5.1 vxlan 1 192.168.2.1:4000 > 192.168.1.1:8472 10.244.2.9:80 > 10.244.1.7:41000 S. seq 9 ack 101\n"},
			"tunnel-one-way", diagnosis.Low, ""},
		{"a tunnel that does not get to its other end", []string{oneWay("64") + nodes(64, 0), otherTunnel + nodes(63, 0)},
			"tunnel-one-way", diagnosis.High, "b shows packets of the two nodes themselves and other tunnels, and none of this one"},
		{"a filter may leave tunnels out", []string{oneWay("64") + nodes(64, 0), nodes(63, 0)}, "tunnel-one-way", diagnosis.Medium, ""},
		{"the nodes themselves do not get there", []string{oneWay("64") + ping, otherTunnel + ping}, "tunnel-one-way", diagnosis.Low, ""},
		{"the other end began to capture later", []string{oneWay("64") + nodes(64, 0) + nodes(64, 20), nodes(63, 20) + "21 " + otherTunnel[1:]},
			"tunnel-one-way", diagnosis.Medium, ""},
	})
}

// A joined is what several captures together make of one issue.
type joined struct {
	name    string
	scripts []string
	issue   string
	want    diagnosis.Confidence
	why     string // contained in the reasons
}

func checkJoined(t *testing.T, rows []joined) {
	t.Helper()
	for _, tt := range rows {
		diagnosis.Tried(tt.issue, tt.want)
		t.Run(tt.name, func(t *testing.T) {
			r := analyzed(t, tt.scripts...)
			got, why := diagnosis.ConfidenceUnknown, ""
			for _, d := range r.Diagnoses {
				if d.Issue.ID == tt.issue {
					got = d.Confidence
					for _, w := range d.Why {
						why += w.EN + "\n"
					}
				}
			}
			if got != tt.want || !strings.Contains(why, tt.why) {
				t.Errorf("%v, want %v; because\n%swant %q", got, tt.want, why, tt.why)
				for _, f := range r.Findings {
					t.Logf("%s %s: %s", f.ID, f.Rule.ID, f.Message.EN)
				}
			}
		})
	}
}

// TestNoRival has another pod's SYN at another time, to another service, and of
// the same pod: none of them raced with the lost one.
func TestNoRival(t *testing.T) {
	const front = `0 10.244.1.7:4000 > 1.1.1.1:80 S seq 5 id 1 ts 0/0 ttl 64
1 10.244.1.7:5000 > 1.1.1.1:80 S seq 50 id 2 ts 1000/0 ttl 64
1.0004 10.244.1.9:5000 > 1.1.1.2:80 S seq 60 id 5 ts 1000/0 ttl 64
1.0004 10.244.1.7:5009 > 1.1.1.1:80 S seq 70 id 6 ts 1000/0 ttl 64
1.3 10.244.1.8:5000 > 1.1.1.1:80 S seq 80 id 7 ts 1000/0 ttl 64
2 10.244.1.7:5000 > 1.1.1.1:80 S seq 50 id 3 ts 2000/0 ttl 64
2.01 1.1.1.1:80 > 10.244.1.7:5000 S. seq 7 ack 51 id 9 ts 1/2000
`
	behind := strings.NewReplacer("10.244.1.7", "10.0.0.1", "10.244.1.8:5", "10.0.0.1:6", "10.244.1.9:5", "10.0.0.1:7", "ttl 64", "ttl 63").Replace(front)
	lines := strings.SplitAfter(behind, "\n")
	r := analyzed(t, front, lines[0]+strings.Join(lines[2:], ""))
	for _, f := range r.Findings {
		if l, ok := f.Facts.(*finding.LossFacts); ok && l.SNAT && l.LostSYNs == 1 {
			if l.Rival != "" || strings.Contains(f.Message.EN, "apart from") {
				t.Errorf("rival %s: %s", l.Rival, f.Message.EN)
			}
			return
		}
	}
	t.Error("no loss")
}

// rival is a SYN of another pod to the service of the one that is lost.
func rival(at float64) string {
	return fmt.Sprintf("%.4f 10.244.1.8:5000 > 1.1.1.1:80 S seq 900 id 20 ts 7000/0 ttl 64\n"+
		"%.4f 1.1.1.1:80 > 10.244.1.8:5000 S. seq 8 ack 901 id 21 ts 1/7000 ttl 60\n", at, at+0.001)
}

// translatedRival is the same behind the translation.
func translatedRival(at float64) string {
	return strings.NewReplacer("10.244.1.8:5000", "10.0.0.1:5001", "ttl 64", "ttl 63", "ttl 60", "ttl 61").Replace(rival(at))
}

// otherTunnel is a packet of a tunnel from a third node.
const otherTunnel = "4 vxlan 1 192.168.3.1:4000 > 192.168.2.1:8472 10.244.3.7:900 > 10.244.2.9:80 S seq 7 id 900\n"

// ping is an echo of pods without a tunnel.
const ping = "0 10.9.0.1 > 10.9.0.2 icmp echo 5 seq 1 id 1\n5.9 10.9.0.1 > 10.9.0.2 icmp echo 5 seq 2 id 2\n"

// nodes is what the ends of the tunnel of oneWay send outside it.
func nodes(ttl, from int) string {
	var b strings.Builder
	for i := range 7 {
		fmt.Fprintf(&b, "%d.01 192.168.1.1:500 > 192.168.2.1:22 P. seq %d ack %d length 9 id %d ttl %d\n", from+i, 100+9*i, 500+9*i, 300+i+from, ttl)
		fmt.Fprintf(&b, "%d.02 192.168.2.1:22 > 192.168.1.1:500 P. seq %d ack %d length 9 id %d ttl %d\n", from+i, 500+9*i, 109+9*i, 400+i+from, 127-ttl)
	}
	return b.String()
}

// oneWay is a tunnel in which nothing comes back.
func oneWay(ttl string) string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "%d vxlan 1 192.168.1.1:4000 > 192.168.2.1:8472 10.244.1.7:%d > 10.244.2.9:80 S seq %d id %d ts %d/0 ttl %s\n", i, 41000+i%2, 100+i%2, i, i, ttl)
	}
	return b.String()
}

// TestSame lists all findings of one connection, and says each reason once.
func TestSame(t *testing.T) {
	const syn = "%d vxlan 1 192.168.0.1:40000 > 192.168.0.2:8472 10.244.1.0:2201 > 10.244.2.9:80 S seq 5 id %d ts %d/0 ttl %d outer-sum 0xffff\n"
	script := func(ttl int) (s string) {
		for _, at := range []int{0, 1, 3} {
			s += fmt.Sprintf(syn, at, at, at, ttl)
		}
		return s
	}
	r := analyzed(t, script(64), script(63))
	for _, d := range r.Diagnoses {
		if d.Issue.ID != "vxlan-double-snat-bad-csum" {
			continue
		}
		if len(d.Findings) != 4 {
			t.Errorf("%d findings, want two ladders and two checksums", len(d.Findings))
		}
		seen := map[string]bool{}
		for _, w := range d.Why {
			if seen[w.EN] {
				t.Errorf("twice: %s", w.EN)
			}
			seen[w.EN] = true
		}
		for _, i := range d.Findings {
			if same := r.Findings[i].Same; len(same) != 1 {
				t.Errorf("%s is the same as %s", r.Findings[i].ID, same)
			}
		}
		return
	}
	t.Error("no diagnosis")
}
