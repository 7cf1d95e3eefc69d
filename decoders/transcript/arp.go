package transcript

import (
	"encoding/binary"
	"net/netip"
)

const arpLen = 28

// readARP reads an ARP message for IPv4 over Ethernet (RFC 826). MAC addresses
// that were not printed are zero: that of the sender of a request, without -e.
//
//	Request who-has 10.244.1.1 (02:42:0a:f4:01:01) tell 10.244.1.7, length 28
//	Reply 10.244.1.1 is-at 02:42:0a:f4:01:01, length 28
//	Announcement 10.244.1.7, length 28
//	Probe 10.244.1.7, length 28
func (lv *level) readARP(c cursor) bool {
	c.lit("Ethernet (len 6), IPv4 (len 4), ") // -v
	var (
		op             uint16 = 1
		sender, target [6]byte
		from, to       netip.Addr
	)
	if lv.hasMAC {
		sender = lv.src
	}
	switch {
	case c.lit("Request who-has "):
		to, _ = netip.ParseAddr(c.word())
		if c.lit(" (") {
			target, _ = c.mac() // or "Broadcast"
			c.until(")")
		}
		if !c.lit(" tell ") {
			return false
		}
		from, _ = netip.ParseAddr(c.word())
	case c.lit("Reply "):
		op = 2
		from, _ = netip.ParseAddr(c.word())
		var ok bool
		if !c.lit(" is-at ") {
			return false
		}
		if sender, ok = c.mac(); !ok {
			return false
		}
		if lv.hasMAC {
			target = lv.dst
		}
		to = netip.IPv4Unspecified() // whom it answers is not printed
	case c.lit("Announcement "):
		from, _ = netip.ParseAddr(c.word())
		to = from
	case c.lit("Probe "):
		to, _ = netip.ParseAddr(c.word())
		from = netip.IPv4Unspecified()
	}
	if !from.Is4() || !to.Is4() {
		return false
	}
	b := make([]byte, 0, arpLen)
	b = append(b, 0, 1, 8, 0, 6, 4) // Ethernet, IPv4, lengths of their addresses
	b = binary.BigEndian.AppendUint16(b, op)
	b = append(append(b, sender[:]...), from.AsSlice()...)
	lv.arp = append(append(b, target[:]...), to.AsSlice()...)
	return true
}
