package diagnosis_test

import (
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
)

// TestSecurityGroup has a node whose SYNs a server never gets, and what looks
// like it.
func TestSecurityGroup(t *testing.T) {
	const (
		silent = `0.5 10.0.0.5:41000 > 10.0.9.9:3306 S seq 100 id 1
1.5 10.0.0.5:41000 > 10.0.9.9:3306 S seq 100 id 2
3.5 10.0.0.5:41000 > 10.0.9.9:3306 S seq 100 id 3
9 10.0.0.5:9 > 10.0.0.6:9 udp
`
		server = `0 10.0.8.1:500 > 10.0.9.9:3306 S seq 7 id 11
0.01 10.0.9.9:3306 > 10.0.8.1:500 S. seq 8 ack 8 id 12 sum partial
5 10.0.8.2:600 > 10.0.9.9:3306 S seq 7 id 13
5.01 10.0.9.9:3306 > 10.0.8.2:600 S. seq 8 ack 8 id 14 sum partial
`
	)
	arrived := server + lines(silent, " S ", true)
	translated := server + strings.ReplaceAll(lines(silent, " S ", true), "10.0.0.5:41000", "10.0.0.1:2000")
	later := strings.NewReplacer("\n5", "\n25", "\n0.01", "\n20.01").Replace("20" + server[1:])
	checkJoined(t, []joined{
		{"the server never sees the SYNs", []string{silent, server}, "security-group-drop", diagnosis.Medium,
			"10.0.9.9:3306 answers others at b meanwhile and none of these SYNs gets there"},
		{"the client alone", []string{silent}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"the SYNs arrive: the server's own firewall", []string{silent, arrived}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"they arrive with the node's address", []string{silent, translated}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"the server refuses", []string{silent + "3.6 10.0.9.9:3306 > 10.0.0.5:41000 R. seq 0 ack 101\n", server}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"the server was captured later", []string{silent, later}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"another node, which is answered as well", []string{silent, strings.ReplaceAll(server, " sum partial", "")}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"a pod of the server's node", []string{silent, strings.ReplaceAll(server, "10.0.8.2", "10.0.8.1")}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
		{"a filter hides the service", []string{silent, strings.ReplaceAll(server, ":3306", ":22")}, "security-group-drop", diagnosis.ConfidenceUnknown, ""},
	})
}

// TestMultiNIC has a pod that is asked over net1 and answers over eth0.
func TestMultiNIC(t *testing.T) {
	const (
		syns = `0 10.6.0.9:41000 > 10.6.0.5:80 S seq 100 id 1
1 10.6.0.9:41000 > 10.6.0.5:80 S seq 100 id 2
3 10.6.0.9:41000 > 10.6.0.5:80 S seq 100 id 3
9 10.6.0.9 > 10.6.0.5 icmp echo 5 seq 1 id 9
`
		answers = `0.001 10.6.0.5:80 > 10.6.0.9:41000 S. seq 7 ack 101 id 5
1.001 10.6.0.5:80 > 10.6.0.9:41000 S. seq 7 ack 101 id 6
3.001 10.6.0.5:80 > 10.6.0.9:41000 S. seq 7 ack 101 id 7
9 10.244.1.5 > 10.244.1.1 icmp echo 5 seq 1 id 9
`
	)
	merged := "0 10.6.0.9:41000 > 10.6.0.5:80 S seq 100 id 1\n" + answers
	checkJoined(t, []joined{
		{"in on net1, out on eth0", []string{syns, answers}, "multi-nic-wrong-route", diagnosis.Medium,
			"the SYNs of one connection are seen at one capture point alone"},
		{"net1 alone", []string{syns}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
		{"eth0 alone", []string{answers}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
		{"a firewall at the pod: no answer anywhere", []string{syns, lines(answers, "icmp", true)}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
		{"the answer is lost behind the pod", []string{syns, merged}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
		{"answers to another client", []string{syns, strings.ReplaceAll(answers, "10.6.0.9", "10.6.0.8")}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
		{"answers in a tunnel", []string{syns, strings.NewReplacer("1 10.6", "1 ipip 10.6").Replace(answers)}, "multi-nic-wrong-route", diagnosis.ConfidenceUnknown, ""},
	})
}

// TestEndOfTheWay has SYNs that come as far as the last capture point, and no
// answer.
func TestEndOfTheWay(t *testing.T) {
	const syns = `0 10.244.1.7:41000 > 10.244.2.9:80 S seq 100 id 1 ttl 64
1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100 id 2 ttl 64
3 10.244.1.7:41000 > 10.244.2.9:80 S seq 100 id 3 ttl 64
`
	const others = `0.2 10.244.1.7:900 > 10.244.2.9:22 S seq 7 id 11 ttl 64
0.3 10.244.2.9:22 > 10.244.1.7:900 S. seq 9 ack 8 id 12 ttl 63
9.2 10.244.1.7:901 > 10.244.2.9:22 S seq 7 id 13 ttl 64
9.3 10.244.2.9:22 > 10.244.1.7:901 S. seq 9 ack 8 id 14 ttl 63
`
	const late = syns + "7 10.244.1.7:41000 > 10.244.2.9:80 S seq 100 id 4 ttl 64\n7.001 10.244.2.9:80 > 10.244.1.7:41000 S. seq 9 ack 101 id 5 ttl 63\n" + others
	const reply = syns + "0.001 10.244.2.9:80 > 10.244.1.7:41000 S. seq 9 ack 101 id 5 ttl 63\n" + others
	routed := strings.NewReplacer("ttl 64", "ttl 63", "ttl 63", "ttl 64").Replace
	tunnel := strings.NewReplacer(" 10.244.1.7:41", " vxlan 1 10.244.1.7:41").Replace
	checkJoined(t, []joined{
		{"dropped behind the last point", []string{syns + others, routed(syns + others)}, "silent-drop", diagnosis.Medium,
			"the SYNs arrive at b, the last capture point on their way, and get no answer there"},
		{"or not taken by the server", []string{syns + others, routed(syns + others)}, "listen-overflow", diagnosis.Low,
			"the SYNs arrive at b and no SYN-ACK leaves there"},
		{"the last SYN is answered", []string{late, routed(late)}, "silent-drop", diagnosis.Medium, "or only the last one does"},
		{"the answers are lost on their way back", []string{syns + others, routed(reply)}, "silent-drop", diagnosis.Low, ""},
		{"one point alone", []string{syns + others}, "silent-drop", diagnosis.Low, ""},
		{"one point alone", []string{syns + others}, "listen-overflow", diagnosis.ConfidenceUnknown, ""},
		{"the last point is a tunnel's", []string{syns + others, tunnel(routed(syns + others))}, "listen-overflow", diagnosis.ConfidenceUnknown, ""},
	})
}
