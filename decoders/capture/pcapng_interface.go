package capture

import (
	"fmt"
	"math"
)

// The bodies of an interface description block (section 4.2) and of an
// interface statistics block (section 4.6):
//
//	0  link type (2)   2  reserved   4  snaplen, 0 means no limit   8  options
//	0  interface ID   4  time (8)   12  options
const (
	interfaceMinLen  = 8
	statisticsMinLen = 12
)

// describe adds an interface to the section. One that is too short to be
// read ends the capture: the numbers of all behind it would be in doubt.
func (r *pcapngReader) describe(body []byte) {
	if len(body) < interfaceMinLen {
		r.damaged("interface description of %d bytes, %d are needed,", len(body), interfaceMinLen)
		return
	}
	if len(r.ifaces) == MaxPoints {
		r.surplus++
		return
	}
	ifc := newIface("", LinkType(r.order.u16(body)), r.order.u32(body[4:]))
	ifc.id = len(r.ifaces)
	resolution, offset := uint8(6), int64(0)
	o := options{rest: body[interfaceMinLen:], order: r.order}
	for o.next() {
		switch o.code {
		case optIfName:
			ifc.name = cleanText(o.value)
		case optIfFilter:
			if len(o.value) > 0 && o.value[0] == 0 { // a libpcap string; 1 would be BPF bytecode
				ifc.filter = cleanText(o.value[1:])
			}
		case optIfTSResol:
			if len(o.value) != 1 {
				o.bad = true
				break
			}
			resolution = o.value[0]
		case optIfTSOffset:
			if v, ok := o.u64(); ok {
				offset = int64(v)
			}
		default:
			r.comment(&o)
		}
	}
	r.checkOptions(&o)
	// if_fcslen is not read: writers disagree whether it counts bits or bytes,
	// and bytes behind an IP datagram are padding to every decoder.

	ifc.ticks = newClock(resolution, offset)
	if ifc.ticks.perSecond == 0 {
		if p := r.problem(ProblemTimeResolution); p.Count == 1 {
			p.Detail = fmt.Sprintf("if_tsresol %#x of interface %d", resolution, ifc.id)
		}
	}
	r.points.describe(&ifc, &r.info)
	r.ifaces = append(r.ifaces, ifc)
}

// lookup returns interface id of the section, or nil: then the packet at hand
// is counted as skipped.
func (r *pcapngReader) lookup(id uint32) *iface {
	if uint64(id) < uint64(len(r.ifaces)) {
		return &r.ifaces[id]
	}
	if uint64(id) < uint64(len(r.ifaces)+r.surplus) {
		if p := r.problem(ProblemInterfaces); p.Count == 1 {
			p.Detail = fmt.Sprintf("interface %d; %d of a section are read", id, MaxPoints)
		}
		return nil
	}
	if p := r.problem(ProblemInterface); p.Count == 1 {
		p.Detail = fmt.Sprintf("interface %d is not described, in the block at offset %d", id, r.at)
	}
	return nil
}

// statistics takes the number of lost packets from an interface statistics
// block: what the interface and the operating system dropped. What the filter
// rejected is not lost; isb_filteraccept and isb_usrdeliv differ also by what
// was still in buffers at the end (section 4.6), so no loss is taken from them.
func (r *pcapngReader) statistics(body []byte) {
	if len(body) < statisticsMinLen {
		r.malformed("interface statistics of %d bytes, %d are needed", len(body), statisticsMinLen)
		return
	}
	id := r.order.u32(body)
	if uint64(id) >= uint64(len(r.ifaces)) {
		return // no packet is concerned
	}
	var lost uint64
	known := false
	o := options{rest: body[statisticsMinLen:], order: r.order}
	for o.next() {
		switch o.code {
		case optStatsIfDrop, optStatsOSDrop:
			if v, ok := o.u64(); ok && v <= math.MaxInt64 { // all ones is "not known" in files of Wireshark
				lost += v
				known = true
			}
		default:
			r.comment(&o)
		}
	}
	r.checkOptions(&o)
	if known {
		r.points.setLost(&r.ifaces[id], lost, &r.info)
	}
}

// malformed counts a block that is skipped.
func (r *pcapngReader) malformed(format string, args ...any) {
	if p := r.problem(ProblemBlock); p.Count == 1 {
		p.Detail = fmt.Sprintf(format, args...) + fmt.Sprintf(", in the block at offset %d", r.at)
	}
}
