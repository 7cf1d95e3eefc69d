package packetscript

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// WantMarker is the line that ends a script: what is below it belongs to the
// reader of the script.
const WantMarker = "-- want --"

// defaultBase is second 0 where a script has no base line: a day that reads
// well in a report.
var defaultBase = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// defaultSnaplen is that of tcpdump, in bytes.
const defaultSnaplen = 262144

// A Script is a parsed packet script.
type Script struct {
	Points  []Point // in order of first appearance; never empty
	Snaplen int     // bytes, for the file header
	Want    string  // the text below WantMarker; valid iff HasWant
	HasWant bool

	frames []capture.Frame
}

// A Point is a capture point of a script.
type Point struct {
	Name  string // as written behind @, or ""
	Index uint32 // interface index, for LinkSLL2
	Link  capture.LinkType
}

// Frames returns the frames in order. The frames and their Data belong to the
// caller.
func (s *Script) Frames() []capture.Frame {
	frames := make([]capture.Frame, len(s.frames))
	for i, f := range s.frames {
		f.Data = append([]byte(nil), f.Data...)
		frames[i] = f
	}
	return frames
}

// Split cuts text at WantMarker. The script keeps its last newline.
func Split(text string) (script, want string, found bool) {
	if strings.HasPrefix(text, WantMarker+"\n") || text == WantMarker {
		return "", strings.TrimPrefix(text[len(WantMarker):], "\n"), true
	}
	at := strings.Index(text, "\n"+WantMarker)
	if at < 0 {
		return text, "", false
	}
	rest := text[at+1+len(WantMarker):]
	return text[:at+1], strings.TrimPrefix(rest, "\n"), true
}

// Parse parses a script and builds its packets. An error names the first line
// that could not be used and what was expected there.
func Parse(text string) (*Script, error) {
	script, want, found := Split(text)
	p := &parser{
		script:   &Script{Snaplen: defaultSnaplen, Want: want, HasWant: found},
		base:     defaultBase,
		link:     capture.LinkEthernet,
		macNames: make(map[netip.Addr]net.HardwareAddr),
		ids:      make(map[netip.Addr]uint16),
		streams:  make(map[stream]*position),
	}
	for i, line := range strings.Split(script, "\n") {
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if len(p.script.Points) == 0 {
		p.script.Points = []Point{{Link: p.link, Index: 1}}
	}
	return p.script, nil
}

// A parser holds what earlier lines have set for later ones.
type parser struct {
	script   *Script
	base     time.Time
	link     capture.LinkType
	nodes    []node
	macNames map[netip.Addr]net.HardwareAddr
	ids      map[netip.Addr]uint16 // last IP identification by sender
	streams  map[stream]*position
	packets  []*packet
}

// line parses one line and builds its frame.
func (p *parser) line(line string) error {
	w, err := splitWords(line)
	if err != nil || w.done() {
		return err
	}
	if c := w.peek(0)[0]; c >= '0' && c <= '9' {
		return p.packetLine(w)
	}
	if err := p.setting(w); err != nil {
		return err
	}
	if !w.done() {
		return w.expected("the end of the line")
	}
	return nil
}

var linkTypes = map[string]capture.LinkType{
	"ethernet": capture.LinkEthernet, "sll": capture.LinkSLL, "sll2": capture.LinkSLL2,
	"raw": capture.LinkRaw, "null": capture.LinkNull, "loop": capture.LinkLoop,
}

// setting parses a line that sets something for the lines below it.
func (p *parser) setting(w *words) (err error) {
	switch {
	case w.accept("base"):
		t, err := time.Parse(time.RFC3339Nano, w.peek(0))
		if err != nil {
			return w.expected("a time such as 2020-05-25T16:30:56.5+08:00")
		}
		p.base = t
		w.pos++
		return nil
	case w.accept("link"):
		link, ok := linkTypes[w.peek(0)]
		if !ok {
			return w.expected("ethernet, sll, sll2, raw, null or loop")
		}
		p.link = link
		w.pos++
		return nil
	case w.accept("snap"):
		n, err := w.number("a snaplen in bytes", defaultSnaplen)
		p.script.Snaplen = int(n)
		return err
	case w.accept("node"):
		return p.node(w)
	case w.accept("mac"):
		a, err := w.addr("an address")
		if err != nil {
			return err
		}
		p.macNames[a], err = w.mac("the MAC address of " + a.String())
		return err
	}
	return w.expected("a time in seconds, or base, link, snap, node or mac")
}
