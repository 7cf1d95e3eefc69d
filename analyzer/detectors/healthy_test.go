package detectors_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestHealthy: traffic that networks without a fault carry, and that looks like
// one to somebody. None of it is worth a warning or a diagnosis.
func TestHealthy(t *testing.T) {
	for _, tt := range faultless {
		t.Run(tt.name, func(t *testing.T) { silent(t, tt.name, script(t, tt.lines...)) })
	}
}

// number is a number in a template that grows by one with each round, or by
// what stands behind the plus sign.
var number = regexp.MustCompile(`\{(\d+)(?:\+(\d+))?\}`)

// rounds writes the template count times. Its times count from the beginning of
// the round, at from and every step seconds later.
func rounds(count int, from, step float64, template ...string) []string {
	var list []string
	for n := range count {
		for _, line := range template {
			at, packet, _ := strings.Cut(line, " ")
			after, err := strconv.ParseFloat(at, 64)
			if err != nil {
				panic(err)
			}
			packet = number.ReplaceAllStringFunc(packet, func(s string) string {
				m := number.FindStringSubmatch(s)
				first, _ := strconv.Atoi(m[1])
				step := 1
				if m[2] != "" {
					step, _ = strconv.Atoi(m[2])
				}
				return strconv.Itoa(first + step*n)
			})
			list = append(list, fmt.Sprintf("%.6f %s", from+step*float64(n)+after, packet))
		}
	}
	return list
}

// mixed puts the packets of several lists in the order of their times.
func mixed(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(timeOf(a), timeOf(b)) })
	return all
}

// timeOf returns the time of a packet; -1 for a line that is none.
func timeOf(line string) float64 {
	at, _, _ := strings.Cut(line, " ")
	t, err := strconv.ParseFloat(at, 64)
	if err != nil {
		return -1
	}
	return t
}

var faultless = []struct {
	name  string
	lines []string
}{
	{"a load balancer checks by SYN and RST", rounds(20, 0, 5,
		"0 10.0.0.2:{30000} > 10.0.1.5:80 S",
		".0002 10.0.1.5:80 > 10.0.0.2:{30000} S.",
		".0003 10.0.0.2:{30000} > 10.0.1.5:80 R")},
	{"a load balancer checks from one port", rounds(20, 0, 5,
		"0 10.0.0.2:30000 > 10.0.1.5:80 S seq {1000+70000}",
		".0002 10.0.1.5:80 > 10.0.0.2:30000 S. seq {9000+70000} ack {1001+70000}",
		".0003 10.0.0.2:30000 > 10.0.1.5:80 R")},
	{"a monitor tries a closed UDP port", rounds(4, 0, 1,
		"0 10.0.0.2:40000 > 10.0.1.5:161 udp length 40",
		".0003 10.0.1.5 > 10.0.0.2 icmp unreachable port")},
	{"Windows asks a host for its NetBIOS name", rounds(3, 0, 1.5,
		"0 10.0.0.2:137 > 10.0.1.5:137 udp length 50",
		".0003 10.0.1.5 > 10.0.0.2 icmp unreachable port")},
	{"a call ends, and one side is gone first", mixed(
		rounds(100, 0, .02,
			"0 10.0.0.2:20000 > 10.0.1.5:30000 udp length 160",
			".001 10.0.1.5:30000 > 10.0.0.2:20000 udp length 160"),
		rounds(8, 2, .02,
			"0 10.0.0.2:20000 > 10.0.1.5:30000 udp length 160",
			".0003 10.0.1.5 > 10.0.0.2 icmp unreachable port"))},
	{"traceroute by UDP", rounds(9, 0, .1,
		"0 10.0.0.2:40000 > 10.0.1.5:{33434} udp length 32",
		".001 10.0.1.5 > 10.0.0.2 icmp unreachable port")},
	{"keep-alives of TCP on an idle connection", mixed([]string{
		"0 10.0.0.2:40000 > 10.0.1.5:80 S",
		"0.0002 10.0.1.5:80 > 10.0.0.2:40000 S.",
		"0.0003 10.0.0.2:40000 > 10.0.1.5:80 P. length 100",
		"0.001 10.0.1.5:80 > 10.0.0.2:40000 . ack 1101",
	}, rounds(20, 15, 15,
		"0 10.0.0.2:40000 > 10.0.1.5:80 . seq 1100 ack 5001",
		".0003 10.0.1.5:80 > 10.0.0.2:40000 . seq 5001 ack 1101"))},
	{"an idle connection is reset after an hour", []string{
		"0 10.0.0.2:40000 > 10.0.1.5:80 S",
		"0.0002 10.0.1.5:80 > 10.0.0.2:40000 S.",
		"0.0003 10.0.0.2:40000 > 10.0.1.5:80 P. length 100",
		"0.001 10.0.1.5:80 > 10.0.0.2:40000 P. length 100",
		"3500 10.0.0.2:40000 > 10.0.1.5:80 P. length 100",
		"3500.0003 10.0.1.5:80 > 10.0.0.2:40000 R",
		"3500.1 10.0.0.2:40001 > 10.0.1.5:80 S",
		"3500.1002 10.0.1.5:80 > 10.0.0.2:40001 S.",
	}},
	{"the capture lost the SYN-ACK", rounds(6, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S",
		".001 10.0.0.2:{40000} > 10.0.1.5:80 P. seq 1001 ack 5001 length 100",
		".002 10.0.1.5:80 > 10.0.0.2:{40000} P. seq 5001 ack 1101 length 100",
		".003 10.0.0.2:{40000} > 10.0.1.5:80 . seq 1101 ack 5101")},
	{"the capture lost all from the SYN-ACK to the request", rounds(6, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S",
		".002 10.0.1.5:80 > 10.0.0.2:{40000} P. seq 5001 ack 1101 length 100",
		".003 10.0.0.2:{40000} > 10.0.1.5:80 . seq 1101 ack 5101")},
	{"the capture lost the SYN-ACK, and the server resets in the end", rounds(6, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S",
		".001 10.0.0.2:{40000} > 10.0.1.5:80 P. seq 1001 ack 5001 length 100",
		".5 10.0.1.5:80 > 10.0.0.2:{40000} R. seq 5001 ack 1101")},
	{"replies take another way", rounds(10, 0, .5,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S",
		".001 10.0.0.2:{40000} > 10.0.1.5:80 . seq 1001 ack 5001",
		".002 10.0.0.2:{40000} > 10.0.1.5:80 P. seq 1001 ack 5001 length 300",
		".2 10.0.0.2:{40000} > 10.0.1.5:80 F. seq 1301 ack 9001")},
	{"only replies are seen", rounds(10, 0, .5,
		"0 10.0.1.5:80 > 10.0.0.2:{40000} S. seq 5000 ack 1001",
		".002 10.0.1.5:80 > 10.0.0.2:{40000} P. seq 5001 ack 1301 length 300",
		".2 10.0.1.5:80 > 10.0.0.2:{40000} F. seq 5301 ack 1301")},
	{"one fixed port over a lossy link", mixed(
		rounds(40, 0, 20,
			"1.01 10.0.0.2:800 > 10.0.1.5:2049 S seq {1000+700000}",
			"1.011 10.0.1.5:2049 > 10.0.0.2:800 S. seq {9000+700000} ack {1001+700000}",
			"2 10.0.0.2:800 > 10.0.1.5:2049 F.",
			"2.001 10.0.1.5:2049 > 10.0.0.2:800 F."),
		rounds(4, 100, 200, "0 10.0.0.2:800 > 10.0.1.5:2049 S seq {3501000+7000000}"))},
	{"localhost in IPv6 first, then in IPv4", mixed(
		[]string{"mac ::1 00:00:00:00:00:00", "mac 127.0.0.1 00:00:00:00:00:00"},
		rounds(5, 0, 1,
			"0 [::1]:{40000} > [::1]:8080 S",
			".00001 [::1]:8080 > [::1]:{40000} R. ack 1001",
			".0001 127.0.0.1:{40000} > 127.0.0.1:8080 S",
			".00011 127.0.0.1:8080 > 127.0.0.1:{40000} S."))},
	{"happy eyeballs give up IPv6", rounds(5, 0, 1,
		"0 [2001:db8::2]:{40000} > [2001:db8:1::5]:443 S",
		".25 10.0.0.2:{40000} > 192.0.2.5:443 S",
		".26 192.0.2.5:443 > 10.0.0.2:{40000} S.")},
	{"keepalived is restarted, and takes its address back", []string{
		"0 arp gratuitous 10.0.0.100 02:00:00:00:00:0a",
		"5 arp gratuitous 10.0.0.100 02:00:00:00:00:0a",
		"8 arp gratuitous 10.0.0.100 02:00:00:00:00:0b",
		"8.0001 arp gratuitous 10.0.0.100 02:00:00:00:00:0b",
		"12 arp gratuitous 10.0.0.100 02:00:00:00:00:0a",
		"12.0001 arp gratuitous 10.0.0.100 02:00:00:00:00:0a",
		"17 arp gratuitous 10.0.0.100 02:00:00:00:00:0a",
	}},
	{"DHCP", []string{
		"0 0.0.0.0:68 > 255.255.255.255:67 udp length 300",
		"3 0.0.0.0:68 > 255.255.255.255:67 udp length 300",
		"3.1 10.0.0.1:67 > 255.255.255.255:68 udp length 300",
		"8 0.0.0.0:68 > 255.255.255.255:67 udp length 300",
		"30 10.0.0.2:68 > 10.0.0.1:67 udp length 300",
		"30.1 10.0.0.1:67 > 10.0.0.2:68 udp length 300",
	}},
	{"mDNS, SSDP and NetBIOS to all", mixed(
		rounds(5, 0, 1, "0 10.0.0.2:5353 > 224.0.0.251:5353 udp length 60"),
		rounds(5, 10, 1, "0 10.0.0.2:40000 > 224.0.0.251:5353 udp length 60", ".1 10.0.0.9:5353 > 10.0.0.2:40000 udp length 90"),
		rounds(5, 20, 1, "0 10.0.0.2:50000 > 239.255.255.250:1900 udp length 100", ".1 10.0.0.9:1900 > 10.0.0.2:50000 udp length 300"),
		rounds(5, 30, 1, "0 10.0.0.2:137 > 10.0.0.255:137 udp length 50"))},
	{"WireGuard keeps a NAT entry alive, on a port of its own", mixed(
		rounds(200, 0, 1,
			"0 10.0.0.3:40000 > 192.0.2.5:51000 udp payload \"\\x04\\x00\\x00\\x00abcdefghijklmnopqrstuvwxyz01\"",
			".01 192.0.2.5:51000 > 10.0.0.3:40000 udp payload \"\\x04\\x00\\x00\\x00abcdefghijklmnopqrstuvwxyz01\""),
		[]string{"0.5 10.0.0.2:40001 > 192.0.2.5:51000 udp length 148", "0.51 192.0.2.5:51000 > 10.0.0.2:40001 udp length 92"},
		rounds(8, 15, 15, "0 10.0.0.2:40001 > 192.0.2.5:51000 udp payload \"\\x04\\x00\\x00\\x00abcdefghijklmnopqrstuvwxyz01\""))},
	{"few of many DNS queries are lost", mixed(
		rounds(600, 0, .5,
			"0 10.0.0.2:{20000} > 10.0.0.10:53 dns {1} query A a{1}.example.com",
			".002 10.0.0.10:53 > 10.0.0.2:{20000} dns {1} answer A a{1}.example.com 192.0.2.1"),
		rounds(4, 10, 60,
			".1 10.0.0.2:{40000} > 10.0.0.10:53 dns {900} query A b{1}.example.com",
			"5.1 10.0.0.2:{40000} > 10.0.0.10:53 dns {900} query A b{1}.example.com",
			"5.102 10.0.0.10:53 > 10.0.0.2:{40000} dns {900} answer A b{1}.example.com 192.0.2.1"))},
	{"a new client that is far away from all it talks to", []string{
		"0 10.0.0.1 > 10.0.0.9 icmp echo 1",
		"5 10.0.0.2:40000 > 192.0.2.5:443 S",
		"5.001 10.0.0.2:40001 > 192.0.2.5:443 S",
		"5.002 10.0.0.2:40002 > 192.0.2.6:443 S",
		"5.003 10.0.0.2:40003 > 192.0.2.6:443 S",
		"6.2 192.0.2.5:443 > 10.0.0.2:40000 S.",
		"6.201 192.0.2.5:443 > 10.0.0.2:40001 S.",
		"6.202 192.0.2.6:443 > 10.0.0.2:40002 S.",
		"6.203 192.0.2.6:443 > 10.0.0.2:40003 S.",
	}},
	{"a busy gateway, and hosts that are off", mixed(
		rounds(20, 1, .4,
			"0 10.1.0.{1}:50000 > 198.51.100.{1}:443 S",
			"1.01 10.1.0.{1}:50000 > 198.51.100.{1}:443 S"),
		rounds(200, 0, .05,
			"0 10.1.0.{1}:40000 > 192.0.2.{1}:443 S",
			".01 192.0.2.{1}:443 > 10.1.0.{1}:40000 S.",
			".02 10.1.0.{1}:40000 > 192.0.2.{1}:443 P. length 10",
			".03 192.0.2.{1}:443 > 10.1.0.{1}:40000 P. length 10"))},
	{"one card of a bond: pings come back by the other", mixed(
		rounds(20, 0, 1, "0 vxlan 1 10.0.0.1:40000 > 10.0.0.2:8472 10.244.1.7 > 10.244.2.9 icmp echo 7 seq {1}"),
		rounds(20, .5, 1,
			"0 vxlan 1 10.0.0.1:40001 > 10.0.0.2:8472 10.244.1.7:41000 > 10.244.2.9:80 P. seq {1000+100} ack {5000+100} length 100",
			".01 vxlan 1 10.0.0.1:40002 > 10.0.0.3:8472 10.244.1.7:42000 > 10.244.3.9:80 P. seq {1000+100} ack {5000+100} length 100",
			".011 vxlan 1 10.0.0.3:40002 > 10.0.0.1:8472 10.244.3.9:80 > 10.244.1.7:42000 P. seq {5000+100} ack {1100+100} length 100"))},
	{"a super-packet at one interface, its segments at another", mixed([]string{
		"link sll",
		"0 in 10.244.1.7:41000 > 10.0.1.5:80 S",
		"0.00002 out 10.244.1.7:41000 > 10.0.1.5:80 S id 1",
		"0.0003 in 10.0.1.5:80 > 10.244.1.7:41000 S.",
		"0.00032 out 10.0.1.5:80 > 10.244.1.7:41000 S. id 1",
		"0.0004 in 10.244.1.7:41000 > 10.0.1.5:80 P. seq 1001 ack 5001 length 30000 sum partial",
	}, rounds(20, .00041, .000001, "0 out 10.244.1.7:41000 > 10.0.1.5:80 . seq {1001+1448} ack 5001 length 1448"))},
	{"a multicast stream", rounds(100, 20, .02, "0 10.0.0.2:5004 > 239.1.1.1:5006 udp length 1316")},
	{"VXLAN over IPv6 without a checksum", []string{
		"0 vxlan 1 [fd00::1]:40000 > [fd00::2]:8472 sum 0 10.244.1.7:41000 > 10.244.2.9:80 S",
		"0.001 vxlan 1 [fd00::2]:40000 > [fd00::1]:8472 sum 0 10.244.2.9:80 > 10.244.1.7:41000 S.",
	}},
	{"checksums on loopback are left to nobody", []string{
		"0 127.0.0.1:41000 > 127.0.0.1:80 S sum partial",
		"0.00001 127.0.0.1:80 > 127.0.0.1:41000 S. sum partial",
		"0.00002 127.0.0.1:41000 > 127.0.0.1:80 P. length 100 sum partial",
		"0.00003 127.0.0.1:80 > 127.0.0.1:41000 P. length 60000 sum partial",
		"1 127.0.0.1:50000 > 127.0.0.1:5000 udp length 100 sum partial",
		"1.00001 127.0.0.1:5000 > 127.0.0.1:50000 udp length 100 sum partial",
	}},
	{"a peer leaves, and a FIN is still to be sent", []string{
		"0 10.0.0.2:41000 > 10.0.0.9:80 S",
		"0.001 10.0.0.9:80 > 10.0.0.2:41000 S.",
		"0.002 10.0.0.2:41000 > 10.0.0.9:80 P. length 100",
		"0.003 10.0.0.9:80 > 10.0.0.2:41000 P. length 100",
		"0.004 10.0.0.2:41000 > 10.0.0.9:80 .",
		"10 10.0.0.2:41000 > 10.0.0.9:80 F.",
		"10.2 10.0.0.2:41000 > 10.0.0.9:80 F. seq 1101 ack 5101",
		"10.6 10.0.0.2:41000 > 10.0.0.9:80 F. seq 1101 ack 5101",
		"11.4 10.0.0.2:41000 > 10.0.0.9:80 F. seq 1101 ack 5101",
	}},
	{"QUIC, quiet for a while, then from another port", mixed(
		rounds(5, 0, .02,
			"0 10.0.0.2:50000 > 192.0.2.5:443 udp length 1200",
			".01 192.0.2.5:443 > 10.0.0.2:50000 udp length 1200"),
		rounds(5, 60, .02,
			"0 10.0.0.2:50001 > 192.0.2.5:443 udp length 60",
			".01 192.0.2.5:443 > 10.0.0.2:50001 udp length 1200"),
		[]string{"200 192.0.2.5:443 > 10.0.0.2:50001 udp length 40", "200.0001 10.0.0.2 > 192.0.2.5 icmp unreachable port"})},
	{"QUIC, from the middle on, and the client is gone", rounds(4, 0, 1,
		"0 192.0.2.5:443 > 10.0.0.2:50001 udp length 40",
		".0001 10.0.0.2 > 192.0.2.5 icmp unreachable port")},
	{"NAT64: both sides at the gateway", rounds(5, 0, 1,
		"0 [2001:db8::2]:{40000} > [64:ff9b::c000:205]:443 S",
		".0001 10.0.0.1:{40000} > 192.0.2.5:443 S",
		".0101 192.0.2.5:443 > 10.0.0.1:{40000} S.",
		".0102 [64:ff9b::c000:205]:443 > [2001:db8::2]:{40000} S.",
		".0103 [2001:db8::2]:{40000} > [64:ff9b::c000:205]:443 P. length 100",
		".0104 10.0.0.1:{40000} > 192.0.2.5:443 P. length 100")},
	{"a virtual address moves, and its clients dial again", mixed([]string{
		"0 10.0.0.2:40000 > 10.0.0.100:6443 S",
		"0.0002 10.0.0.100:6443 > 10.0.0.2:40000 S. smac 02:00:00:00:00:0a",
		"0.0003 10.0.0.2:40000 > 10.0.0.100:6443 P. length 100",
		"5 arp gratuitous 10.0.0.100 02:00:00:00:00:0b",
		"5.0001 arp gratuitous 10.0.0.100 02:00:00:00:00:0b",
		"6 10.0.0.2:40000 > 10.0.0.100:6443 P. length 100",
		"6.0002 10.0.0.100:6443 > 10.0.0.2:40000 R smac 02:00:00:00:00:0b",
	}, rounds(5, 7, 1,
		"0 10.0.0.2:{40001} > 10.0.0.100:6443 S",
		".0002 10.0.0.100:6443 > 10.0.0.2:{40001} S. smac 02:00:00:00:00:0b"))},
	{"the capture begins in the middle of everything", mixed(
		rounds(5, 0, .1, "0 10.0.0.2:{40000} > 10.0.1.5:80 F. seq 100 ack 200", ".0002 10.0.1.5:80 > 10.0.0.2:{40000} F. seq 200 ack 101", ".0003 10.0.0.2:{40000} > 10.0.1.5:80 . seq 101 ack 201"),
		rounds(5, 1, .1, "0 10.0.1.5:80 > 10.0.0.2:{41000} R seq 200"),
		rounds(5, 2, .1, "0 10.0.1.5:80 > 10.0.0.2:{42000} P. seq 200 ack 100 length 1000", ".0002 10.0.0.2:{42000} > 10.0.1.5:80 . seq 100 ack 1200"),
		rounds(5, 3, .1, "0 10.0.1.5:80 > 10.0.0.2:{43000} S. seq 200 ack 100", ".0002 10.0.0.2:{43000} > 10.0.1.5:80 . seq 100 ack 201"))},
	{"a mirror port shows each packet with and without its VLAN", rounds(10, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S vlan 7",
		".00001 dup",
		".0002 10.0.1.5:80 > 10.0.0.2:{40000} S. vlan 8",
		".00021 dup",
		".0003 10.0.0.2:{40000} > 10.0.1.5:80 P. length 100 vlan 7",
		".00031 dup",
		".0010 10.0.1.5:80 > 10.0.0.2:{40000} P. length 100 vlan 8",
		".00101 dup")},
	{"TCP Fast Open", rounds(5, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S length 100",
		".0002 10.0.1.5:80 > 10.0.0.2:{40000} S. ack 1101",
		".0003 10.0.1.5:80 > 10.0.0.2:{40000} P. length 300",
		".0004 10.0.0.2:{40000} > 10.0.1.5:80 . ack 5301")},
	{"clients close by RST, servers after a FIN", rounds(6, 0, 1,
		"0 10.0.0.2:{40000} > 10.0.1.5:80 S",
		".0002 10.0.1.5:80 > 10.0.0.2:{40000} S.",
		".0003 10.0.0.2:{40000} > 10.0.1.5:80 P. length 100",
		".001 10.0.1.5:80 > 10.0.0.2:{40000} F. ack 1101",
		".0011 10.0.0.2:{40000} > 10.0.1.5:80 R seq 1101",
		".3 10.0.0.2:{50000} > 10.0.1.5:80 S",
		".3002 10.0.1.5:80 > 10.0.0.2:{50000} S.",
		".3003 10.0.0.2:{50000} > 10.0.1.5:80 F.",
		".3004 10.0.1.5:80 > 10.0.0.2:{50000} R. ack 1002")},
	{"a restart behind SO_REUSEPORT refuses one of many", mixed(
		rounds(20, 0, .5, "0 10.0.0.2:{40000} > 10.0.1.5:80 S", ".0002 10.0.1.5:80 > 10.0.0.2:{40000} S."),
		[]string{"3.2 10.0.0.2:45000 > 10.0.1.5:80 S", "3.2002 10.0.1.5:80 > 10.0.0.2:45000 R. ack 1001"})},
	{"pings that a host does not answer", rounds(20, 0, 1, "0 10.0.0.2 > 10.0.1.5 icmp echo 7 seq {1}")},
	{"neighbours in IPv6", rounds(5, 0, 1,
		"0 fd00::7 > ff02::1:ff00:9 icmp solicit fd00::9",
		".0001 fd00::9 > fd00::7 icmp advert fd00::9",
		".5 fe80::1 > ff02::1:ff00:7 icmp solicit fd00::7",
		".5001 fd00::7 > fe80::1 icmp advert fd00::7")},
	{"a new pod that waits for its name server to start", mixed(
		[]string{"0 10.244.1.9 > 10.244.1.1 icmp echo 1"},
		rounds(3, 5, 5, "0 10.244.1.7:40000 > 10.96.0.10:53 dns 1 query A kubernetes.default"),
		[]string{"5.1 10.244.1.7:41000 > 10.96.0.1:443 S", "5.1002 10.96.0.1:443 > 10.244.1.7:41000 S.",
			"15.001 10.96.0.10:53 > 10.244.1.7:40000 dns 1 answer A kubernetes.default 10.96.0.1"})},
}
