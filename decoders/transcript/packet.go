package transcript

import "time"

// A Packet is what the lines of one packet tell. It belongs to the Parser and
// is valid until its next call.
type Packet struct {
	Clock Clock
	At    time.Duration // since midnight, or since 1970 where Clock is Dated
	Iface string        // interface of "-i any", or ""
	Dir   Dir

	Ethernet bool   // Data begins with an Ethernet header; a Linux cooked one (SLL) otherwise
	Data     []byte // the frame as far as the lines give it
	Len      int    // bytes on the wire, with the link header; at least len(Data)
	Sums     []Sum  // by level, outermost first
}

// A Clock says what a time is measured from.
type Clock uint8

// The clocks.
const (
	NoClock Clock = iota // no time (-t)
	OfDay                // time of day
	Dated                // with a date, or seconds since 1970 (-tt, -tttt)
)

// A Dir is the direction that "-i any" prints.
type Dir uint8

// The directions.
const (
	UnknownDir Dir = iota
	In
	Out
)

// A Sum is what the lines say of the checksums of one level.
type Sum struct {
	IP    bool    // the IPv4 header was printed (-v): its checksum field is the packet's own
	L4    Verdict // of the transport checksum
	Field uint16  // the field; valid iff L4 is Wrong
	Right uint16  // what would be right with the bytes as captured; valid iff L4 is Wrong
}

// A Verdict is what tcpdump says of a checksum.
type Verdict uint8

// The verdicts.
const (
	NotPrinted Verdict = iota
	Correct            // "correct", "udp sum ok"
	Wrong              // "incorrect -> 0x76dc", "bad udp cksum 0xffff -> 0x76dc!"
	None               // "no cksum"
)
