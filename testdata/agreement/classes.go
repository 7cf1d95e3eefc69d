package main

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// evidence is what both programs know of a capture that explains why they
// count it differently.
type evidence struct {
	report *analyzer.Report
	traits traits
}

// has reports whether the report names a problem.
func (x evidence) has(code string) bool {
	for _, p := range x.report.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

// A class is a reason why figures differ.
type class struct {
	name, reason string
	holds        func(x evidence, d difference) bool
}

// trait holds for all differences of a capture with that trait.
func trait(name string) func(evidence, difference) bool {
	return func(x evidence, _ difference) bool { return x.traits[name] }
}

// classes are tried in order: the first that holds is that of the difference.
var classes = []class{
	{"end of a damaged file", "Where a file ends in zeros or in a record that contradicts itself, tshark shows empty frames or stops earlier; pcapdiag stops at the last record that can be one and says so.",
		func(x evidence, _ difference) bool { return x.has("zero-tail") || x.has("damaged") }},
	{"no length in the IP header", "Segmentation offload and BIG TCP leave the length 0: tshark 4.0 decodes the rest in part or not at all; pcapdiag takes the length of the frame.",
		trait("no length")},
	{"source route", "tshark takes the last address of the route for the checksum; pcapdiag also accepts the destination in the header, which generators sum.",
		func(x evidence, d difference) bool { return x.traits["source route"] && isTransport(d) }},
	{"SYNs of both sides", "Both sides send a SYN (split handshake, simultaneous open): one connection to tshark; pcapdiag takes the SYN of the other side for a new connection on the same ports.",
		func(x evidence, d difference) bool {
			return x.traits["SYNs of both sides"] && d.figure == "port reuses"
		}},
	{"port reuse without a mark", "tshark gives a SYN on ports used before a new stream, but marks no reuse, where it takes the connection before for closed or its packets for damaged.",
		func(x evidence, d difference) bool { return x.traits["unmarked reuse"] && d.figure == "port reuses" }},
	{"one tuple in several tunnels", "The same inner addresses and ports in two virtual networks are one connection to tshark, which knows no VNI or GRE key there; pcapdiag counts them apart.",
		func(x evidence, d difference) bool {
			return x.traits["TCP in tunnels"] && (d.figure == "syn retransmissions" || d.figure == "port reuses")
		}},
	{"fragments refused", "Fragments that reach beyond 65,535 bytes or contradict each other: tshark judges the datagram that it puts together, pcapdiag refuses it (RFC 8200 section 4.5).",
		func(x evidence, d difference) bool { return x.has("fragments-refused") && isTransport(d) }},
	{"TCP header length that lies", "tshark reads no further in a TCP header shorter than 20 bytes; pcapdiag sums the segment and takes its flags all the same.",
		func(x evidence, d difference) bool {
			return x.traits["TCP header that lies"] && (strings.Contains(d.figure, "tcp") || d.figure == "port reuses")
		}},
	{"IPv4 header that lies", "A total length below the header, or options that contradict themselves: tshark stops at the header, pcapdiag counts it and what can be read behind it.",
		trait("IPv4 header that lies")},
	{"header cut inside", "A transport header of which not all fixed bytes are there: tshark gives a status, pcapdiag takes none for it.",
		func(x evidence, d difference) bool {
			return x.traits["transport cut"] && isTransport(d) && d.ours < d.theirs && (x.has("headers-cut") || x.has("malformed"))
		}},
	{"extension headers that contradict themselves", "More than eight extension headers, an authentication header below its minimum, an option of a wrong length: pcapdiag stops there or does without it, tshark goes on, or the reverse.",
		func(x evidence, d difference) bool {
			return x.traits["extension headers"] && x.has("malformed") && isTransport(d)
		}},
	{"tunnel on another port", "VXLAN-GPE, and tunnels on ports of their own: tshark knows other ports by default, and its heuristics take single packets for a tunnel; pcapdiag decodes what several packets agree in, or what --vxlan-port and --geneve-port name.",
		func(x evidence, _ difference) bool {
			return x.traits["guessed tunnel"] || x.has("vxlan-port-guessed")
		}},
	{"GTP", "pcapdiag does not decode GTP-U, so what tshark says of the packet inside is about a level that is not counted.",
		trait("GTP")},
	{"tunnel header of another kind", "VXLAN without the I flag or with other bits set, and Geneve of another version than 0, are not decoded (RFC 7348 section 5, RFC 8926 section 3.4); tshark decodes them.",
		trait("tunnel header")},
	{"link protocol not decoded", "Provider backbone bridges, pseudowires with a control word, PPPoE discovery codes, LLC behind a VLAN tag: pcapdiag stops at the EtherType and counts the problem.",
		func(x evidence, d difference) bool { return x.has("ethertype-unknown") && d.ours < d.theirs }},
	{"ARP of other hardware", "tshark dissects ARP for ATM in its own way and shows no IPv4 address in it; pcapdiag counts what has addresses of 6 and 4 bytes.",
		trait("ARP of other hardware")},
}

// unreadable is the class of files that only one of the programs opens.
var unreadable = class{name: "refused file", reason: "tshark refuses link types that it does not know, and blocks and headers with reserved bits or lengths that contradict themselves, with the whole file; pcapdiag reads what can be read and refuses versions of the format that never existed."}

// isTransport reports whether a figure counts transport checksums.
func isTransport(d difference) bool {
	f := strings.Fields(d.figure)
	return len(f) == 3 && (f[0] == "only" || f[0] == "outer" || f[0] == "inner") && f[1] != "ipv4"
}

// class returns the name of the reason for a difference, or "".
func (x evidence) class(d difference) string {
	for _, c := range classes {
		if c.holds(x, d) {
			return c.name
		}
	}
	return ""
}
