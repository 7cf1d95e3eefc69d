package detectors_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// host returns the nth of many private addresses.
func host(n int) string { return fmt.Sprintf("10.%d.%d.%d", 1+n>>16, n>>8&255, n&255) }

// service returns the nth of many service addresses.
func service(n int) string { return fmt.Sprintf("10.%d.%d.%d", 96+n>>16, n>>8&255, n&255) }

// A flood is a script of n times the same lines, for other hosts each.
type flood struct {
	name  string
	n     int
	lines string // {t} is the time up to its last digit, {a} and {b} are hosts, {s} is a service, {i} the number; "--" parts what comes only after all lines before it
	codes string // problems that say what is not remembered
}

// script writes f.
func (f *flood) script() string {
	var b strings.Builder
	for phase, lines := range strings.Split(f.lines, "--\n") {
		for i := range f.n {
			ms := phase*20000 + i*10000/f.n
			strings.NewReplacer(
				"{t}", fmt.Sprintf("%d.%03d", ms/1000, ms%1000), "{t+1}", fmt.Sprintf("%d.%03d", ms/1000+1, ms%1000),
				"{t+2}", fmt.Sprintf("%d.%03d", ms/1000+2, ms%1000), "{t+5}", fmt.Sprintf("%d.%03d", ms/1000+5, ms%1000), "{a}", host(i), "{b}", host(1<<20+i), "{s}", service(i),
				"{i}", fmt.Sprint(1+i%60000), "{mac}", fmt.Sprintf("02:00:00:%02x:%02x:%02x", i>>16, i>>8&255, i&255),
			).WriteString(&b, lines)
		}
	}
	return b.String()
}

// floods fill what each detector remembers.
var floods = []flood{
	{"SYNs again and again", 17000, `
{t} {a}:1000 > {b}:80 S seq 1 id 1
{t}1 {a}:1000 > {b}:80 S seq 1 id 2
`, "ladders-capped endpoints-capped starting-hosts-capped silent-endpoints-capped hairpin-services-capped"},
	{"tuples used again", 17000, `
{t} {a}:1000 > {b}:80 S seq 1
{t}1 {b}:80 > {a}:1000 R.
{t}2 {a}:1000 > {b}:80 S seq 90000
`, "port-reuse-capped refusals-capped rejection-ports-capped"},
	{"SYN-ACKs again and again", 9000, `
{t} {a}:1000 > {b}:80 S
{t}1 {b}:80 > {a}:1000 S. id 1
{t}3 {b}:80 > {a}:1000 S. id 2
`, "syn-ack-ladders-capped syn-ack-servers-capped hairpin-servers-capped answered-clients-capped"},
	{"clients that serve", 5000, `
{t} {a}:1000 > {b}:80 S
{t}1 {b}:80 > {a}:1000 S.
{t}2 {b}:1000 > {a}:80 S
{t}3 {a}:80 > {b}:1000 S.
`, "hairpin-services-capped hairpin-servers-capped"},
	{"ICMP errors", 9000, `
{t} {a}:1000 > {s}:80 S
{t}1 {b} > {a} icmp unreachable port
`, "rejections-capped rejected-services-capped"},
	{"services without answers", 5000, `
{t} {a}:1000 > {s}:80 S seq 1 id 1
{t}1 {a}:1000 > {s}:80 S seq 1 id 2
`, "service-addresses-capped"},
	{"service CIDRs", 20, `
{t} 10.200.0.1:1000 > 10.{i}.0.10:53 dns 1 query A x.svc.cluster.local
`, "service-cidrs-capped"},
	{"UDP flows without answers", 66000, `
{t} {a}:1000 > 10.0.0.9:5000 udp length 9
`, "udp-runs-capped peers-capped"},
	{"UDP servers without answers", 17000, `
{t} {a}:1000 > {b}:5000 udp length 9
`, "udp-servers-capped"},
	{"DNS lookups without answers", 17000, `
{t} {a}:1000 > 10.96.0.10:53 dns 1 query A x.example.com
`, "dns-lookups-capped"},
	{"DNS servers without answers", 5000, `
{t} {a}:1000 > {b}:53 dns 1 query A x.example.com
--
{t} {a}:1000 > {b}:53 dns 1 query A x.example.com
`, "dns-servers-capped dns-retries-capped"},
	{"DNS names denied", 2000, `
{t} {a}:1000 > 10.96.0.10:53 dns 1 query A x.example.com
{t}1 10.96.0.10:53 > {a}:1000 dns 1 answer A x.example.com nxdomain
`, "dns-clients-capped"},
	{"ARP requests", 17000, `
{t} arp who-has {b} tell {a}
`, "arp-targets-capped arp-addresses-capped arp-known-capped"},
	{"ARP answers that come late", 300, `
{t} arp who-has {b} tell 10.0.0.1
{t+1} arp who-has {b} tell 10.0.0.1
{t+2} arp who-has {b} tell 10.0.0.1
{t+5} arp {b} is-at {mac} to 10.0.0.1
`, "arp-answered-capped"},
	{"addresses of two stations", 300, `
{t} arp who-has {b} tell 10.0.0.1
{t}1 arp {b} is-at 02:01:00:00:00:01 to 10.0.0.1
{t}2 arp {b} is-at 02:01:00:00:00:02 to 10.0.0.1
`, "arp-conflicts-capped"},
	{"stations", 9000, `
{t} arp who-has 10.0.0.9 tell 10.0.0.1
{t}1 10.0.0.1:1000 > 10.0.0.2:80 . seq 1 ack 1 dmac {mac}
`, "arp-stations-capped"},
	{"wrong inner checksums", 2000, `
{t} {a}:1000 > {b}:5000 udp length 10 sum bad
`, "bad-senders-capped"},
	{"wrong IPv4 headers", 2000, `
{t} {a}:1000 > {b}:5000 udp length 10 ip-sum bad
`, "bad-ip-senders-capped"},
	{"uncompleted checksums", 5000, `
{t} vxlan 1 {a}:1000 > {b}:80 S sum partial
`, "uncompleted-capped"},
	{"wrong outer checksums", 5000, `
{t} vxlan 1 {a}:40000 > {b}:8472 sum bad 10.244.1.7:41000 > 10.244.2.9:{i} S
`, "faulty-flows-capped faulty-tunnels-capped tunnels-capped"},
	{"answers outside a tunnel", 5000, `
{t} vxlan 1 {a}:1000 > {b}:80 S
{t}1 {b}:80 > {a}:1000 S. seq 1 ack 1
`, "plain-answers-capped"},
	{"windows of zero", 5000, `
{t} {a}:1000 > {b}:80 . seq 1 ack 1 win 0
--
{t} {b}:80 > {a}:1000 . seq 1 ack 1 length 1
--
{t} {a}:1000 > {b}:80 . seq 1 ack 1 win 900
`, "stalls-capped stalled-receivers-capped"},
	{"segments again and again", 5000, `
{t} {a}:1000 > {b}:80 . seq 1 ack 1 length 100 id 1
{t+1} {a}:1000 > {b}:80 . seq 1 ack 1 length 100 id 2
{t+2} {a}:1000 > {b}:80 . seq 1 ack 1 length 100 id 3
{t+5} {a}:1000 > {b}:80 . seq 1 ack 1 length 100 id 4
`, "resenders-capped resending-services-capped"},
	{"large segments again and again", 5000, `
{t} {a}:1000 > {b}:80 S mss 1460
{t}1 {b}:80 > {a}:1000 S. mss 1460
{t}2 {a}:1000 > {b}:80 . length 1460 id 1
{t}3 {b} > {a} icmp frag-needed 1400
--
{t} {a}:1000 > {b}:80 . seq 1001 length 1460 id 2
--
{t} {a}:1000 > {b}:80 . seq 1001 length 1460 id 3
--
{t} {a}:1000 > {b}:80 . seq 1001 length 1460 id 4
`, "mtu-messages-capped blackholes-capped"},
	{"large segments at once", 5000, `
{t} {a}:1000 > {b}:80 S mss 1460
{t}1 {b}:80 > {a}:1000 S. mss 1460
{t}2 {a}:1000 > {b}:80 . length 1460 id 1
{t+1} {a}:1000 > {b}:80 . seq 1001 length 1460 id 2
`, "stuck-capped"},
	{"answers that were not translated", 1500, `
{t} {a}:1000 > {s}:80 S seq 1
{t}1 {b}:8080 > {a}:1000 S. seq 5 ack 2
`, "untranslated-capped"},
	{"tuples of other clients", 5000, `
{t} {a}:1000 > {b}:80 S seq 1 mss 1460 ttl 63 ts 9000000/0
--
{t} {a}:1000 > {b}:80 S seq 900000 mss 1400 ttl 60 ts 5/0
--
{t} {a}:1000 > {b}:80 S seq 900000 mss 1400 ttl 60 ts 9/0
`, "collisions-capped collision-services-capped"},
	{"SYNs at the same time", 5000, `
{t} {a}:1000 > {b}:80 S
{t} 10.0.0.9:{i} > {b}:80 S
`, "simultaneous-syns-capped"},
	{"capture points", 70, `
{t} @if{i} {a}:1000 > {b}:80 S
`, "burst-points-capped"},
}

// TestLimits floods the detectors until each says that it remembers no more.
func TestLimits(t *testing.T) {
	for _, tt := range floods {
		t.Run(tt.name, func(t *testing.T) {
			r := analyze(t, scriptFile(t, tt.script()))
			codes := map[string]int{}
			for _, p := range r.Problems {
				codes[p.Code] = p.Count
			}
			for _, code := range strings.Fields(tt.codes) {
				if codes[code] == 0 {
					t.Errorf("nothing says %s, but %v", code, slices.Sorted(maps.Keys(codes)))
				}
			}
		})
	}
}

// TestEvidenceLimit has more evidence of one finding than it lists.
func TestEvidenceLimit(t *testing.T) {
	f := flood{n: 3000, lines: "{t} {a}:1000 > 10.0.0.9:80 S\n{t}1 10.0.0.9:80 > {a}:1000 R.\n"}
	most, more := 0, 0
	for _, found := range analyze(t, scriptFile(t, f.script())).Findings {
		most = max(most, len(found.Evidence))
		more += found.More
	}
	if most > finding.MaxEvidence || more == 0 {
		t.Errorf("%d evidence frames of one finding, %d more in all", most, more)
	}
}
