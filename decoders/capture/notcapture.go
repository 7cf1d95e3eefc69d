package capture

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A lookalike is a kind of file that people hand in as a capture.
type lookalike struct {
	at    int    // offset of magic
	magic string // first bytes that tell it
	what  string // what it looks like and what to do
}

// Advice that several kinds of file share.
const (
	unpack  = "; unpack it and give the capture inside"
	convert = ", which is not read; convert it with: editcap -F pcap IN OUT"
	another = "; give the file that tcpdump -w wrote"
)

// lookalikes are tried in this order.
var lookalikes = []lookalike{
	{0, "PK\x03\x04", "a zip archive" + unpack},
	{0, "PK\x05\x06", "an empty zip archive" + another},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive" + unpack},
	{0, "Rar!\x1a\x07", "a RAR archive" + unpack},
	{257, "ustar", "a tar archive" + unpack},
	{0, "\x1f\x9d", "data of compress(1); decompress it first: uncompress FILE.Z"},
	{0, "\x5d\x00\x00", "data of lzma; decompress it first: unlzma FILE.lzma"},
	{0, "\x02\x21\x4c\x18", "lz4 data of the old format; decompress it first: lz4 -d FILE"},

	// Other capture formats, as Wireshark's wiretap directory knows them.
	{0, "snoop\x00\x00\x00", "a snoop capture of Solaris" + convert},
	{0, "RTSS", "a Network Monitor 1.x capture" + convert},
	{0, "GMBU", "a Network Monitor 2.x capture" + convert},
	{0, "XCP\x00", "a NetXRay or Sniffer capture" + convert},
	{0, "TRSNIFF data", "a Sniffer capture for DOS" + convert},
	{0, "iptrace ", "an AIX iptrace capture" + convert},
	{0, "\xa1\xb2\x34\xcd", "a pcap file of Nokia's variant" + convert},
	{0, "\xcd\x34\xb2\xa1", "a pcap file of Nokia's variant" + convert},
	{0, "\x0d\x0a\x0d\x0d\x0a", "a pcapng capture damaged by a transfer in text mode; copy it again as binary"},
	{0, "\x0a\x0d\x0a", "a pcapng capture damaged by a transfer in text mode; copy it again as binary"},

	{0, "\x7fELF", "an ELF program" + another},
	{0, "%PDF-", "a PDF document" + another},
	{0, "\x89PNG", "a PNG picture; a picture of packets cannot be analyzed" + another},
	{0, "LPKSHHRH", "a systemd journal" + another},
}

// looksLike says for people what head, the first bytes of a file and not
// empty, may be the start of, and what to do.
func looksLike(head []byte) string {
	for _, l := range lookalikes {
		if len(head) > l.at && strings.HasPrefix(string(head[l.at:]), l.magic) {
			return l.what
		}
	}
	switch {
	case len(bytes.Trim(head, "\x00")) == 0:
		return "zeros only: a file preallocated and never written" + another
	case isText(head):
		return "text, and no line of it is a packet as tcpdump -nn prints it" + another
	}
	return "unknown data" + another
}

// isText reports whether head is UTF-8 without control characters other than
// white space. A character cut by the end of head is no objection.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return !utf8.FullRune(head)
		}
		if r < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b", r) {
			return false
		}
		head = head[n:]
	}
	return true
}
