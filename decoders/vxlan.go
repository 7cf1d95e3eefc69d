package decoders

import "encoding/binary"

const (
	vxlanLen   = 8
	vxlanFlagI = 0x08 // the VNI is valid
)

// vxlan decodes a VXLAN header (RFC 7348 section 5).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-+-+-+-+-----------------------------------------------+
//	|R|R|R|R|I|R|R|R|            Reserved                           |
//	+-+-+-+-+-+-+-+-+-------------------------------+---------------+
//	|                VXLAN Network Identifier (VNI) |   Reserved    |
//	+-----------------------------------------------+---------------+
//
// "The I flag MUST be set to 1 for a valid VXLAN Network ID", and Linux drops
// packets without it (vxlan_rcv); reserved bits "MUST be ignored on receipt".
func (w *walk) vxlan() content {
	if !w.need(vxlanLen) {
		return contentEnd
	}
	h := (*[vxlanLen]byte)(w.data[w.off:])
	if h[0]&vxlanFlagI == 0 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	vni := binary.BigEndian.Uint32(h[4:]) >> 8
	w.off += vxlanLen
	if !w.level(EncapVXLAN) {
		return contentEnd
	}
	w.lv.VNI = vni
	return contentEthernet
}
