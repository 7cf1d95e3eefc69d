package decoders

import (
	"encoding/binary"

	"github.com/google/gopacket"
)

const (
	arpHeadLen = 8
	arpLen     = 28 // for IPv4 over Ethernet

	arpIPv4Ethernet = 0x06_04 // lengths of a MAC and of an IPv4 address
)

// arp decodes an ARP message for IPv4 over Ethernet (RFC 826). It is rare, so
// gopacket's decoder does; the copies keep no view of the frame. The lengths
// of the addresses are looked at before: gopacket v1.1.19 adds them up in a
// byte, and a hardware address of 124 bytes makes it panic.
func (w *walk) arp() content {
	if !w.need(arpHeadLen) {
		return contentEnd
	}
	head := w.data[w.off:]
	if binary.BigEndian.Uint16(head[2:]) != etherTypeIPv4 || binary.BigEndian.Uint16(head[4:]) != arpIPv4Ethernet {
		w.p.Problems |= ProblemEtherType // InfiniBand has hardware addresses of 20 bytes
		return contentEnd
	}
	if !w.need(arpLen) {
		return contentEnd
	}
	h := &w.d.arp
	if err := h.DecodeFromBytes(head[:arpLen], gopacket.NilDecodeFeedback); err != nil {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	w.found(ARP)
	w.lv.ARPOp = h.Operation
	w.lv.Src, w.lv.Dst = addr4(h.SourceProtAddress), addr4(h.DstProtAddress)
	copy(w.lv.ARPSender[:], h.SourceHwAddress)
	copy(w.lv.ARPTarget[:], h.DstHwAddress)
	w.mark(MarkMAC, 8, 6)
	w.mark(MarkAddr4, 14, 4)
	w.mark(MarkMAC, 18, 6)
	w.mark(MarkAddr4, 24, 4)
	w.off += arpLen
	return contentEnd
}
