package transcript

import (
	"strconv"
	"strings"
)

// A Section is what the words around the packets tell of the capture point. A
// transcript may hold several, one behind the other.
type Section struct {
	Host  string // of the prompt, or ""
	Iface string // "eth0", or "any"
	Link  string // "EN10MB", or ""
}

// Section returns what the last heading told.
func (p *Parser) Section() Section { return p.section }

// Dropped returns the number of packets that the last Lost line told of.
func (p *Parser) Dropped() uint64 { return p.dropped }

// words reads a line that is no packet.
//
//	[root@node2 /root]# tcpdump -nn -i eth0 port 8472
//	tcpdump: verbose output suppressed, use -v or -vv for full protocol decode
//	listening on eth0, link-type EN10MB (Ethernet), capture size 262144 bytes
//	reading from file x.pcap, link-type EN10MB (Ethernet)
//	16 packets captured
//	0 packets dropped by kernel
func (p *Parser) words(text string) Kind {
	c := cursor(text)
	switch {
	case c.lit("listening on "), c.lit("tcpdump: listening on "):
		p.Flush()
		p.section.Iface = c.word()
		p.section.Link = linkType(c)
		return Heading
	case c.lit("reading from file "):
		p.Flush()
		p.section.Link = linkType(c)
		return Heading
	case c.lit("tcpdump: "):
		return Nothing
	}
	if n, ok := c.number(63); ok {
		switch strings.TrimPrefix(string(c), " packet") {
		case "s captured", " captured", "s received by filter", " received by filter", "s dropped by interface", " dropped by interface":
			return Nothing
		case "s dropped by kernel", " dropped by kernel":
			p.Flush()
			p.dropped = n
			return Lost
		}
	}
	if host, ok := prompt(text); ok {
		p.Flush()
		p.section = Section{Host: host}
		return Nothing
	}
	return Unknown
}

// linkType returns EN10MB of ", link-type EN10MB (Ethernet), …".
func linkType(c cursor) string {
	if _, ok := c.until("link-type "); !ok {
		return ""
	}
	return c.word()
}

// prompt returns the host of a shell's prompt in front of a tcpdump command:
// "[root@node2 ~]# ", "root@node2:~$ ". The command may stand alone too, behind
// a bare "$ " or "# ".
func prompt(text string) (host string, ok bool) {
	before, _, ok := strings.Cut(text, "tcpdump ")
	if !ok || len(before) > 256 {
		return "", false
	}
	before = strings.TrimSuffix(strings.TrimRight(before, " "), "sudo")
	before = strings.TrimRight(before, " ")
	if before == "" || strings.HasSuffix(before, "#") || strings.HasSuffix(before, "$") {
		if _, after, at := strings.Cut(before, "@"); at {
			host = after[:strings.IndexFunc(after+" ", func(r rune) bool { return !hostRune(r) })]
		}
		return host, true
	}
	return "", false
}

// hostRune reports whether a host's name may hold r.
func hostRune(r rune) bool {
	return r == '-' || r == '.' || r == '_' || strconv.IsPrint(r) && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}
