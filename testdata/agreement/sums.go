package main

import "strings"

// statusWords are tshark's values of a checksum status.
var statusWords = map[string]string{"0": "bad", "1": "good", "2": "unverified", "3": "absent", "4": "bad", "Bad": "bad", "Good": "good", "Unverified": "unverified"}

// tsharkIllegal is the status of UDP 0 over IPv6.
const tsharkIllegal = "4"

// igmpKinds are protocols that are IGMP on the wire, whose checksum tshark
// shows under their own name.
var igmpKinds = []string{"dvmrp", "mrdisc", "msnip", "rgmp"}

// statuses returns the statuses of a protocol's checksums, outermost first.
func (r row) statuses(protocol string) []string {
	switch protocol {
	case "ipv4":
		return r["ip.checksum.status"]
	case "udplite":
		return r["udp.checksum.status"] // tshark dissects both in one
	case "igmp":
		for _, kind := range igmpKinds {
			if s := r[kind+".checksum.status"]; len(s) > 0 {
				return s
			}
		}
	}
	return r[protocol+".checksum.status"]
}

// sums adds the checksum statuses of one frame, which come in the order of
// the levels; those of quoted headers come last and are left out.
func (c *counter) sums(r row, levels []level) {
	next := map[string]int{}
	for i, l := range levels {
		where := "outer"
		switch {
		case len(levels) == 1:
			where = "only"
		case i == len(levels)-1:
			where = "inner"
		}
		for _, p := range l.sums {
			statuses := r.statuses(p)
			status := ""
			if next[p] < len(statuses) {
				status = statuses[next[p]]
				next[p]++
			}
			word := statusWords[status]
			if p != "ipv4" {
				word = c.alike(r, p, status, i == len(levels)-1)
			}
			switch {
			case word == "":
			case p != "ipv4" && i == len(levels)-1 && (r.set("ip.fragment.overlap") || r.set("ipv6.fragment.overlap")):
				c.overlapping[where+" "+p+" "+word]++
			default:
				c.f[where+" "+p+" "+word]++
			}
		}
	}
}

// alike returns the word under which a transport checksum is counted on both
// sides. Each case in which that is not tshark's own is noted in adjusted.
func (c *counter) alike(r row, protocol, status string, innermost bool) string {
	word := statusWords[status]
	said := strings.Join(r["_ws.expert.message"], " ")
	switch {
	case status == tsharkIllegal && !innermost:
		c.adjusted[adjustZero] = true
		return "absent"
	case innermost && protocol == "udp" && status == "" && strings.Contains(said, "Bad length value"):
		c.adjusted[adjustLength] = true
		return "unverified"
	case innermost && (word == "bad" || word == "good") &&
		(strings.Contains(said, "IPv4 total length exceeds") || strings.Contains(said, "IPv6 payload length exceeds")):
		c.adjusted[adjustLength] = true
		return "unverified"
	}
	return word
}
