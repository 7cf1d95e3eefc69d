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

// problems returns how often the report counts a problem.
func (x evidence) problems(codes ...string) (n int) {
	for _, p := range x.report.Problems {
		for _, code := range codes {
			if p.Code == code {
				n += p.Count
			}
		}
	}
	return n
}

// A class is a reason why figures differ. It explains no more than what it
// has: a figure differs by one for each of its frames at most, so a class
// cannot hide other faults of the capture.
type class struct {
	name, reason string
	figures      func(d difference) bool // that it may change
	frames       func(x evidence) int    // that have it
}

// trait counts the frames of which tshark shows a trait.
func trait(name string) func(evidence) int {
	return func(x evidence) int { return x.traits[name] }
}

// problem counts what pcapdiag reports as one of the problems.
func problem(codes ...string) func(evidence) int {
	return func(x evidence) int { return x.problems(codes...) }
}

// classes are tried in order, the more special ones first.
var classes = []class{
	{"end of a damaged file", "Where a file ends in zeros or in a record that contradicts itself, tshark shows empty frames or stops earlier; pcapdiag stops at the last record that can be one and says so.",
		allFigures, func(x evidence) int {
			if x.problems("zero-tail", "damaged") == 0 {
				return 0
			}
			return maxEmptyFrames
		}},
	{"GTP", "pcapdiag does not decode GTP-U, so what tshark says of the packet inside is about a level that is not counted.",
		allFigures, trait("GTP")},
	{"tunnel on another port", "tshark takes a packet for a tunnel by its source port and by heuristics too; pcapdiag decodes what is sent to a tunnel's port, what several packets agree in, and what --vxlan-port and --geneve-port name.",
		allFigures, func(x evidence) int { return x.traits["guessed tunnel"] + x.problems("vxlan-port-guessed") }},
	{"tunnel header of another kind", "VXLAN without the I flag or with other bits set, VXLAN-GPE without the P flag, and Geneve of another version than 0 are not decoded (RFC 7348 section 5, RFC 8926 section 3.4); tshark decodes them.",
		allFigures, trait("tunnel header")},
	{"link protocol not decoded", "Provider backbone bridges, pseudowires with a control word, PPPoE of an unknown code: pcapdiag stops at the EtherType and counts the problem.",
		func(d difference) bool { return d.ours < d.theirs }, trait("link protocol")},
	{"ARP of other hardware", "tshark dissects ARP for ATM in its own way and shows no IPv4 address in it; pcapdiag counts what has addresses of 6 and 4 bytes.",
		allFigures, trait("ARP of other hardware")},
	{"no length in the IP header", "Segmentation offload and BIG TCP leave the length 0: tshark 4.0 decodes the rest in part or not at all; pcapdiag takes the length of the frame.",
		allFigures, trait("no length")},
	{"IPv4 header that lies", "A total length below the header, or options that contradict themselves: tshark stops at the header, pcapdiag counts it and what can be read behind it.",
		allFigures, trait("IPv4 header that lies")},
	{"source route", "tshark takes the last address of the route for the checksum; pcapdiag also accepts the destination in the header, which generators sum.",
		isTransport, trait("source route")},
	{"fragments refused", "Fragments that reach beyond 65,535 bytes or contradict each other: tshark judges the datagram that it puts together, pcapdiag refuses it (RFC 8200 section 4.5).",
		isTransport, problem("fragments-refused")},
	{"extension headers that contradict themselves", "More than eight extension headers, an authentication header below its minimum, an option of a wrong length: pcapdiag stops there or does without it, tshark goes on, or the reverse.",
		isTransport, trait("extension headers")},
	{"TCP header length that lies", "tshark reads no further in a TCP header shorter than 20 bytes; pcapdiag sums the segment all the same.",
		isTransport, trait("TCP header that lies")},
	{"header cut inside", "A transport header of which not all fixed bytes are there: tshark gives a status, pcapdiag none.",
		func(d difference) bool { return isTransport(d) && d.ours < d.theirs }, func(x evidence) int {
			return min(x.traits["transport cut"], x.problems("headers-cut", "malformed"))
		}},
	{"one tuple in several tunnels", "The same inner addresses and ports in two virtual networks are one connection to tshark, which knows no VNI or GRE key there; pcapdiag counts them apart.",
		figure("syn retransmissions", "port reuses"), trait("SYN in a tunnel")},
	{"port reuse without a mark", "tshark gives a SYN on ports used before a new stream, but marks no reuse, where it takes the connection before for closed or its packets for damaged.",
		figure("port reuses"), trait("unmarked reuse")},
}

// maxEmptyFrames is the number of frames that tshark is believed to find in
// the damaged end of a file.
const maxEmptyFrames = 16

// unreadable is the class of files that only one of the programs opens.
var unreadable = class{name: "refused file", reason: "tshark refuses the whole file for a header with reserved bits or a block that contradicts itself, pcapdiag for a version of the format that never existed."}

// allFigures is the set of all figures.
func allFigures(difference) bool { return true }

// figure returns the set of some figures.
func figure(names ...string) func(difference) bool {
	return func(d difference) bool {
		for _, name := range names {
			if d.figure == name {
				return true
			}
		}
		return false
	}
}

// isTransport reports whether a figure counts transport checksums.
func isTransport(d difference) bool {
	f := strings.Fields(d.figure)
	return len(f) == 3 && (f[0] == "only" || f[0] == "outer" || f[0] == "inner") && f[1] != "ipv4"
}

// explain returns the names of the classes whose frames are enough for a
// difference: one, else several that are enough together, else none.
func (x evidence) explain(d difference) []string {
	size := max(d.ours-d.theirs, d.theirs-d.ours)
	var several []string
	sum := 0
	for _, c := range classes {
		if !c.figures(d) {
			continue
		}
		n := c.frames(x)
		if n >= size {
			return []string{c.name}
		}
		if n > 0 {
			several = append(several, c.name)
			sum += n
		}
	}
	if sum < size {
		return nil
	}
	return several
}
