package dnssearch

import (
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

const (
	// maxPrefixes bounds the prefixes of a name that are remembered. Only a
	// name with fewer dots than ndots is searched for, and ndots is 15 at most
	// (resolv.conf(5)).
	maxPrefixes = 16

	// maxShown bounds the bytes of a name that are kept for the evidence.
	maxShown = 96
)

// A denial is an answer that says that a name does not exist. It is a value of
// fixed size, so that remembering it allocates nothing.
type denial struct {
	used     bool
	n        uint8 // prefixes
	length   uint8 // of name
	cut      bool  // the name is longer
	typ      dns.Type
	port     uint16 // of the client
	frame    uint32
	time     capture.Timestamp
	hash     uint64 // of the whole name
	prefixes [maxPrefixes]uint64
	name     [maxShown]byte // as text
}

func newDenial(p *decoders.Packet, m *dns.Message) denial {
	x := denial{used: true, typ: m.Type, port: p.Inner().DstPort, frame: uint32(p.Number), time: p.Time}
	var all [dns.MaxLabels]uint64
	prefixes := m.Name.AppendPrefixes(all[:0])
	if len(prefixes) > 0 {
		x.hash = prefixes[len(prefixes)-1]
		prefixes = prefixes[:len(prefixes)-1] // the name itself is no prefix of it
	}
	x.n = uint8(copy(x.prefixes[:], prefixes))
	var written [4 * 255]byte // a name has 255 bytes at most, and each is four of text at most
	name := m.Name.AppendText(written[:0])
	x.length = uint8(copy(x.name[:], name))
	x.cut = len(name) > maxShown
	return x
}

// begins reports whether the name denied begins with the one of the hash.
func (x *denial) begins(hash uint64) bool {
	for _, h := range x.prefixes[:x.n] {
		if h == hash {
			return true
		}
	}
	return false
}

// text returns the name as text.
func (x *denial) text() string {
	if x.cut {
		return string(x.name[:x.length]) + "..."
	}
	return string(x.name[:x.length])
}
