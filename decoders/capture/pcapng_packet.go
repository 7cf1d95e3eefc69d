package capture

// The bodies of the three packet blocks. Data is padded to 32 bits, options
// follow.
//
//	enhanced, section 4.3          obsolete, appendix A           simple, section 4.4
//	 0  interface ID                0  interface ID (2)            0  length on the wire
//	                                2  drops before it (2)         4  data, no options
//	 4  time, high 32 bits          4  time, high 32 bits
//	 8  time, low 32 bits           8  time, low 32 bits
//	12  captured length            12  captured length
//	16  length on the wire         16  length on the wire
//	20  data                       20  data
const (
	packetMinLen = 20
	simpleMinLen = 4

	dropsUnknown = 0xffff // of the obsolete block
)

// The direction bits of epb_flags, section 4.3.1. The others - reception
// type, FCS length, offload and errors - are not needed: checksums are judged
// by the bytes, and what follows an IP datagram is padding.
const (
	flagsDirection = 3
	flagsInbound   = 1
	flagsOutbound  = 2
)

// enhanced fills f from an enhanced packet block. It returns false where the
// block cannot be used and was counted.
func (r *pcapngReader) enhanced(body []byte, f *Frame) bool {
	if len(body) < packetMinLen {
		return r.skipPacket("packet block of %d bytes, %d are needed", len(body), packetMinLen)
	}
	return r.packet(r.order.u32(body), body, f)
}

// obsolete fills f from a packet block of the older kind.
func (r *pcapngReader) obsolete(body []byte, f *Frame) bool {
	if len(body) < packetMinLen {
		return r.skipPacket("packet block of %d bytes, %d are needed", len(body), packetMinLen)
	}
	id := uint32(r.order.u16(body))
	if drops := r.order.u16(body[2:]); drops != dropsUnknown && int(id) < len(r.ifaces) {
		r.points.addLost(&r.ifaces[id], uint64(drops), &r.info)
	}
	return r.packet(id, body, f)
}

// packet fills f from what both blocks share.
func (r *pcapngReader) packet(id uint32, body []byte, f *Frame) bool {
	ifc := r.lookup(id)
	if ifc == nil {
		r.number++
		return false
	}
	caplen := r.order.u32(body[12:])
	if caplen > MaxFrameLen || int(caplen) > len(body)-packetMinLen {
		return r.skipPacket("captured length %d does not fit into a packet block of %d bytes", caplen, len(body))
	}
	ticks := uint64(r.order.u32(body[4:]))<<32 | uint64(r.order.u32(body[8:]))
	f.Time, f.HasTime = ifc.ticks.time(ticks)
	f.Len = int(r.order.u32(body[16:]))
	f.Link = ifc.link
	f.Direction, f.Printed = DirectionUnknown, nil
	end := packetMinLen + int(caplen)
	f.Data = body[packetMinLen:end:end]
	if rest := body[min(padded(end), len(body)):]; len(rest) > 0 {
		r.packetOptions(rest, f, ifc)
	}
	r.deliver(f, ifc)
	return true
}

// packetOptions takes direction, drops and comments from the options of a
// packet block.
func (r *pcapngReader) packetOptions(rest []byte, f *Frame, ifc *iface) {
	o := options{rest: rest, order: r.order}
	for o.next() {
		switch o.code {
		case optPacketFlags:
			if len(o.value) != 4 {
				o.bad = true
				break
			}
			switch o.order.u32(o.value) & flagsDirection {
			case flagsInbound:
				f.Direction = Inbound
			case flagsOutbound:
				f.Direction = Outbound
			}
		case optPacketDrops:
			if n, ok := o.u64(); ok {
				r.points.addLost(ifc, n, &r.info)
			}
		default:
			r.comment(&o)
		}
	}
	r.checkOptions(&o)
}

// simple fills f from a simple packet block: of the first interface, without
// time, cut at that interface's snaplen.
func (r *pcapngReader) simple(body []byte, f *Frame) bool {
	if len(body) < simpleMinLen {
		return r.skipPacket("simple packet block of %d bytes, %d are needed", len(body), simpleMinLen)
	}
	ifc := r.lookup(0)
	if ifc == nil {
		r.number++
		return false
	}
	wire := r.order.u32(body)
	caplen := wire
	if ifc.snaplen != 0 {
		caplen = min(wire, ifc.snaplen)
	}
	if caplen > MaxFrameLen || int(caplen) > len(body)-simpleMinLen {
		return r.skipPacket("length %d does not fit into a simple packet block of %d bytes", caplen, len(body))
	}
	f.Time, f.HasTime = 0, false
	f.Len = int(wire)
	f.Link = ifc.link
	f.Direction, f.Printed = DirectionUnknown, nil
	end := simpleMinLen + int(caplen)
	f.Data = body[simpleMinLen:end:end]
	r.deliver(f, ifc)
	return true
}

// skipPacket counts a packet block that cannot be used. It takes a frame
// number, so that those behind it keep Wireshark's.
func (r *pcapngReader) skipPacket(format string, args ...any) bool {
	r.malformed(format, args...)
	r.number++
	return false
}
