// Package pcapng writes captures in the pcapng format, with names of
// interfaces, comments on packets and link types of 16 bits.
//
// gopacket's pcapgo.NgWriter v1.1.19 has no packet comments and cuts the link
// type to 8 bits, which turns LINUX_SLL2 (276) into 20; hence this package.
package pcapng

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// The blocks that are written, draft-ietf-opsawg-pcapng section 4. Each has
// its type and its length in front of the body and the length behind it.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 0x00000001
	blockEnhanced  = 0x00000006

	byteOrderMagic = 0x1a2b3c4d
)

// Options, sections 3.5 and 4.
const (
	optEnd     = 0
	optComment = 1

	optSectionApp  = 4
	optIfName      = 2
	optIfTSResol   = 9
	optPacketFlags = 2

	nanoseconds = 9 // if_tsresol: ticks of 10^-9 s
)

// maxOption is the longest value of an option: its length has 16 bits.
const maxOption = 0xffff

// An Interface is where packets were recorded.
type Interface struct {
	Name    string
	Link    capture.LinkType
	Snaplen int // bytes; 0 means no limit
}

// A Packet is one packet to write. Data is not kept.
type Packet struct {
	Interface int               // as returned by AddInterface
	Time      capture.Timestamp // a time before 1970 is written as its first moment: pcapng has no sign
	Len       int               // bytes on the wire
	Data      []byte
	Direction capture.Direction
	Comment   string // "" for none
}

// A Writer writes one section, little-endian.
type Writer struct {
	w      io.Writer
	buf    []byte // of one block
	ifaces int
}

// NewWriter writes the header of the section; application names the program.
func NewWriter(w io.Writer, application string) (*Writer, error) {
	p := &Writer{w: w}
	p.begin(blockSection)
	p.u32(byteOrderMagic)
	p.u32(1) // major 1, minor 0
	p.u32(0xffffffff)
	p.u32(0xffffffff) // length of the section: not given
	p.option(optSectionApp, []byte(application))
	return p, p.end(true)
}

// AddInterface describes an interface and returns its number.
func (p *Writer) AddInterface(i Interface) (int, error) {
	p.begin(blockInterface)
	p.u32(uint32(i.Link)) // and two reserved bytes
	p.u32(uint32(i.Snaplen))
	if i.Name != "" {
		p.option(optIfName, []byte(i.Name))
	}
	p.option(optIfTSResol, []byte{nanoseconds})
	p.ifaces++
	return p.ifaces - 1, p.end(true)
}

// Write writes one packet.
func (p *Writer) Write(pkt *Packet) error {
	if pkt.Interface >= p.ifaces {
		return fmt.Errorf("write pcapng: interface %d is not described", pkt.Interface)
	}
	ticks := uint64(max(0, pkt.Time))
	p.begin(blockEnhanced)
	p.u32(uint32(pkt.Interface))
	p.u32(uint32(ticks >> 32))
	p.u32(uint32(ticks))
	p.u32(uint32(len(pkt.Data)))
	p.u32(uint32(pkt.Len))
	p.buf = append(p.buf, pkt.Data...)
	p.pad()
	if pkt.Comment != "" {
		p.option(optComment, []byte(pkt.Comment))
	}
	if pkt.Direction != capture.DirectionUnknown {
		// Bits 0 and 1 of epb_flags have the values of capture.Direction.
		p.option(optPacketFlags, binary.LittleEndian.AppendUint32(nil, uint32(pkt.Direction)))
	}
	return p.end(pkt.Comment != "" || pkt.Direction != capture.DirectionUnknown)
}

// begin begins a block.
func (p *Writer) begin(typ uint32) {
	p.buf = p.buf[:0]
	p.u32(typ)
	p.u32(0) // the length, known at the end
}

func (p *Writer) u32(v uint32) { p.buf = binary.LittleEndian.AppendUint32(p.buf, v) }

// pad fills up to 32 bits.
func (p *Writer) pad() {
	for len(p.buf)%4 != 0 {
		p.buf = append(p.buf, 0)
	}
}

// option adds an option; a value that is too long is cut.
func (p *Writer) option(code uint16, value []byte) {
	value = value[:min(len(value), maxOption)]
	p.buf = binary.LittleEndian.AppendUint16(p.buf, code)
	p.buf = binary.LittleEndian.AppendUint16(p.buf, uint16(len(value)))
	p.buf = append(p.buf, value...)
	p.pad()
}

// end closes the list of options, where there is one, and writes the block.
func (p *Writer) end(options bool) error {
	if options {
		p.u32(optEnd)
	}
	length := uint32(len(p.buf) + 4)
	binary.LittleEndian.PutUint32(p.buf[4:], length)
	p.u32(length)
	_, err := p.w.Write(p.buf)
	return err
}
