package capture

import (
	"fmt"
)

// Every block of a pcapng file has this frame around its body,
// draft-ietf-opsawg-pcapng section 3.1:
//
//	0    type
//	4    total length, a multiple of 4
//	8    body
//	n-4  total length once more
const (
	blockHeadLen = 8
	blockTailLen = 4
	blockMinLen  = blockHeadLen + blockTailLen
)

// The types of the blocks that are read. All others are skipped: name
// resolution, decryption secrets, custom blocks and what is yet to come.
const (
	blockInterface  = 0x00000001
	blockObsolete   = 0x00000002 // packet block, before the enhanced one
	blockSimple     = 0x00000003
	blockStatistics = 0x00000005
	blockEnhanced   = 0x00000006
	blockSection    = 0x0a0d0d0a // the same in either byte order

	// These are no packets, but Wireshark (4.0) lists them as frames.
	blockJournal      = 0x00000009 // of systemd
	blockCustom       = 0x00000bad
	blockCustomNoCopy = 0x40000bad
)

// The body of a section header block, section 4.1. The section's length is
// not used: it may be -1, and blocks have to be walked anyway.
//
//	0  byte-order magic   4  major   6  minor version   8  section length   16  options
const (
	sectionMinLen   = 16
	sectionMagic    = 0x1a2b3c4d
	sectionMajor    = 1
	sectionMinor    = 0
	sectionMinorAlt = 2 // to be read as 0, section 4.1
)

// A pcapngReader reads pcapng.
type pcapngReader struct {
	walk
	order    byteOrder
	ifaces   []iface // of the current section, at most MaxPoints
	surplus  int     // interfaces of the section above that
	skipping bool    // the section is of another version
}

// isPcapng reports whether head starts a pcapng file. A byte-order magic that
// is there has to be one: text-mode transfers leave the type and spoil the rest.
func isPcapng(head []byte) bool {
	if len(head) < 4 || littleEndian.u32(head) != blockSection {
		return false
	}
	_, ok := sectionOrder(head)
	return ok || len(head) < blockMinLen
}

// sectionOrder returns the byte order of a section header block.
func sectionOrder(block []byte) (order byteOrder, ok bool) {
	if len(block) < blockMinLen {
		return false, false
	}
	for _, order := range [...]byteOrder{littleEndian, bigEndian} {
		if order.u32(block[blockHeadLen:]) == sectionMagic {
			return order, true
		}
	}
	return false, false
}

// newPcapng reads the first section header. w's buffer stands in front of it,
// and isPcapng was true.
func newPcapng(w walk) (*pcapngReader, error) {
	r := &pcapngReader{walk: w}
	r.info.Format = "pcapng"
	_, body := r.block()
	if r.done == nil {
		r.section(body)
	}
	switch {
	case r.done == nil && !r.skipping:
		r.info.Bytes = r.buf.offset()
		return r, nil
	case len(r.info.Problems) > 0:
		return nil, fmt.Errorf("%w: %s", ErrNotCapture, r.info.Problems[0].Detail)
	}
	return nil, r.done
}

// Next fills f with the next frame.
func (r *pcapngReader) Next(f *Frame) error {
	for {
		typ, body := r.block()
		if r.done != nil {
			return r.done
		}
		got := false
		switch {
		case typ == blockSection:
			r.section(body)
		case r.skipping:
		case typ == blockEnhanced:
			got = r.enhanced(body, f)
		case typ == blockSimple:
			got = r.simple(body, f)
		case typ == blockObsolete:
			got = r.obsolete(body, f)
		case typ == blockInterface:
			r.describe(body)
		case typ == blockStatistics:
			r.statistics(body)
		case typ == blockCustom, typ == blockCustomNoCopy, typ == blockJournal:
			r.number++ // so that the frames behind it keep Wireshark's numbers
		}
		if got {
			return nil
		}
	}
}

// block consumes the next block and returns its type and body, a view; the
// body is nil for a block that is longer than the buffer and of no use. At the
// end of the capture it sets r.done.
func (r *pcapngReader) block() (typ uint32, body []byte) {
	if r.done != nil {
		return 0, nil
	}
	r.at = r.buf.offset()
	head := r.buf.peek(blockMinLen)
	if len(head) < blockMinLen {
		r.end(len(head), blockMinLen, "block header")
		return 0, nil
	}
	if littleEndian.u32(head) == blockSection {
		order, ok := sectionOrder(head)
		if !ok {
			r.damaged("byte-order magic %x is neither order, in the section header", head[blockHeadLen:])
			return 0, nil
		}
		r.order = order
	}
	typ = r.order.u32(head)
	n := r.order.u32(head[4:])
	if n < blockMinLen || n%4 != 0 || n > MaxBlockLen {
		if typ != 0 || n != 0 || !r.zeroTail() {
			r.damaged("length %d cannot be right, in the block of type %#x", n, typ)
		}
		return 0, nil
	}
	if n > bufferLen {
		r.skip(typ, int(n))
		return typ, nil
	}
	b := r.buf.peek(int(n)) // may move the head
	if len(b) < int(n) {
		r.end(len(b), int(n), "block")
		return 0, nil
	}
	if tail := r.order.u32(b[n-blockTailLen:]); tail != n {
		r.damaged("length %d at the start and %d at the end, in the block of type %#x", n, tail, typ)
		return 0, nil
	}
	r.buf.advance(int(n))
	return typ, b[blockHeadLen : n-blockTailLen]
}

// skip consumes a block that is longer than the buffer. None that is read may
// be so long.
func (r *pcapngReader) skip(typ uint32, n int) {
	switch typ {
	case blockSection, blockInterface, blockStatistics, blockEnhanced, blockSimple, blockObsolete:
		r.damaged("length %d is above the limit of %d, in the block of type %#x", n, bufferLen, typ)
		return
	}
	got := r.buf.discard(n - blockTailLen)
	tail := r.buf.peek(blockTailLen)
	if got += len(tail); got < n {
		r.end(got, n, "block")
		return
	}
	if v := r.order.u32(tail); v != uint32(n) {
		r.damaged("length %d at the start and %d at the end, in the block of type %#x", n, v, typ)
		return
	}
	r.buf.advance(blockTailLen)
}

// section begins a new section: interfaces are numbered anew.
func (r *pcapngReader) section(body []byte) {
	if len(body) < sectionMinLen {
		r.damaged("section header of %d bytes, %d are needed,", len(body), sectionMinLen)
		return
	}
	r.ifaces, r.surplus = r.ifaces[:0], 0
	r.points.newSection()
	major, minor := r.order.u16(body[4:]), r.order.u16(body[6:])
	r.skipping = major != sectionMajor || minor != sectionMinor && minor != sectionMinorAlt
	if r.skipping {
		p := r.problem(ProblemSection)
		if p.Count == 1 {
			p.Detail = fmt.Sprintf("pcapng version %d.%d is not known, in the section at offset %d", major, minor, r.at)
		}
		return
	}
	r.comments(options{rest: body[sectionMinLen:], order: r.order})
}

// comments keeps the comments among o.
func (r *pcapngReader) comments(o options) {
	for o.next() {
		r.comment(&o)
	}
	r.checkOptions(&o)
}

// comment keeps o if it is a comment.
func (r *pcapngReader) comment(o *options) {
	if o.code != optComment {
		return
	}
	if len(r.info.Comments) == MaxComments {
		if p := r.problem(ProblemComments); p.Count == 1 {
			p.Detail = fmt.Sprintf("more than %d comments", MaxComments)
		}
		return
	}
	r.info.Comments = append(r.info.Comments, cleanText(o.value))
}

// checkOptions counts options that do not fit.
func (r *pcapngReader) checkOptions(o *options) {
	if !o.bad {
		return
	}
	if p := r.problem(ProblemOption); p.Count == 1 {
		p.Detail = fmt.Sprintf("an option is cut or has a wrong length, in the block at offset %d", r.at)
	}
}
