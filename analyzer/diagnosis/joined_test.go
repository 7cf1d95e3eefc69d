package diagnosis_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
)

// script returns the packets of a detector's test, each with an IP
// identification of its own.
func script(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile("../detectors/" + path)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(data), "-- want --")
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			fmt.Fprintf(&b, "%s id %d\n", line, b.Len()+1)
		}
	}
	return b.String()
}

// lines returns the lines of a script that match a pattern, or those that do
// not.
func lines(text, pattern string, match bool) string {
	re := regexp.MustCompile(pattern)
	var b strings.Builder
	for line := range strings.Lines(text) {
		if re.MatchString(line) == match {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestJoinedView holds what the capture behind the translation adds to what
// the one in front of it shows, and where it adds nothing.
func TestJoinedView(t *testing.T) {
	var (
		pod    = script(t, "hairpin/testdata/one-in-two-fails.txt")
		failed = lines(pod, `:4100[13] > `, true)
		loop   = strings.ReplaceAll(strings.ReplaceAll(failed, "10.244.1.7:41", "10.244.1.1:41"), "10.96.0.20:80", "10.244.1.7:8080")
		dead   = strings.ReplaceAll(loop, "10.244.1.7:8080", "10.244.1.9:8080")

		udp    = script(t, "udpreply/testdata/stale-before-nat.txt")
		stale  = ` (8|12|16|20|24|28|32|36|40|44|48|52|56)\.000 10\.244\.1\.7:41000 `
		burst  = script(t, "connburst/testdata/many-get-nothing.txt")
		mtu    = script(t, "pmtu/testdata/blackhole.txt")
		twin   = script(t, "dnsretry/testdata/twin-once.txt")
		retry  = script(t, "portreuse/testdata/single-retry.txt")
		behind = strings.NewReplacer("10.96.0.10:53", "10.244.9.9:53", "10.96.0.20:80", "10.244.9.9:8080").Replace
	)
	// Two ports are used, and used again; behind the balancer a sibling answers others.
	reused, sibling := "", "21 10.244.1.8:900 > 10.244.3.4:80 S seq 1\n21.001 10.244.3.4:80 > 10.244.1.8:900 S. seq 2 ack 2\n"
	for i, at := range []int{0, 1, 20, 21} {
		port, seq := 2348+i%2, 1000+50000*i
		reused += fmt.Sprintf("%d 10.244.1.7:%d > 10.96.0.20:80 S seq %d id %d ttl 64\n", at, port, seq, 10+10*i)
		if at < 20 {
			reused += fmt.Sprintf("%d.01 10.96.0.20:80 > 10.244.1.7:%d S. seq 5 ack %d id %d ttl 62\n", at, port, seq+1, 11+10*i)
			reused += fmt.Sprintf("%d.1 10.244.1.7:%d > 10.96.0.20:80 F. seq %d ack 6 id %d ttl 64\n", at, port, seq+1, 12+10*i)
			continue
		}
		for n, later := range []int{1, 3, 7} {
			reused += fmt.Sprintf("%d 10.244.1.7:%d > 10.96.0.20:80 S seq %d id %d ttl 64\n", at+later, port, seq, 13+10*i+n)
		}
	}
	fresh := "22 10.244.1.7:3000 > 10.96.0.20:80 S seq 7 id 90 ttl 64\n22.001 10.96.0.20:80 > 10.244.1.7:3000 S. seq 5 ack 8 id 91 ttl 62\n"
	balanced := func(backend string) string {
		return sibling + strings.NewReplacer("10.96.0.20:80", backend, "ttl 64", "ttl 63", "ttl 62", "ttl 63").Replace(reused)
	}
	checkJoined(t, []joined{
		{"hairpin: the pod alone", []string{pod, pod}, "hairpin-missing", diagnosis.Medium, ""},
		{"hairpin: the bridge sends the SYNs back to the pod", []string{pod, pod + loop}, "hairpin-missing", diagnosis.High,
			"behind the translation its SYNs go to the pod itself, 10.244.1.1:41001 > 10.244.1.7:8080"},
		{"hairpin: the SYNs go to another backend", []string{pod, pod + dead}, "hairpin-missing", diagnosis.Medium, ""},

		{"UDP: the pod alone", []string{udp}, "ipvs-udp-stale-backend", diagnosis.Medium, ""},
		{"UDP: the datagrams stay on the node", []string{udp, behind(lines(" "+strings.ReplaceAll(udp, "\n", "\n "), stale, false))},
			"ipvs-udp-stale-backend", diagnosis.High, "missing at b"},
		{"UDP: conntrack would not keep them", []string{udp, behind(lines(" "+strings.ReplaceAll(udp, "\n", "\n "), stale, false))},
			"udp-stale-conntrack", diagnosis.Low, ""},
		{"UDP: they go to a dead pod", []string{udp, behind(udp)}, "ipvs-udp-stale-backend", diagnosis.Medium, ""},

		{"reused ports: they go to a silent backend", []string{reused + fresh, balanced("10.244.2.9:80")}, "ipvs-conn-reuse-stale-rs", diagnosis.High,
			"connections of 1 client to 10.244.2.9:80 got nothing"},
		{"reused ports: behind the balancer only", []string{balanced("10.244.2.9:80")}, "ipvs-conn-reuse-stale-rs", diagnosis.Medium, ""},

		{"MTU: the sender alone", []string{mtu}, "tunnel-mtu-blackhole", diagnosis.Medium, ""},
		{"MTU: large segments do not arrive", []string{mtu, lines(mtu, "length 1460", false)}, "tunnel-mtu-blackhole", diagnosis.Certain, "datagram size"},
		{"MTU: large segments arrive", []string{mtu, mtu}, "tunnel-mtu-blackhole", diagnosis.Medium, ""},

		{"DNS: one lookup in front", []string{twin}, "dns-conntrack-race-5s", diagnosis.Low, ""},
		{"DNS: the query does not leave the node", []string{twin, behind(lines(twin, `^0\.0000 .* AAAA`, false))}, "dns-conntrack-race-5s", diagnosis.High, "missing at b"},
		{"DNS: the query gets to the server", []string{twin, behind(twin)}, "dns-conntrack-race-5s", diagnosis.Low, ""},

		{"IPVS: one retry in front", []string{retry}, "ipvs-conn-reuse-syn-drop", diagnosis.Low, ""},
		{"IPVS: the first SYN does not leave the node", []string{retry, behind(lines(retry, `^5 `, false))}, "ipvs-conn-reuse-syn-drop", diagnosis.High, "missing at b"},
		{"IPVS: the first SYN leaves the node", []string{retry, behind(retry)}, "ipvs-conn-reuse-syn-drop", diagnosis.Low, ""},

		{"a full table: one point", []string{burst}, "conntrack-table-full", diagnosis.Low, ""},
		{"a full table: first packets stay on the node", []string{burst, lines(burst, `^1\.[0-9]+ .* S id|^2.[01]000 .* S id`, false)},
			"conntrack-table-full", diagnosis.Medium, "the first packets of 12 pairs of client and server are missing"},
		{"a full table: they leave the node", []string{burst, burst}, "conntrack-table-full", diagnosis.Low, ""},
	})
}

// TestLookalikes has captures of one point from the tests of detectors, whose
// pictures are taken for an issue that they are not.
func TestLookalikes(t *testing.T) {
	const none = diagnosis.ConfidenceUnknown
	var rows []joined
	for _, tt := range []struct{ issue, path string }{
		{"hairpin-missing", "hairpin/testdata/dead-backend.txt"},
		{"hairpin-missing", "hairpin/testdata/lookalike-loss.txt"},
		{"netpol-startup-delay", "podstart/testdata/was-there-before.txt"},
		{"netpol-startup-delay", "podstart/testdata/destination-starts-as-well.txt"},
		{"netpol-startup-delay", "podstart/testdata/slow-network.txt"},
		{"dns-ndots-amplification", "dnssearch/testdata/lookalike-no-such-name.txt"},
		{"dns-ndots-amplification", "dnssearch/testdata/lookalike-service.txt"},
	} {
		rows = append(rows, joined{tt.path, []string{script(t, tt.path)}, tt.issue, none, ""})
	}
	checkJoined(t, rows)
}
