package capture

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// pcapLE starts a sound file, followed by records.
const pcapLE = `
	d4c3b2a1 0200 0400            # magic: little endian, microseconds; version 2.4
	00000000 00000000             # reserved
	00000400 01000000             # snaplen 262144, Ethernet
`

// recordLE is a record of three bytes at 1.000002 s.
const recordLE = `
	01000000 02000000             # 1 s, 2 µs
	03000000 04000000             # captured 3 of 4 bytes
	aabbcc
`

var pcapRows = []dumpRow{
	{"header cut", `d4c3b2a1 0200`, `
error open capture: not a capture that can be read: the pcap header is cut, 6 of 24 bytes are there
`},
	{"no frames", pcapLE, `
point 0 "" EN10MB snaplen 262144 frames 0
pcap 24 bytes 0 frames
`},
	{"little endian, microseconds", pcapLE + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
pcap 43 bytes 1 frames
`},
	{"big endian, nanoseconds", `
		a1b23c4d 0002 0004        # magic: big endian, nanoseconds
		00000000 00000000
		0000ffff 00000001         # snaplen 65535, Ethernet
		00000001 00000002         # 1 s, 2 ns
		00000001 00000001 ee      # 1 of 1 byte
	`, `
1 1970-01-01T00:00:01.000000002 len 1 EN10MB: ee
point 0 "" EN10MB snaplen 65535 frames 1
pcap 41 bytes 1 frames
`},
	{"modified, 24-byte record headers", `
		34cdb2a1 0200 0400
		00000000 00000000
		ffff0000 01000000
		01000000 02000000
		01000000 01000000
		03000000 0008 04 00       # interface index, protocol, packet type, padding
		ee
	`, `
1 1970-01-01T00:00:01.000002 len 1 EN10MB: ee
point 0 "" EN10MB snaplen 65535 frames 1
pcap 49 bytes 1 frames
`},
	{"snaplen 0", `
		d4c3b2a1 0200 0400
		00000000 00000000
		00000000 01000000         # no limit
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 0 frames 1
pcap 43 bytes 1 frames
`},
	{"captured more than the snaplen", `
		d4c3b2a1 0200 0400
		00000000 00000000
		02000000 01000000         # snaplen 2
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 2 frames 1
pcap 43 bytes 1 frames
`},
	{"link type above 255", `
		d4c3b2a1 0200 0400
		00000000 00000000
		00000400 39300000         # 12345
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 LINKTYPE_12345: aabbcc
point 0 "" LINKTYPE_12345 snaplen 262144 frames 1
pcap 43 bytes 1 frames
`},
	{"FCS of 4 bytes, cut off by 1", `
		d4c3b2a1 0200 0400
		00000000 00000000
		00000400 01000024         # P, FCS len 2 words
		01000000 02000000
		05000000 06000000         # captured 5 of 6: 2 of frame, 3 of 4 of FCS
		aabb fcfcfc
		01000000 02000000
		03000000 03000000         # shorter than an FCS
		aabbcc
	`, `
1 1970-01-01T00:00:01.000002 len 2 EN10MB: aabb
2 1970-01-01T00:00:01.000002 len 3 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 2
pcap 64 bytes 2 frames
`},
	{"FCS length without P", `
		d4c3b2a1 0200 0400
		00000000 00000000
		00000400 01000020
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
pcap 43 bytes 1 frames
`},
	{"reserved bits of the link type", `
		d4c3b2a1 0200 0400
		00000000 00000000
		00000400 01000100
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
header-reserved-bits 1 @0: link type field 0x00010001; the lower 16 bits are used
pcap 43 bytes 1 frames
`},
	{"version 2.2 has the lengths the other way round", `
		d4c3b2a1 0200 0200
		00000000 00000000
		00000400 01000000
		01000000 02000000
		04000000 03000000         # on the wire 4, captured 3
		aabbcc
	`, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
pcap 43 bytes 1 frames
`},
	{"version 2.3 has them either way", `
		d4c3b2a1 0200 0300
		00000000 00000000
		00000400 01000000
		01000000 02000000
		04000000 03000000
		aabbcc
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
2 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 2
pcap 62 bytes 2 frames
`},
	{"version 3.0", `d4c3b2a1 0300 0000 00000000 00000000 00000400 01000000`, `
error open capture: not a capture that can be read: pcap version 3.0 is not known
`},
	{"microseconds above a million, year 2106", pcapLE + `
		ffffffff ffffffff
		00000000 00000000
	`, `
1 2106-02-07T07:39:49.967295 len 0 EN10MB: 
point 0 "" EN10MB snaplen 262144 frames 1
pcap 40 bytes 1 frames
`},
	{"length on the wire below the captured one", pcapLE + `
		01000000 02000000
		03000000 01000000         # captured 3 of 1
		aabbcc
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 3 EN10MB: aabbcc
2 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 2
wire-length-too-small 1 @1: 1 bytes on the wire, 3 captured, in the record at offset 24
pcap 62 bytes 2 frames
`},
	{"captured length above the limit", pcapLE + recordLE + `
		01000000 02000000
		01000400 01000400         # 262145
		` + recordLE, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
damaged 1 @2: captured length 262145, above the limit of 262144, in the record at offset 43
pcap 43 bytes 1 frames
`},
	{"cut in a record header", pcapLE + recordLE + `01`, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
truncated 1 @2: the file ends inside a record header at offset 43: 1 of 16 bytes are there
pcap 44 bytes 1 frames
`},
	{"cut in a frame", pcapLE + recordLE + `
		01000000 02000000
		03000000 04000000
		aa`, `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
truncated 1 @2: the file ends inside a record at offset 43: 17 of 19 bytes are there
pcap 60 bytes 1 frames
`},
	{"zeros to the end", pcapLE + recordLE + strings.Repeat("00", 20), `
1 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 1
zero-tail 1 @2: only zeros from offset 43 on, 20 bytes looked at
pcap 63 bytes 1 frames
`},
	{"an empty frame in 1970 and another behind it", pcapLE + strings.Repeat("00", 16) + recordLE, `
1 1970-01-01T00:00:00 len 0 EN10MB: 
2 1970-01-01T00:00:01.000002 len 4 EN10MB: aabbcc
point 0 "" EN10MB snaplen 262144 frames 2
pcap 59 bytes 2 frames
`},
}

func TestPcap(t *testing.T) { testDump(t, pcapRows) }

// Wherever a file is cut, the frames before the cut stand, and the cut is
// named unless it falls between two records.
func TestPcapCutAnywhere(t *testing.T) {
	file := unhex(t, pcapLE+recordLE+recordLE)
	for n := pcapHeaderLen; n < len(file); n++ {
		frames := (n - pcapHeaderLen) / 19
		got := dump(bytes.NewReader(file[:n]), Options{})
		if want := fmt.Sprintf("%d bytes %d frames\n", n, frames); !strings.HasSuffix(got, want) {
			t.Errorf("cut at %d: got\n%swant %s", n, got, want)
		}
		cut := (n-pcapHeaderLen)%19 != 0
		if strings.Contains(got, ProblemTruncated) != cut {
			t.Errorf("cut at %d: got\n%swant truncated: %v", n, got, cut)
		}
	}
}
