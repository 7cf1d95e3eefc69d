package main

import "strings"

// traits are what a capture has that explains why two programs count it
// differently.
type traits map[string]bool

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

// note takes the traits of one frame.
func (c *counter) note(r row, protocols string) {
	words := strings.Join(append(append([]string{}, r["_ws.malformed"]...), r["_ws.expert.message"]...), " ")
	for _, s := range said {
		if strings.Contains(words, s.words) {
			c.traits[s.trait] = true
		}
	}
	for _, n := range r["ip.len"] {
		c.traits["no length"] = c.traits["no length"] || n == "0"
	}
	for _, o := range sourceRoutes {
		c.traits["source route"] = c.traits["source route"] || strings.Contains(","+strings.Join(r["ip.opt.type"], ",")+",", ","+o+",")
	}
	for _, f := range r["vxlan.flags"] {
		c.traits["tunnel header"] = c.traits["tunnel header"] || f != "0x0800"
	}
	for _, v := range r["geneve.version"] {
		c.traits["tunnel header"] = c.traits["tunnel header"] || v != "0"
	}
	if len(r["tcp.stream"]) > 0 && len(r["ip.dst"])+len(r["ipv6.dst"]) > 1 {
		c.traits["TCP in tunnels"] = true
	}
	protocols += ":"
	if strings.Contains(protocols, ":ipv6.") || strings.Contains(protocols, ":ah:") || strings.Contains(protocols, ":mipv6:") {
		c.traits["extension headers"] = true
	}
	if strings.Contains(protocols, ":gtp:ip") {
		c.traits["GTP"] = true
	}
	if strings.Contains(protocols, ":udp:ip") || strings.Contains(protocols, ":geneve:") && !strings.Contains(strings.Join(r["udp.dstport"], " "), "6081") {
		c.traits["guessed tunnel"] = true
	}
	if strings.Contains(protocols, ":arp:") && r.last("arp.hw.type") != "1" {
		c.traits["ARP of other hardware"] = true
	}
	if r.number("frame.cap_len") < r.number("frame.len") {
		c.traits["transport cut"] = true
	}
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
