package main

import (
	"strings"
)

// A counter adds up what tshark says of each frame in our figures.
type counter struct {
	f           figures
	overlapping figures // verdicts on datagrams of overlapping fragments
	traits      traits

	adjusted adjustments
	syns     map[string]bool    // SYNs seen, by stream, sender and sequence number
	tuples   map[string]string  // the last stream that a SYN of these addresses and ports began
	copies   map[string]float64 // when a SYN was seen last, by the same and its IP identification
}

func newCounter() *counter {
	return &counter{f: figures{}, overlapping: figures{}, traits: traits{}, adjusted: adjustments{}, syns: map[string]bool{}, tuples: map[string]string{}, copies: map[string]float64{}}
}

// A level is one network header as tshark's list of protocols shows it.
type level struct {
	network  string
	encap    string
	sums     []string // checksums in it: "ipv4", "tcp" …
	fragment bool
}

// encapsulations are tshark's protocols that carry another level, and our
// words for them.
var encapsulations = map[string]string{
	"vxlan": "vxlan", "geneve": "geneve", "gre": "gre", "erspan": "erspan", "nvgre": "nvgre", "mpls": "mpls",
}

// carriers are the protocols between link and transport that both programs
// follow. What tshark finds behind any other is not counted here: pcapdiag
// does not decode it, and says so in its problems.
var carriers = map[string]bool{
	"eth": true, "ethertype": true, "vlan": true, "ieee8021ad": true, "sll": true, "null": true, "raw": true, "llc": true, "ah": true,
	"radiotap": true, "wlan_radio": true, "wlan": true, "wlan_aggregate": true, "ppp": true, "pppoes": true, "chdlc": true, "nflog": true, "pktap": true, "pcap_pktdata": true,
	"udp": true, "udplite": true, "vxlan": true, "geneve": true, "gre": true, "erspan": true, "mpls": true,
	"pwethheuristic": true, "pwethnocw": true, "pwethcw": true, "ipv6.hopopts": true, "ipv6.routing": true,
	"ipv6.fraghdr": true, "ipv6.dstopts": true, "mipv6": true, "ipv6.shim6": true,
}

// sumNames are tshark's protocols with a checksum, and our words.
var sumNames = map[string]string{"tcp": "tcp", "udp": "udp", "icmp": "icmp", "icmpv6": "icmpv6", "sctp": "sctp", "igmp": "igmp", "udplite": "udplite"}

// frame adds one frame.
func (c *counter) frame(r row) {
	if len(r["frame.encap_type"]) == 0 {
		return // a pcapng block that is no packet: tshark gives it a line all the same
	}
	c.f["frames"]++
	protocols := r["frame.protocols"]
	if len(protocols) == 0 {
		return
	}
	levels := finished(c.levels(decoded(strings.Split(protocols[0], ":"), r), r), r)
	for _, l := range levels {
		c.f["levels in "+l.encap]++
	}
	for _, l := range levels {
		if l.fragment {
			c.f["fragments"]++
		}
	}
	c.note(r, protocols[0])
	c.sums(r, levels)
	c.tcp(r)
}

// levels reads the list of protocols. What an ICMP error quotes is not
// traffic.
func (c *counter) levels(protocols []string, r row) []level {
	var levels []level
	seen := map[string]int{} // network and fragment headers
	pending, last := "", ""
	for _, p := range protocols {
		switch {
		case p == "ip" || p == "ipv6" || p == "arp":
			l := level{network: p, encap: pending}
			if l.encap == "" {
				l.encap = direct(last, p)
			}
			if p == "ip" {
				l.sums = append(l.sums, "ipv4")
				l.fragment = r.setAt("ip.flags.mf", seen[p]) || r.setAt("ip.frag_offset", seen[p])
			}
			if seen[p] >= len(r[destinations[p]]) {
				continue
			}
			seen[p]++
			levels = append(levels, l)
			pending, last = "", p
		case p == "icmp" || p == "icmpv6":
			if len(levels) > 0 {
				i := len(levels) - 1
				levels[i].sums = append(levels[i].sums, p)
			}
			return levels
		case sumNames[p] != "" && len(levels) > 0:
			levels[len(levels)-1].sums = append(levels[len(levels)-1].sums, p)
			last = p
			if p != "udp" {
				return levels
			}
		case p == "ipv6.fraghdr" && len(levels) > 0:
			// An atomic fragment is whole (RFC 6946).
			if r.setAt("ipv6.fraghdr.more", seen[p]) || r.setAt("ipv6.fraghdr.offset", seen[p]) {
				levels[len(levels)-1].fragment = true
			}
			seen[p]++
		case p == "mpls" && last == "ethertype":
			last = p // labels on Ethernet are no encapsulation of their own
		case encapsulations[p] != "" && len(levels) > 0:
			if p == "gre" {
				if r.setAt("gre.flags.checksum", seen[p]) {
					levels[len(levels)-1].sums = append(levels[len(levels)-1].sums, p)
				}
				seen[p]++
			}
			pending, last = encapsulations[p], p
		case carriers[p]:
			if p != "ah" && !strings.HasPrefix(p, "ipv6.") {
				last = p
			}
		default:
			return levels
		}
	}
	return levels
}

// destinations are the fields that tshark shows of a network header that it
// has read to the end. It lists the protocol of one that is cut or has another
// version all the same; pcapdiag counts no level there.
var destinations = map[string]string{"ip": "ip.dst", "ipv6": "ipv6.dst", "arp": "arp.dst.proto_ipv4"}

// finished leaves out the last level where it is an ARP message of a kind that
// pcapdiag takes for no level.
func finished(levels []level, r row) []level {
	if n := len(levels); n > 0 && levels[n-1].network == "arp" && !r.isIPv4OverEthernet() {
		return levels[:n-1]
	}
	return levels
}

// isIPv4OverEthernet reports whether the last ARP message is one: pcapdiag
// takes no other for a level, and no RARP, since flows cannot use them.
func (r row) isIPv4OverEthernet() bool {
	isRARP := r.last("eth.type") == "0x8035"
	return r.last("arp.proto.type") == "0x0800" && r.last("arp.hw.size") == "6" && r.last("arp.proto.size") == "4" && !isRARP
}

// greTypes are the protocol types of GRE that both programs follow.
var greTypes = map[string]bool{
	"0x0800": true, "0x86dd": true, "0x6558": true, "0x880b": true, "0x8847": true, "0x8848": true,
	"0x88be": true, "0x22eb": true, "0x0806": true, "0x8100": true, "0x88a8": true,
}

// decoded cuts the list of protocols behind a GRE header whose content is not
// decoded here: Ethernet over IP, WCCP redirection, 802.11 of access points.
func decoded(protocols []string, r row) []string {
	n := 0
	for i, p := range protocols {
		if p != "gre" {
			continue
		}
		if types := r["gre.proto"]; n < len(types) && !greTypes[types[n]] {
			return protocols[:i+1]
		}
		n++
	}
	return protocols
}

// direct returns our word for an IP header behind the protocol last.
func direct(last, p string) string {
	switch last + " " + p {
	case "ip ip":
		return "ipip"
	case "ip ipv6":
		return "sit"
	case "ipv6 ipv6":
		return "ip6ip6"
	case "ipv6 ip":
		return "ip4ip6"
	}
	return "none"
}
