package capture

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/transcript"
)

// FormatText is Info.Format of what tcpdump printed. Its frames hold what the
// lines tell and no more: see package transcript.
const FormatText = "tcpdump-text"

// The problems of transcripts.
const (
	ProblemNoDate = "no-date"              // the lines give times of day only; 1970-01-01 stands for the first day
	ProblemLine   = "lines-not-understood" // lines that are no packet and no message of tcpdump

	// ProblemForgotten counts how often more connections or DNS questions were
	// met than are remembered: sequence numbers may be off by a constant, and
	// the names that answers are about unknown.
	ProblemForgotten = "connections-forgotten"
)

// maxLineLen is the greatest length of a line, in bytes; what is longer is cut.
// Lines of tcpdump end with what is known of the payload, a few hundred bytes.
const maxLineLen = 64 << 10

// halfDay is how far back a time of day goes where it is that of the next day.
const halfDay = 12 * time.Hour

// A textReader reads what tcpdump printed. Each heading, "listening on eth0",
// begins a point, and each interface of "-i any" is one.
type textReader struct {
	walk
	parser  transcript.Parser
	section transcript.Section // of the packets that come
	ifaces  map[string]*iface  // of the section, by the names that the lines have
	latest  *iface             // of the latest packet; nil before the first one of a section
	line    int                // number of the line read last
	day     time.Duration      // what a time of day is added to
	last    time.Duration      // the latest time of day
	held    bool               // frames must last
}

// isTranscript reports whether one of the lines of text begins a packet.
func isTranscript(text []byte) bool {
	for line := range bytes.Lines(text) {
		if transcript.IsPacket(strings.TrimRight(string(line), "\r\n")) {
			return true
		}
	}
	return false
}

func newText(w walk) *textReader {
	w.info.Format = FormatText
	return &textReader{walk: w, ifaces: map[string]*iface{}}
}

// Hold is that of Reader. Frames are put together beside the memory that lines
// are read in, and get memory of their own.
func (r *textReader) Hold(func(old []byte) (next []byte)) { r.held = true }

// Next fills f with the next packet.
func (r *textReader) Next(f *Frame) error {
	for r.done == nil {
		r.at = r.buf.offset()
		line, ok := r.readLine()
		kind := transcript.Nothing
		if ok {
			kind = r.parser.Line(line)
		} else {
			r.parser.Flush()
			r.end(0, 1, "line")
			r.forgotten()
		}
		p, completed := r.parser.Packet()
		if completed {
			r.frame(f, p)
		}
		switch kind {
		case transcript.Heading:
			r.heading()
		case transcript.Lost:
			if r.latest != nil {
				r.points.setLost(r.latest, r.parser.Dropped(), &r.info)
			}
		case transcript.Unknown:
			if q := r.problem(ProblemLine); q.Count == 1 {
				q.Detail = fmt.Sprintf("line %d: %q", r.line, excerpt(line))
			}
		}
		if completed {
			return nil
		}
	}
	return r.done
}

// forgotten says how often the parser met more than it remembers.
func (r *textReader) forgotten() {
	if n := r.parser.Forgotten(); n > 0 {
		p := r.info.problem(ProblemForgotten, 0)
		p.Count, p.Detail = n, "more connections or DNS questions than are remembered"
	}
}

// readLine returns the next line without its line break; false at the end.
func (r *textReader) readLine() (string, bool) {
	b := r.buf.peek(maxLineLen)
	if len(b) == 0 {
		return "", false
	}
	r.line++
	n := bytes.IndexByte(b, '\n') + 1
	if n == 0 {
		n = len(b)
	}
	line := strings.TrimRight(string(b[:n]), "\r\n")
	r.buf.advance(n)
	for ended := b[n-1] == '\n' || n < maxLineLen; !ended; { // the rest of a line too long
		b = r.buf.peek(maxLineLen)
		n = bytes.IndexByte(b, '\n') + 1
		ended = n > 0 || len(b) < maxLineLen
		if n == 0 {
			n = len(b)
		}
		r.buf.advance(n)
	}
	return line, true
}

// heading begins another section. Its points come with its packets.
func (r *textReader) heading() {
	r.section = r.parser.Section()
	clear(r.ifaces)
	r.latest = nil
	r.day, r.last = 0, 0
}

// frame makes a frame of a packet.
func (r *textReader) frame(f *Frame, p *transcript.Packet) {
	f.Time, f.HasTime = r.time(p), p.Clock != transcript.NoClock
	f.Len, f.Data, f.Printed = p.Len, p.Data[:len(p.Data):len(p.Data)], p.Sums
	if r.held {
		f.Data = bytes.Clone(p.Data) // it is in memory of the parser
	}
	f.Link = LinkSLL
	if p.Ethernet {
		f.Link = LinkEthernet
	}
	f.Direction = DirectionUnknown
	r.latest = r.iface(p, f.Link)
	r.deliver(f, r.latest)
}

// time returns the time of p. A time of day that goes back by half a day is
// one of the next day.
func (r *textReader) time(p *transcript.Packet) Timestamp {
	if p.Clock != transcript.OfDay {
		return Timestamp(p.At)
	}
	if p.At < r.last-halfDay {
		r.day += 24 * time.Hour
	}
	r.last = p.At
	if q := r.problem(ProblemNoDate); q.Count == 1 {
		q.Detail = "times of day only: 1970-01-01 stands for the first day, and the time zone is not known"
	}
	return Timestamp(r.day + p.At)
}

// iface returns the interface that p was captured at, with its point.
func (r *textReader) iface(p *transcript.Packet, link LinkType) *iface {
	name := p.Iface
	if _, known := r.ifaces[name]; !known && len(r.ifaces) == MaxPoints {
		name = sharedPointName
	}
	ifc := r.ifaces[name]
	if ifc == nil {
		made := newIface(r.pointName(name), link, 0)
		ifc = &made
		if l, ok := linkNamed(r.section.Link); ok {
			ifc.link = l
		}
		r.points.describe(ifc, &r.info)
		r.points.pointOf(ifc, &r.info)
		r.ifaces[name] = ifc
	}
	return ifc
}

// pointName returns "node2/eth0" as far as it is known.
func (r *textReader) pointName(iface string) string {
	if iface == "" {
		iface = r.section.Iface
	}
	name := iface
	if r.section.Host != "" {
		name = strings.Trim(r.section.Host+"/"+iface, "/")
	}
	return name[:min(len(name), MaxTextLen)]
}

// linkNamed returns the link type that libpcap calls name.
func linkNamed(name string) (LinkType, bool) {
	for l, s := range linkNames {
		if s == name && l != LinkRawBSD12 && l != LinkRawBSD14 {
			return l, true
		}
	}
	return 0, false
}

// excerpt returns the beginning of a line for a message.
func excerpt(line string) string {
	const most = 80
	if len(line) > most {
		line = line[:most] + "…"
	}
	return strings.ToValidUTF8(line, "\ufffd")
}
