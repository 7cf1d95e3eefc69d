package transcript

import "strings"

// A Kind says what a line was.
type Kind uint8

// The kinds.
const (
	Unknown Kind = iota // not understood
	Begins              // the first line of a packet
	Goes                // goes on with the packet at hand, or tells what is inside it
	Heading             // what follows is of another capture: see Parser.Heading
	Lost                // how many packets the kernel dropped: see Parser.Dropped
	Nothing             // empty, or words that say nothing of packets
)

// A Parser reads the lines of a transcript. The zero value is ready.
type Parser struct {
	begun  Packet  // the packet at hand, without its frame
	levels []level // of it; none where there is no packet at hand
	want   want
	spare  []level // for the levels of the next one

	done    Packet // the packet that the last call completed
	hasDone bool

	connections connections
	forgotten   int // times that all questions were
	queries     queries
	section     Section
	dropped     uint64
}

// A want is what the next line may tell of the packet at hand.
type want uint8

const (
	wantNothing want = iota
	wantAddrs        // the second line of an IP header
	wantInner        // what a tunnel header carries
	wantQuote        // the packet that an ICMP error quotes
)

// IsPacket reports whether line is one that tcpdump begins a packet with.
func IsPacket(line string) bool {
	var p Parser
	return p.Line(line) == Begins
}

// Line takes the next line, without its line break, and says what it was.
func (p *Parser) Line(line string) Kind {
	p.hasDone = false
	text := strings.TrimSpace(line)
	if text == "" {
		return Nothing
	}
	if p.begin(cursor(text)) {
		return Begins
	}
	if len(p.levels) > 0 && p.goOn(cursor(text)) {
		return Goes
	}
	if k := p.words(text); k != Unknown {
		return k
	}
	if len(p.levels) > 0 && (line[0] == ' ' || line[0] == '\t') {
		return Nothing // payload in words, or a dump
	}
	return Unknown
}

// Packet returns the packet that the last Line or Flush has completed; false
// where it has completed none.
func (p *Parser) Packet() (*Packet, bool) { return &p.done, p.hasDone }

// Forgotten returns how often more was met than is remembered: connections,
// whose numbers are then relative to nothing, or questions of answers. All were
// forgotten then.
func (p *Parser) Forgotten() int { return p.connections.forgotten + p.forgotten }

// Flush completes the packet at hand: no more lines belong to it.
func (p *Parser) Flush() {
	p.hasDone = len(p.levels) > 0
	if !p.hasDone {
		return
	}
	p.done = p.begun
	p.done.assemble(p.levels)
	p.levels = p.levels[:0]
}

// begin takes the first line of a packet. Nothing changes where it is none.
func (p *Parser) begin(c cursor) bool {
	var next Packet
	var ok bool
	if next.Clock, next.At, ok = timestamp(&c); !ok {
		return false
	}
	next.Iface, next.Dir = arrival(&c)
	levels, want, ok := p.network(c, p.spare[:0])
	if !ok {
		return false
	}
	p.Flush()
	p.spare, p.levels, p.want, p.begun = p.levels, levels, want, next
	return true
}

// goOn takes a further line of the packet at hand.
func (p *Parser) goOn(c cursor) bool {
	n := len(p.levels)
	levels, want, ok := p.levels, wantNothing, false
	switch p.want {
	case wantAddrs:
		levels, want, ok = p.addresses(c, levels[n-1], levels[:n-1])
	case wantInner, wantQuote:
		levels, want, ok = p.network(c, levels)
	}
	if ok {
		p.levels, p.want = levels, want
	}
	return ok
}
