package capture

import (
	"fmt"
	"io"
)

// Layout of a classic pcap file, draft-ietf-opsawg-pcap sections 4 and 5. All
// numbers are in the byte order of the magic.
//
//	file header                      record header
//	 0  magic                         0  seconds since 1970
//	 4  major, minor version          4  micro- or nanoseconds
//	 8  reserved, reserved            8  captured length
//	16  snaplen, 0 means no limit    12  length on the wire
//	20  link type and FCS length
const (
	pcapHeaderLen    = 24
	pcapRecordLen    = 16
	pcapRecordLenMod = 24 // of the modified format: interface index, protocol and packet type follow

	pcapMicro    = 0xa1b2c3d4
	pcapNano     = 0xa1b23c4d
	pcapModified = 0xa1b2cd34 // Alexey Kuznetzov's patch, KUZNETZOV_TCPDUMP_MAGIC of libpcap's sf-pcap.c
)

// Bits of the link type field, draft-ietf-opsawg-pcap section 4.
const (
	pcapFCSPresent  = 1 << 26    // P: the FCS length is given
	pcapFCSShift    = 28         // FCS len, in 16-bit words
	pcapReservedLTI = 0x0bff0000 // R and Reserved3
)

// A lengthOrder says how captured length and length on the wire stand in a
// record; libpcap interchanged them at version 2.3 (sf-pcap.c).
type lengthOrder uint8

const (
	capturedFirst lengthOrder = iota
	wireFirst                 // before 2.3, and the 543.0 of DG/UX tcpdump
	smallerFirst              // 2.3 itself: files of both kinds exist, the captured length is the smaller
)

// A pcapReader reads classic pcap.
type pcapReader struct {
	walk
	iface     iface
	order     byteOrder
	recordLen int // bytes of a record header
	fracNanos int64
	fcsLen    int // bytes of FCS at the end of each frame
	lengths   lengthOrder
}

// pcapMagic returns the magic and the byte order of head.
func pcapMagic(head []byte) (magic uint32, order byteOrder, ok bool) {
	if len(head) < 4 {
		return 0, false, false
	}
	for _, order := range [...]byteOrder{littleEndian, bigEndian} {
		switch m := order.u32(head); m {
		case pcapMicro, pcapNano, pcapModified:
			return m, order, true
		}
	}
	return 0, false, false
}

// isPcap reports whether head starts a classic pcap file.
func isPcap(head []byte) bool {
	_, _, ok := pcapMagic(head)
	return ok
}

// newPcap reads the file header. w's buffer stands in front of it, and isPcap
// was true.
func newPcap(w walk) (*pcapReader, error) {
	r := &pcapReader{walk: w, recordLen: pcapRecordLen, fracNanos: 1000}
	h := r.buf.peek(pcapHeaderLen)
	if len(h) < pcapHeaderLen {
		return nil, headerError(r.buf.err, "pcap", len(h), pcapHeaderLen)
	}
	r.buf.advance(pcapHeaderLen)

	var magic uint32
	magic, r.order, _ = pcapMagic(h)
	switch magic {
	case pcapNano:
		r.fracNanos = 1
	case pcapModified:
		r.recordLen = pcapRecordLenMod
	}

	major, minor := r.order.u16(h[4:]), r.order.u16(h[6:])
	switch {
	case major == 2 && minor <= 2, major == 543 && minor == 0:
		r.lengths = wireFirst
	case major == 2 && minor == 3:
		r.lengths = smallerFirst
	case major != 2 || minor > 4:
		return nil, fmt.Errorf("%w: pcap version %d.%d is not known", ErrNotCapture, major, minor)
	}

	link := r.order.u32(h[20:])
	if link&pcapFCSPresent != 0 {
		r.fcsLen = 2 * int(link>>pcapFCSShift)
	}
	if link&pcapReservedLTI != 0 {
		p := r.info.problem(ProblemHeaderBits, 0)
		p.Detail = fmt.Sprintf("link type field %#08x; the lower 16 bits are used", link)
	}

	r.info.Format = "pcap"
	r.info.Bytes = pcapHeaderLen
	r.iface = newIface("", LinkType(link), r.order.u32(h[16:]))
	r.points.describe(&r.iface, &r.info)
	return r, nil
}

// headerError returns why a capture has no complete file header.
func headerError(err error, format string, have, want int) error {
	if err != io.EOF {
		return openError(err)
	}
	return fmt.Errorf("%w: the %s header is cut, %d of %d bytes are there", ErrNotCapture, format, have, want)
}

// Next fills f with the next frame.
func (r *pcapReader) Next(f *Frame) error {
	if r.done != nil {
		return r.done
	}
	r.at = r.buf.offset()
	h := r.buf.peek(r.recordLen)
	if len(h) < r.recordLen {
		return r.end(len(h), r.recordLen, "record header")
	}
	sec, frac := r.order.u32(h), r.order.u32(h[4:])
	caplen, wire := r.order.u32(h[8:]), r.order.u32(h[12:])
	if r.lengths == wireFirst || r.lengths == smallerFirst && caplen > wire {
		caplen, wire = wire, caplen
	}
	if sec|frac|caplen|wire == 0 && r.zeroTail() {
		return r.done
	}
	// More than the snaplen is let pass, as libpcap does: Solaris wrote such
	// files.
	if caplen > MaxFrameLen {
		return r.damaged("captured length %d, above the limit of %d, in the record", caplen, MaxFrameLen)
	}

	total := r.recordLen + int(caplen)
	rec := r.buf.peek(total) // may move the header
	if len(rec) < total {
		return r.end(len(rec), total, "record")
	}
	r.buf.advance(total)

	f.Time = Timestamp(int64(sec)*1e9 + int64(frac)*r.fracNanos) // a fraction of a second or more is tolerated
	f.HasTime = true
	f.Len = int(wire)
	f.Link = r.iface.link
	f.Direction, f.Printed = DirectionUnknown, nil
	f.Data = rec[r.recordLen:]
	if r.fcsLen > 0 {
		f.stripFCS(r.fcsLen)
	}
	r.deliver(f, &r.iface)
	return nil
}

// stripFCS takes n bytes of frame check sequence off the end of f, as far as
// they were captured, so that Len is that of the frame proper.
func (f *Frame) stripFCS(n int) {
	if f.Len < n {
		return // too short to have one
	}
	f.Len -= n
	n = min(len(f.Data), f.Len)
	f.Data = f.Data[:n:n]
}
