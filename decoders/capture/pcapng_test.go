package capture

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// Blocks of sound little-endian files, put together by the rows.
const (
	sectionLE = `
		0a0d0d0a 1c000000         # section header, 28 bytes
		4d3c2b1a 0100 0000        # little endian; version 1.0
		ffffffffffffffff          # length not given
		1c000000
	`
	ethLE = `
		01000000 14000000         # interface description, 20 bytes
		0100 0000 00000400        # Ethernet, snaplen 262144
		14000000
	`
	packetLE = `
		06000000 24000000         # enhanced packet, 36 bytes
		00000000                  # interface 0
		00000000 40420f00         # 1000000 ticks: 1 s
		03000000 04000000         # captured 3 of 4 bytes
		aabbcc 00
		24000000
	`
)

var pcapngRows = []dumpRow{
	{"section header cut", `0a0d0d0a 1c000000`, `
error open capture: not a capture that can be read: the file ends inside a block header at offset 0: 8 of 12 bytes are there
`},
	{"section header too short", `0a0d0d0a 10000000 4d3c2b1a 10000000`, `
error open capture: not a capture that can be read: section header of 4 bytes, 16 are needed, at offset 0
`},
	{"version 2.0 only", `0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000`, `
error open capture: not a capture that can be read: pcapng version 2.0 is not known, in the section at offset 0
`},
	{"no frames", sectionLE, `
pcapng 28 bytes 0 frames
`},
	{"little endian", sectionLE + ethLE + packetLE, `
1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
pcapng 84 bytes 1 frames
`},
	{"version 1.2, big endian", `
		0a0d0d0a 0000001c
		1a2b3c4d 0001 0002
		ffffffffffffffff
		0000001c
		00000001 00000018         # interface description
		0114 0000 0000ffff        # LINUX_SLL2, snaplen 65535
		0000 0000                 # end of options
		00000018
		00000006 00000034         # enhanced packet, 52 bytes
		00000000
		00000000 000f4240
		00000014 00000014
		0800 0000 00000007        # SLL2: IPv4, interface 7
		0001 00 06 0200000000010000     # Ethernet, packet type 0, address 02:00:00:00:00:01
		00000034
	`, `
1 1970-01-01T00:00:01 len 20 LINUX_SLL2 in: 0800000000000007000100060200000000010000
point 0 "if7" LINUX_SLL2 snaplen 65535 frames 1
pcapng 104 bytes 1 frames
`},
	{"interface options, frame options", sectionLE + `
		01000000 48000000         # interface description, 72 bytes
		0100 0000 00000000        # Ethernet, no limit
		0200 0400 65746830        # if_name eth0
		0900 0100 09 000000       # if_tsresol 9: nanoseconds
		0b00 0800 00 74637020383030     # if_filter, kind 0: "tcp 800"
		0e00 0800 1000000000000000      # if_tsoffset 16 s
		0100 0300 6e6963 00       # comment "nic"
		0000 0000
		48000000
		06000000 40000000         # enhanced packet, 64 bytes
		00000000
		00000000 05000000         # 5 ns
		01000000 01000000
		ee 000000
		0200 0400 02000080        # epb_flags: outbound, symbol error
		0100 0200 6869 0000       # comment "hi"
		0400 0800 0300000000000000      # epb_dropcount 3
		40000000
	`, `
1 1970-01-01T00:00:16.000000005 len 1 EN10MB out: ee
point 0 "eth0" EN10MB snaplen 0 frames 1 drops 3 filter "tcp 800"
comment "nic"
comment "hi"
pcapng 164 bytes 1 frames
`},
	{"a filter of BPF bytecode is not shown", sectionLE + `
		01000000 1c000000 0100 0000 00000400
		0b00 0200 01 ff 0000
		1c000000`, `
point 0 "" EN10MB snaplen 262144 frames 0
pcapng 56 bytes 0 frames
`},
	{"two interfaces of different link types", sectionLE + ethLE + `
		01000000 14000000
		6500 0000 40000000        # RAW, snaplen 64
		14000000
		06000000 24000000
		01000000                  # interface 1
		00000000 40420f00
		01000000 01000000
		ee 000000
		24000000
		` + packetLE, `
1 1970-01-01T00:00:01 len 1 RAW point 1: ee
2 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
point 1 "" RAW snaplen 64 frames 1
pcapng 140 bytes 2 frames
`},
	{"two sections of different byte order are two points", sectionLE + ethLE + packetLE + `
		0a0d0d0a 0000001c
		1a2b3c4d 0001 0000
		ffffffffffffffff
		0000001c
		00000001 00000014         # interface 0 of this section
		0001 0000 00040000
		00000014
		00000006 00000024
		00000000
		00000000 001e8480         # 2 s
		00000001 00000001
		ee 000000
		00000024
	`, `
1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
2 1970-01-01T00:00:02 len 1 EN10MB point 1: ee
point 0 "" EN10MB snaplen 262144 frames 1
point 1 "" EN10MB snaplen 262144 frames 1
pcapng 168 bytes 2 frames
`},
	{"a section of another version in between", sectionLE + ethLE + packetLE + `
		0a0d0d0a 1c000000 4d3c2b1a 0100 0100 ffffffffffffffff 1c000000   # version 1.1
		` + ethLE + packetLE + sectionLE + ethLE + packetLE, `
1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
2 1970-01-01T00:00:01 len 4 EN10MB point 1: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
point 1 "" EN10MB snaplen 262144 frames 1
section-unreadable 1 @2: pcapng version 1.1 is not known, in the section at offset 84
pcapng 252 bytes 2 frames
`},
	{"simple packets, cut at the snaplen", sectionLE + `
		01000000 14000000
		0100 0000 02000000        # snaplen 2
		14000000
		03000000 14000000         # simple packet
		05000000                  # 5 bytes on the wire
		aabb 0000
		14000000
		03000000 14000000
		01000000
		cc 000000
		14000000
	`, `
1 - len 5 EN10MB: aabb
2 - len 1 EN10MB: cc
point 0 "" EN10MB snaplen 2 frames 2
pcapng 88 bytes 2 frames
`},
	{"obsolete packet blocks count drops", sectionLE + ethLE + `
		02000000 30000000         # packet block, 48 bytes
		0000 0500                 # interface 0, 5 drops
		00000000 40420f00
		01000000 01000000
		ee 000000
		0200 0400 01000000        # pack_flags: inbound
		0000 0000
		30000000
		02000000 24000000
		0000 ffff                 # drops not known
		00000000 40420f00
		01000000 01000000
		ee 000000
		24000000
	`, `
1 1970-01-01T00:00:01 len 1 EN10MB in: ee
2 1970-01-01T00:00:01 len 1 EN10MB: ee
point 0 "" EN10MB snaplen 262144 frames 2 drops 5
pcapng 132 bytes 2 frames
`},
	{"interface statistics, the last total counts", sectionLE + ethLE + `
		05000000 30000000         # interface statistics, 48 bytes
		00000000
		00000000 00000000
		0500 0800 0100000000000000      # isb_ifdrop 1
		0700 0800 0200000000000000      # isb_osdrop 2
		30000000
		05000000 30000000
		00000000
		00000000 00000000
		0500 0800 ffffffffffffffff      # isb_ifdrop not known
		0700 0800 0700000000000000      # isb_osdrop 7
		30000000
		05000000 24000000
		00000000
		00000000 00000000
		0600 0800 0900000000000000      # isb_filteraccept 9: nothing lost
		24000000
		05000000 18000000
		63000000                  # interface 99
		00000000 00000000
		18000000
	`, `
point 0 "" EN10MB snaplen 262144 frames 0 drops 7
pcapng 204 bytes 0 frames
`},
	{"blocks of no use", sectionLE + `
		04000000 10000000 00000000 10000000     # name resolution
		0a000000 0c000000 0c000000              # decryption secrets
		ad0b0000 10000000 01000000 10000000     # custom: takes a frame number
		efbeadde 0c000000 0c000000              # unknown
		` + ethLE + packetLE, `
2 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
pcapng 140 bytes 1 frames
`},
	{"resolution 10^-20", sectionLE + `
		01000000 1c000000 0100 0000 00000400
		0900 0100 14 000000
		1c000000
		` + packetLE, `
1 - len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
time-resolution-unknown 1 @1: if_tsresol 0x14 of interface 0
pcapng 92 bytes 1 frames
`},
	{"a packet of an interface not described takes a number", sectionLE + packetLE + ethLE + packetLE, `
2 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
interface-unknown 1 @1: interface 0 is not described, in the block at offset 28
pcapng 120 bytes 1 frames
`},
	{"captured length beyond the block", sectionLE + ethLE + `
		06000000 24000000
		00000000
		00000000 40420f00
		05000000 05000000         # 5 of the 4 bytes there
		aabbccdd
		24000000
		` + packetLE, `
2 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
block-malformed 1 @1: captured length 5 does not fit into a packet block of 24 bytes, in the block at offset 48
pcapng 120 bytes 1 frames
`},
	{"packet blocks too short", sectionLE + ethLE + `
		06000000 0c000000 0c000000
		02000000 0c000000 0c000000
		03000000 0c000000 0c000000
		05000000 0c000000 0c000000
	`, `
point 0 "" EN10MB snaplen 262144 frames 0
block-malformed 4 @1: packet block of 0 bytes, 20 are needed, in the block at offset 48
pcapng 96 bytes 0 frames
`},
	{"options that do not fit", sectionLE + `
		01000000 1c000000 0100 0000 00000400
		0200 0500 65746830        # if_name of 5 bytes, 4 there
		1c000000
		06000000 2c000000
		00000000
		00000000 40420f00
		01000000 01000000
		ee 000000
		0200 0200 0100 0000       # epb_flags of 2 bytes
		2c000000
	`, `
1 1970-01-01T00:00:01 len 1 EN10MB: ee
point 0 "" EN10MB snaplen 262144 frames 1
option-malformed 2 @1: an option is cut or has a wrong length, in the block at offset 28
pcapng 100 bytes 1 frames
`},
	{"comments not UTF-8, with a zero byte", `
		0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff
		0100 0200 ff 41 0000      # one bad byte, "A"
		0100 0300 42 00 43 00     # "B", zero, "C"
		2c000000
	`, `
comment "�A"
comment "B"
pcapng 44 bytes 0 frames
`},
	{"block length 8", sectionLE + ethLE + packetLE + `06000000 08000000 08000000`, `
1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
damaged 1 @2: length 8 cannot be right, in the block of type 0x6 at offset 84
pcapng 84 bytes 1 frames
`},
	{"block length not a multiple of 4", sectionLE + `06000000 0d000000 0d000000 00`, `
damaged 1 @1: length 13 cannot be right, in the block of type 0x6 at offset 28
pcapng 28 bytes 0 frames
`},
	{"block length above the limit", sectionLE + `efbeadde 04000001 00000000`, `
damaged 1 @1: length 16777220 cannot be right, in the block of type 0xdeadbeef at offset 28
pcapng 28 bytes 0 frames
`},
	{"a long block of no use that is cut at once", sectionLE + `30303000 00000001 30303030`, `
truncated 1 @1: the file ends inside a block at offset 28: 12 of 16777216 bytes are there
pcapng 40 bytes 0 frames
`},
	{"packet block longer than the buffer", sectionLE + `06000000 04001000 00000000`, `
damaged 1 @1: length 1048580 is above the limit of 1048576, in the block of type 0x6 at offset 28
pcapng 28 bytes 0 frames
`},
	{"lengths at start and end differ", sectionLE + `efbeadde 0c000000 10000000`, `
damaged 1 @1: length 12 at the start and 16 at the end, in the block of type 0xdeadbeef at offset 28
pcapng 28 bytes 0 frames
`},
	{"later section of no byte order", sectionLE + `0a0d0d0a 1c000000 11223344`, `
damaged 1 @1: byte-order magic 11223344 is neither order, in the section header at offset 28
pcapng 28 bytes 0 frames
`},
	{"interface description too short", sectionLE + `01000000 0c000000 0c000000` + packetLE, `
damaged 1 @1: interface description of 0 bytes, 8 are needed, at offset 28
pcapng 28 bytes 0 frames
`},
	{"zeros to the end", sectionLE + ethLE + packetLE + strings.Repeat("00", 16), `
1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
zero-tail 1 @2: only zeros from offset 84 on, 16 bytes looked at
pcapng 100 bytes 1 frames
`},
}

func TestPcapng(t *testing.T) { testDump(t, pcapngRows) }

func TestPcapngCutAnywhere(t *testing.T) {
	file := unhex(t, sectionLE+ethLE+packetLE+packetLE)
	for n := 28; n < len(file); n++ {
		frames := max(0, n-48) / 36
		got := dump(bytes.NewReader(file[:n]), Options{})
		if want := fmt.Sprintf("%d bytes %d frames\n", n, frames); !strings.HasSuffix(got, want) {
			t.Errorf("cut at %d: got\n%swant %s", n, got, want)
		}
		cut := n > 28 && n < 48 || n > 48 && (n-48)%36 != 0
		if strings.Contains(got, ProblemTruncated) != cut {
			t.Errorf("cut at %d: got\n%swant truncated: %v", n, got, cut)
		}
	}
}

// block returns a little-endian pcapng block around body.
func block(typ uint32, body []byte) []byte {
	n := uint32(blockMinLen + padded(len(body)))
	b := append(le32(typ), le32(n)...)
	b = append(b, body...)
	b = append(b, make([]byte, padded(len(body))-len(body))...)
	return append(b, le32(n)...)
}

func le32(v uint32) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)} }

// A block of no use may be longer than the buffer; what is behind it is read,
// and a cut or a wrong length in it is found.
func TestPcapngLongBlock(t *testing.T) {
	long := block(10, make([]byte, 3*bufferLen))
	start, end := unhex(t, sectionLE+ethLE), unhex(t, packetLE)
	wrong := bytes.Clone(long)
	wrong[len(wrong)-1]++
	for _, row := range []struct {
		name string
		file []byte
		want string
	}{
		{"sound", append(bytes.Clone(start), append(bytes.Clone(long), end...)...),
			"1 1970-01-01T00:00:01 len 4 EN10MB: aabbcc\npoint 0 \"\" EN10MB snaplen 262144 frames 1\npcapng 3145824 bytes 1 frames\n"},
		{"cut", append(bytes.Clone(start), long[:2*bufferLen]...),
			"truncated 1 @1: the file ends inside a block at offset 48: 2097152 of 3145740 bytes are there\n"},
		{"wrong length at the end", append(bytes.Clone(start), wrong...),
			"damaged 1 @1: length 3145740 at the start and 19922956 at the end, in the block of type 0xa at offset 48\n"},
	} {
		if got := dump(bytes.NewReader(row.file), Options{}); !strings.Contains(got, row.want) {
			t.Errorf("%s: got\n%swant\n%s", row.name, got, row.want)
		}
	}
}

// Neither the number of comments nor their length has to be believed.
func TestPcapngCommentLimits(t *testing.T) {
	file := unhex(t, sectionLE+ethLE)
	body := unhex(t, `00000000 0000000000000000 00000000 00000000`)
	body = append(body, 1, 0, 0xff, 0x07)                         // comment of 2047 bytes
	body = append(body, bytes.Repeat([]byte{0xff, 'a'}, 1024)...) // each bad byte grows to 3
	for range MaxComments + 2 {
		file = append(file, block(blockEnhanced, body)...)
	}
	r, err := Open(bytes.NewReader(file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	for r.Next(&f) == nil {
	}
	in := r.Info()
	if len(in.Comments) != MaxComments {
		t.Errorf("%d comments, want %d", len(in.Comments), MaxComments)
	}
	if n := len(in.Comments[0]); n > MaxTextLen || n < MaxTextLen-5 || !strings.HasSuffix(in.Comments[0], "…") {
		t.Errorf("comment of %d bytes, want close to %d and … at its end", n, MaxTextLen)
	}
	if len(in.Problems) != 1 || in.Problems[0].Code != ProblemComments || in.Problems[0].Count != 2 {
		t.Errorf("problems %+v, want %s twice", in.Problems, ProblemComments)
	}
}
