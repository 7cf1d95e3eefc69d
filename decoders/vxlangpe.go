package decoders

import "encoding/binary"

const (
	vxlanGPEPort  = 4790
	vxlanGPEFlagP = 0x04 // the last byte of the first word says what follows

	gpeIPv4     = 1
	gpeIPv6     = 2
	gpeEthernet = 3
	gpeMPLS     = 5 // include/net/tun_proto.h of Linux; later drafts have no MPLS
)

// vxlanGPE decodes a VXLAN-GPE header: VXLAN's with three more flags, a version
// and the next protocol.
// https://datatracker.ietf.org/doc/html/draft-ietf-nvo3-vxlan-gpe section 3.1
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+---+-+-+-+-+-------------------------------+---------------+
//	|R|R|Ver|I|P|B|O|           Reserved            | Next Protocol |
//	+-+-+---+-+-+-+-+-------------------------------+---------------+
//	|                VXLAN Network Identifier (VNI) |   Reserved    |
//	+-----------------------------------------------+---------------+
func (w *walk) vxlanGPE() content {
	if !w.need(vxlanLen) {
		return contentEnd
	}
	h := w.data[w.off:]
	if h[0]&vxlanFlagI == 0 || h[0]&0x30 != 0 {
		w.p.Problems |= ProblemMalformed
		return contentEnd
	}
	next := contentEthernet
	if h[0]&vxlanGPEFlagP != 0 {
		switch h[3] {
		case gpeIPv4:
			next = contentIPv4
		case gpeIPv6:
			next = contentIPv6
		case gpeEthernet:
		case gpeMPLS:
			next = contentMPLS
		default:
			w.p.Problems |= ProblemEtherType
			return contentEnd
		}
	}
	vni := binary.BigEndian.Uint32(h[4:]) >> 8
	w.off += vxlanLen
	if !w.level(EncapVXLANGPE) {
		return contentEnd
	}
	w.lv.VNI = vni
	return next
}
