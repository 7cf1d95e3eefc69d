package main

import (
	"slices"
	"strings"
)

// traits are what frames have that explains why two programs count them
// differently: how many frames have each.
type traits map[string]int

// said are words of tshark, and the traits they stand for.
var said = []struct{ words, trait string }{
	{"Bogus IP length", "IPv4 header that lies"},
	{"Malformed Packet: IPv4", "IPv4 header that lies"},
	{"Bogus TCP header length", "TCP header that lies"},
	{"IPv6 payload length equals 0", "no length"},
	{"Bad length value 0 <", "no length"}, // of UDP, where BIG TCP is in a tunnel
	{"Malformed Packet: TCP", "transport cut"},
	{"Malformed Packet: ICMP", "transport cut"},
	{"Malformed Packet: IGMP", "transport cut"},
}

// sourceRoutes are the IPv4 options loose and strict source route.
var sourceRoutes = []string{"131", "137"}

// note counts the traits of one frame.
func (c *counter) note(r row, protocols string) {
	found := map[string]bool{}
	protocols += ":"
	words := strings.Join(append(append([]string{}, r["_ws.malformed"]...), r["_ws.expert.message"]...), " ")
	for _, s := range said {
		if strings.Contains(words, s.words) {
			found[s.trait] = true
		}
	}
	if slices.Contains(r["ip.len"], "0") {
		found["no length"] = true
	}
	for _, o := range sourceRoutes {
		if slices.Contains(r["ip.opt.type"], o) {
			found["source route"] = true
		}
	}
	noI := func(flags string) bool { return flags != "0x0800" }
	otherVersion := func(version string) bool { return version != "0" }
	if slices.ContainsFunc(r["vxlan.flags"], noI) || slices.ContainsFunc(r["geneve.version"], otherVersion) ||
		strings.Contains(protocols, ":udp:ip") { // VXLAN-GPE
		found["tunnel header"] = true
	}
	if lyingExtensions(protocols, words, r) {
		found["extension headers"] = true
	}
	otherCode := func(code string) bool { return code != "0x00" && code != "0x0000" }
	if len(r["ieee8021ah.isid"]) > 0 || strings.Contains(protocols, ":pweth") || slices.ContainsFunc(r["pppoe.code"], otherCode) {
		found["link protocol"] = true
	}
	if strings.Contains(protocols, ":gtp:ip") {
		found["GTP"] = true
	}
	if guessed(protocols, ":vxlan:", r, vxlanPorts) || guessed(protocols, ":geneve:", r, genevePorts) {
		found["guessed tunnel"] = true
	}
	if strings.Contains(protocols, ":arp:") && r.last("arp.hw.type") != "1" {
		found["ARP of other hardware"] = true
	}
	if r.number("frame.cap_len") < r.number("frame.len") {
		found["transport cut"] = true
	}
	for trait := range found {
		c.traits[trait]++
	}
}

// lyingExtensions reports whether a frame has extension headers in which not
// all is as it should be.
func lyingExtensions(protocols, words string, r row) bool {
	n := strings.Count(protocols, ":ipv6.") + strings.Count(protocols, ":mipv6:") + strings.Count(protocols, ":ah:")
	const decoded = 8 // at most
	return n > decoded || n > 0 && (strings.Contains(words, "Malformed") || strings.Contains(words, "nvalid length") || slices.Contains(r["ah.length"], "0"))
}

// The ports of tunnels, as tshark was told to decode them.
var (
	vxlanPorts  = []string{"4789", "8472"}
	genevePorts = []string{"6081"}
)

// guessed reports whether tshark found a tunnel in a frame with none of its
// ports as destination: it goes by the source port too, and by heuristics.
func guessed(protocols, tunnel string, r row, ports []string) bool {
	isPort := func(p string) bool { return slices.Contains(ports, p) }
	return strings.Contains(protocols, tunnel) && !slices.ContainsFunc(r["udp.dstport"], isPort)
}

// adjustments are the rules by which figures of a capture were counted alike
// that the two programs count differently by themselves.
type adjustments map[string]bool

// The adjustments, as the page states them.
const (
	adjustDoubt   = "Wrong, but compared with a guess: a datagram above 1,500 bytes, a wrong IP header, a source route or no length. pcapdiag says unverifiable, tshark bad; counted as bad."
	adjustLength  = "A length that reaches beyond the frame, or a UDP length below 8: tshark sums what is there or shows no status, pcapdiag says that bytes are missing; counted as unverified."
	adjustOverlap = "Datagrams of overlapping fragments: tshark puts them together and judges the sum, pcapdiag refuses them (RFC 5722); the verdict is not counted."
	adjustZero    = "UDP 0 over IPv6 around a tunnel: legal by RFC 6935, Illegal to tshark; counted as absent."
	adjustCopies  = "A SYN that was captured twice within 20 ms on its way: tshark calls the second one a retransmission; counted once."
)
