package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// pageHead is the part of the page that no run changes.
const pageHead = "" +
	"# Agreement with tshark\n\n" +
	"<!-- written by: make corpus CORPUS=dir PAGE=docs/tshark-agreement.md -->\n\n" +
	"`make corpus CORPUS=dir` counts every capture below a folder with pcapdiag and with tshark 4.0, the latter with checksum validation on and `-d udp.port==8472,vxlan`, and compares the figures capture by capture. `TestAgreesWithTsharkOnFixtures` in `cmd/pcapdiag` does so over `testdata`, and `TestAgreesWithTshark` in `decoders` compares levels, VNIs and verdicts frame by frame.\n\n" +
	"## Figures\n\n" +
	"Frames; levels by the encapsulation they were found in; fragments; the verdicts on the checksums of IPv4, TCP, UDP, ICMP, ICMPv6, SCTP and IGMP, at the outer, the inner or the only level; SYNs sent again; ports used again. The verdicts are put into tshark's words:\n\n" +
	"| verdict | tshark | why |\n|---|---|---|\n" +
	"| good | Good | |\n" +
	"| absent | Not present | UDP 0, over IPv4 or in a tunnel |\n" +
	"| bad | Bad | |\n" +
	"| partial | Bad | the field holds the pseudo-header sum, or 0 in TCP and IPv4 headers: left to the network card. tshark 4.0 knows no offload |\n" +
	"| lco | Bad | right once the inner checksum is completed; tshark sums the bytes as they stand |\n" +
	"| nat-on-zero, nat-on-lco | Bad | a fault; the verdict adds the cause |\n" +
	"| unverifiable: cut, fragment | Unverified | |\n" +
	"| unverifiable: other | Bad | wrong, but compared with a guess: a datagram above 1,500 bytes or without a length, a source route, an IP header that is wrong itself |\n\n" +
	"Not counted on either side: headers that an ICMP error quotes, pcapng blocks that hold no packet, network headers that tshark lists without having read their addresses, RARP and ARP for anything but IPv4 over Ethernet, and what is inside GRE of a protocol type that pcapdiag does not decode (Ethernet over IP, WCCP, 802.11 of access points). An atomic IPv6 fragment is no fragment (RFC 6946). A SYN is one without ACK. SYNs sent again are told by stream, sender and sequence number, not by tshark's own mark, which is on SYN-ACKs and copies too.\n\n"

// markdown returns the page of the documentation.
func (s *summary) markdown() []byte {
	var b bytes.Buffer
	b.WriteString(pageHead)
	fmt.Fprintf(&b, "## A run over public captures\n\nTraffic and protocol tests of public projects, damaged and hostile ones included.\n\n")
	fmt.Fprintf(&b, "| captures | |\n|---|---|\n| compared | %d |\n| agree in every figure | %d (%.1f %%) |\n| of these, without any adjustment below | %d |\n| differ in a figure, each in a class below | %d |\n| neither program can read or decode | %d |\n\n",
		s.captures-s.neither, s.agree, s.percent(), s.unadjusted, s.captures-s.neither-s.agree, s.neither)
	fmt.Fprintf(&b, "### Adjustments\n\nThese rules are counted alike on both sides, so they make no difference above.\n\n| rule | captures |\n|---|---|\n")
	for _, a := range slices.Sorted(maps.Keys(s.adjusted)) {
		fmt.Fprintf(&b, "| %s | %d |\n", a, s.adjusted[a])
	}
	fmt.Fprintf(&b, "\n### Classes of differences\n\nA capture counts in each class that one of its figures belongs to.\n\n| class | reason | captures |\n|---|---|---|\n")
	for _, c := range append(slices.Clone(classes), unreadable) {
		if n := s.classes[c.name]; n > 0 {
			fmt.Fprintf(&b, "| %s | %s | %d |\n", c.name, c.reason, n)
		}
	}
	fmt.Fprintf(&b, "\n### Figures that differ\n\n| figure | captures |\n|---|---|\n")
	for _, k := range slices.Sorted(maps.Keys(s.figures)) {
		fmt.Fprintf(&b, "| %s | %d |\n", k, s.figures[k])
	}
	return b.Bytes()
}
