package packetscript

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Write writes the script as a capture file: classic pcap where that can hold
// it, else pcapng.
func (s *Script) Write(w io.Writer) error {
	if s.pcapRefusal() == nil {
		return s.WritePcap(w)
	}
	return s.WritePcapNG(w)
}

// pcapRefusal says why classic pcap cannot hold the script. It has one link
// type and neither interfaces nor directions; an SLL2 header has both.
func (s *Script) pcapRefusal() error {
	if len(s.Points) > 1 && s.Points[0].Link != capture.LinkSLL2 {
		return errors.New("several capture points need pcapng or link sll2")
	}
	for _, p := range s.Points {
		if p.Link != s.Points[0].Link {
			return errors.New("several link types need pcapng")
		}
	}
	for _, f := range s.frames {
		if f.Direction != capture.DirectionUnknown {
			return errors.New("in and out need pcapng or a cooked link type")
		}
	}
	return nil
}

// WritePcap writes classic pcap, little-endian, in nanoseconds where a time
// needs them and else in microseconds.
func (s *Script) WritePcap(w io.Writer) error {
	if err := s.pcapRefusal(); err != nil {
		return err
	}
	newWriter := pcapgo.NewWriter
	for _, f := range s.frames {
		if f.Time%capture.Timestamp(time.Microsecond) != 0 {
			newWriter = pcapgo.NewWriterNanos
		}
	}
	// pcapgo v1.1.19 keeps 8 bits of the link type, and LinkSLL2 has 9: the
	// header is written with a 0 there and filled in.
	var header bytes.Buffer
	if err := newWriter(&header).WriteFileHeader(uint32(s.Snaplen), layers.LinkTypeNull); err != nil {
		return err
	}
	binary.LittleEndian.PutUint32(header.Bytes()[20:], uint32(s.Points[0].Link))
	if _, err := w.Write(header.Bytes()); err != nil {
		return err
	}
	pw := newWriter(w)
	for _, f := range s.frames {
		ci := gopacket.CaptureInfo{Timestamp: f.Time.Time(), CaptureLength: len(f.Data), Length: f.Len}
		if err := pw.WritePacket(ci, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// pcapng block types and options (draft-ietf-opsawg-pcapng).
const (
	sectionHeaderBlock        = 0x0A0D0D0A
	interfaceDescriptionBlock = 1
	enhancedPacketBlock       = 6

	optIfName   = 2 // if_name
	optTSResol  = 9 // if_tsresol
	optEPBFlags = 2 // epb_flags: 1 inbound, 2 outbound
)

// WritePcapNG writes pcapng, little-endian, in nanoseconds, with one interface
// per point. pcapgo v1.1.19 can write neither epb_flags nor link types above
// 255, so the blocks are made here.
func (s *Script) WritePcapNG(w io.Writer) error {
	le := binary.LittleEndian
	section := le.AppendUint32(nil, 0x1A2B3C4D) // byte-order magic
	section = le.AppendUint16(section, 1)       // version 1.0
	section = le.AppendUint16(section, 0)       //
	section = le.AppendUint64(section, 1<<64-1) // section length not given
	out := appendBlock(nil, sectionHeaderBlock, section)
	for _, p := range s.Points {
		body := le.AppendUint16(nil, uint16(p.Link))
		body = le.AppendUint16(body, 0) // reserved
		body = le.AppendUint32(body, uint32(s.Snaplen))
		if p.Name != "" {
			body = appendOption(body, optIfName, []byte(p.Name))
		}
		body = appendOption(body, optTSResol, []byte{9}) // 10^-9 s
		out = appendBlock(out, interfaceDescriptionBlock, appendOption(body, 0, nil))
	}
	for _, f := range s.frames {
		body := le.AppendUint32(nil, uint32(f.Point))
		body = le.AppendUint32(body, uint32(uint64(f.Time)>>32))
		body = le.AppendUint32(body, uint32(f.Time))
		body = le.AppendUint32(body, uint32(len(f.Data)))
		body = le.AppendUint32(body, uint32(f.Len))
		body = appendPadded(body, f.Data)
		if f.Direction != capture.DirectionUnknown {
			flags := le.AppendUint32(nil, uint32(f.Direction)) // Inbound is 1, Outbound 2 in both
			body = appendOption(appendOption(body, optEPBFlags, flags), 0, nil)
		}
		out = appendBlock(out, enhancedPacketBlock, body)
	}
	_, err := w.Write(out)
	return err
}

// appendBlock appends a block: type, length, body, length again.
func appendBlock(b []byte, kind uint32, body []byte) []byte {
	length := uint32(len(body) + 12)
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = binary.LittleEndian.AppendUint32(b, length)
	b = append(b, body...)
	return binary.LittleEndian.AppendUint32(b, length)
}

// appendOption appends an option: code, length, value padded to 4 bytes. Code
// 0 ends the options.
func appendOption(b []byte, code uint16, value []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return appendPadded(b, value)
}

// appendPadded appends v and zeros up to a multiple of 4 bytes of v.
func appendPadded(b, v []byte) []byte {
	return append(append(b, v...), make([]byte, -len(v)&3)...)
}
