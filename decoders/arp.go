package decoders

import "github.com/google/gopacket"

// arp decodes an ARP message for IPv4 over Ethernet (RFC 826). It is rare, so
// gopacket's decoder does; the copies keep no view of the frame.
func (w *walk) arp() content {
	h := &w.d.arp
	err := h.DecodeFromBytes(w.data[w.off:min(w.end, len(w.data))], gopacket.NilDecodeFeedback)
	if err != nil || len(h.SourceHwAddress) != 6 || len(h.SourceProtAddress) != 4 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	w.found(ARP)
	w.lv.ARPOp = h.Operation
	w.lv.Src, w.lv.Dst = addr4(h.SourceProtAddress), addr4(h.DstProtAddress)
	copy(w.lv.ARPSender[:], h.SourceHwAddress)
	copy(w.lv.ARPTarget[:], h.DstHwAddress)
	return contentEnd
}
