package decoders

import (
	"net"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/internal/hextest"
)

// serialize builds a frame with gopacket, lengths and checksums filled in.
func serialize(t *testing.T, list ...gopacket.SerializableLayer) []byte {
	t.Helper()
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, list...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// spoil changes the byte at an offset.
func spoil(b []byte, at int) []byte {
	b[at] ^= 0x55
	return b
}

// The addresses of the pseudo-header are not always those of the IPv6 header.
func TestVerdictOfExtensions(t *testing.T) {
	const (
		node  = "fd000000000000000000000000000009" // what the header says
		final = "fd000000000000000000000000000002"
		home  = "fd0000000000000000000000000000aa"
	)
	for _, row := range []struct {
		name     string
		next     uint8
		ext      string // extension header, its next header is UDP
		src, dst string // of the pseudo-header
		want     string
		spoiled  string // with the checksum spoiled
	}{
		{"routing header, no segments left: the header's destination", 43,
			`11 02 02 00 00000000` + final, "fd00::1", "fd00::9", "good", "bad"},
		{"routing header type 0: the last address", 43,
			`11 04 00 01 00000000` + node + final, "fd00::1", "fd00::2", "good", "unverifiable"},
		{"routing header type 2: the home address", 43,
			`11 02 02 01 00000000` + final, "fd00::1", "fd00::2", "good", "unverifiable"},
		{"segment routing: the first address, the order is reversed", 43,
			`11 04 04 01 01 00 0000` + final + node, "fd00::1", "fd00::2", "good", "unverifiable"},
		{"RPL source route, addresses compressed: not known", 43,
			`11 01 03 01 ff000000 0000000000000002`, "fd00::1", "fd00::2", "unverifiable", "unverifiable"},
		{"routing header without an address", 43,
			`11 00 02 01 00000000`, "fd00::1", "fd00::9", "good", "unverifiable"},
		{"home address: the source", 60,
			`11 02 0102 0000 c910` + home, "fd00::aa", "fd00::9", "good", "bad"},
		{"home address behind Pad1", 60,
			`11 02 00 0101 00 c910` + home, "fd00::aa", "fd00::9", "good", "bad"},
		{"home address of 15 bytes is none", 60,
			`11 02 0102 0000 c90f` + home, "fd00::1", "fd00::9", "good", "bad"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ip := &layers.IPv6{Version: 6, NextHeader: layers.IPProtocol(row.next), HopLimit: 64, SrcIP: net.ParseIP("fd00::1"), DstIP: net.ParseIP("fd00::9")}
			udp := &layers.UDP{SrcPort: 5000, DstPort: 5001}
			if err := udp.SetNetworkLayerForChecksum(&layers.IPv6{SrcIP: net.ParseIP(row.src), DstIP: net.ParseIP(row.dst)}); err != nil {
				t.Fatal(err)
			}
			ext := hextest.Bytes(t, row.ext)
			frame := serialize(t, ip, gopacket.Payload(ext), udp, gopacket.Payload("ping"))
			d, p := NewDecoder(Options{}), new(Packet)
			d.Decode(&capture.Frame{Link: capture.LinkIPv6, Len: len(frame), Data: frame}, p)
			if got := verdicts(p); got != row.want {
				t.Errorf("%s, want %s\n%s", got, row.want, dump(p))
			}
			spoil(frame, 40+len(ext)+6)
			d.Decode(&capture.Frame{Link: capture.LinkIPv6, Len: len(frame), Data: frame}, p)
			if got := verdicts(p); got != row.spoiled {
				t.Errorf("spoiled: %s, want %s\n%s", got, row.spoiled, dump(p))
			}
		})
	}
}

// Fragments behind a routing header are put together, and the last segment is
// the destination of the whole.
func TestVerdictOfRoutedFragments(t *testing.T) {
	const head = `
		60000000 0028 2b 40              # routing header, 40 bytes
		fd000000000000000000000000000001
		fd000000000000000000000000000009 # the next stop
		2c 02 02 01 00000000             # fragment header, 24 bytes, type 2, one segment left
		fd000000000000000000000000000002 # the destination
	`
	d, p := NewDecoder(Options{}), new(Packet)
	for i, row := range []struct{ fragment, want string }{
		{`11 00 0001 0badcafe 1388 1389 0010 2117`, ""},  // UDP header, offset 0, more
		{`11 00 0008 0badcafe 70696e6770696e67`, "good"}, // payload, offset 8
	} {
		data := hextest.Bytes(t, head+row.fragment)
		d.Decode(&capture.Frame{Number: i + 1, Link: capture.LinkIPv6, Len: len(data), Data: data}, p)
		if got := verdicts(p); got != row.want {
			t.Errorf("fragment %d: %q, want %q\n%s", i, got, row.want, dump(p))
		}
	}
}

// An authentication header stands between the inner IPv4 header and the
// transport: the outer checksum covers it.
func TestVerdictOfAuthentication(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	eth := &layers.Ethernet{SrcMAC: mac, DstMAC: mac, EthernetType: layers.EthernetTypeIPv4}
	outer := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: net.IP{10, 0, 0, 1}, DstIP: net.IP{10, 0, 0, 2}}
	tunnel := &layers.UDP{SrcPort: 40000, DstPort: 8472}
	tunnel.SetNetworkLayerForChecksum(outer)
	inner := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolAH, SrcIP: net.IP{10, 244, 1, 7}, DstIP: net.IP{10, 244, 2, 9}}
	udp := &layers.UDP{SrcPort: 5000, DstPort: 5001}
	udp.SetNetworkLayerForChecksum(inner)
	ah := hextest.Bytes(t, `
		11 04 0000 00000100 00000001 # UDP, 24 bytes, SPI 256, sequence number 1
		0123456789abcdef01234567     # check value`)
	frame := serialize(t, eth, outer, tunnel, &layers.VXLAN{ValidIDFlag: true, VNI: 1}, eth, inner, gopacket.Payload(ah), udp, gopacket.Payload("ping"))
	d, p := NewDecoder(Options{}), new(Packet)
	d.Decode(&capture.Frame{Link: capture.LinkEthernet, Len: len(frame), Data: frame}, p)
	if got, want := verdicts(p), "good good good good"; got != want {
		t.Errorf("%s, want %s\n%s", got, want, dump(p))
	}
}

// What stands behind the inner datagram belongs to the outer checksum, also
// where it begins at an odd offset.
func TestVerdictOfPadding(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	ip := func(proto layers.IPProtocol, src, dst string) *layers.IPv4 {
		return &layers.IPv4{Version: 4, TTL: 64, Protocol: proto, SrcIP: net.ParseIP(src).To4(), DstIP: net.ParseIP(dst).To4()}
	}
	eth := &layers.Ethernet{SrcMAC: mac, DstMAC: mac, EthernetType: layers.EthernetTypeIPv4}
	d, p := NewDecoder(Options{}), new(Packet)
	for payload := range 4 {
		for padding := range 4 {
			inner := ip(layers.IPProtocolUDP, "10.244.1.7", "10.244.2.9")
			udp := &layers.UDP{SrcPort: 5000, DstPort: 5001}
			udp.SetNetworkLayerForChecksum(inner)
			datagram := serialize(t, inner, udp, gopacket.Payload("\xca\xfe\xba\xbe"[:payload]))
			outer := ip(layers.IPProtocolUDP, "10.0.0.1", "10.0.0.2")
			tunnel := &layers.UDP{SrcPort: 40000, DstPort: 8472}
			tunnel.SetNetworkLayerForChecksum(outer)
			frame := serialize(t, eth, outer, tunnel, &layers.VXLAN{ValidIDFlag: true, VNI: 1},
				eth, gopacket.Payload(datagram), gopacket.Payload("\xde\xad\xbe\xef"[:padding]))
			for _, want := range []string{"good good good good", "good bad good good"} {
				d.Decode(&capture.Frame{Link: capture.LinkEthernet, Len: len(frame), Data: frame}, p)
				if got := verdicts(p); got != want {
					t.Errorf("payload %d, padding %d: %s, want %s", payload, padding, got, want)
				}
				spoil(frame, 40)
			}
		}
	}
}
