package packetscript

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// firstLayers are gopacket's names of the link types it can decode.
var firstLayers = map[capture.LinkType]gopacket.LayerType{
	capture.LinkEthernet: layers.LayerTypeEthernet, capture.LinkSLL: layers.LayerTypeLinuxSLL,
	capture.LinkNull: layers.LayerTypeLoopback, capture.LinkLoop: layers.LayerTypeLoopback,
}

// describe says in one line what gopacket decodes from a frame, levels
// separated by bars, checksums verified here.
func describe(t *testing.T, f capture.Frame) string {
	t.Helper()
	first, data := firstLayers[f.Link], f.Data
	switch f.Link {
	case capture.LinkRaw:
		first = layers.LayerTypeIPv4
		if data[0]>>4 == 6 {
			first = layers.LayerTypeIPv6
		}
	case capture.LinkSLL2: // not known to gopacket v1.1.19
		head := fmt.Sprintf("sll2 if %d type %d ", binary.BigEndian.Uint32(data[4:]), data[10])
		return head + strings.Join(describeFrom(layers.LayerTypeIPv4, data[20:]), " ")
	}
	return strings.Join(describeFrom(first, data), " ")
}

func describeFrom(first gopacket.LayerType, data []byte) (words []string) {
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	pkt := gopacket.NewPacket(data, first, gopacket.DecodeStreamsAsDatagrams)
	var ip gopacket.Layer
	for _, layer := range pkt.Layers() {
		switch l := layer.(type) {
		case *layers.Ethernet:
			add("eth %s>%s", l.SrcMAC, l.DstMAC)
		case *layers.LinuxSLL:
			add("sll type %d from %s", l.PacketType, l.Addr)
		case *layers.Loopback:
			add("family %d", l.Family)
		case *layers.Dot1Q:
			add("vlan %d", l.VLANIdentifier)
		case *layers.ARP:
			add("arp op %d %v=%v > %v=%v", l.Operation, l.SourceProtAddress, l.SourceHwAddress, l.DstProtAddress, l.DstHwAddress)
		case *layers.IPv4:
			ip = l
			add("| %s>%s id %d ttl %d", l.SrcIP, l.DstIP, l.Id, l.TTL)
			if l.Flags != 0 {
				add("%s", l.Flags)
			}
			add("%s", verify(0, l.Contents))
			if l.FragOffset != 0 || l.Flags&layers.IPv4MoreFragments != 0 {
				add("frag %d+%d", l.FragOffset*8, len(l.Payload))
			}
			if l.Protocol == layers.IPProtocolIPv4 {
				add("ipip")
			}
		case *layers.IPv6:
			ip = l
			add("| %s>%s hlim %d", l.SrcIP, l.DstIP, l.HopLimit)
		case *layers.IPv6Fragment:
			add("frag %d more %t id %d", l.FragmentOffset*8, l.MoreFragments, l.Identification)
		case *layers.TCP:
			add("tcp %d>%d %s seq %d ack %d win %d %s", l.SrcPort, l.DstPort, flagsOf(l), l.Seq, l.Ack, l.Window, verifyL4(ip, 6, layer))
			for _, o := range l.Options {
				add("%s:%x", o.OptionType, o.OptionData)
			}
			add("%d bytes", len(l.Payload))
		case *layers.UDP:
			sum := verifyL4(ip, 17, layer)
			if l.Checksum == 0 {
				sum = "absent"
			}
			add("udp %d>%d length %d %s", l.SrcPort, l.DstPort, l.Length, sum)
			if l.DstPort == vxlanPort { // gopacket knows 4789 only
				return append(words, describeFrom(layers.LayerTypeVXLAN, l.Payload)...)
			}
		case *layers.VXLAN:
			add("vxlan %d %t |", l.VNI, l.ValidIDFlag)
		case *layers.ICMPv4:
			add("icmp %d/%d id %d seq %d %s", l.TypeCode.Type(), l.TypeCode.Code(), l.Id, l.Seq, verify(0, append(l.Contents, l.Payload...)))
		case *layers.ICMPv6:
			add("icmp6 %d/%d %s", l.TypeCode.Type(), l.TypeCode.Code(), verifyL4(ip, 58, layer))
		case *layers.ICMPv6Echo:
			add("id %d seq %d", l.Identifier, l.SeqNumber)
		case *layers.ICMPv6NeighborSolicitation:
			add("solicit %s", l.TargetAddress)
		case *layers.ICMPv6NeighborAdvertisement:
			add("advert %s", l.TargetAddress)
		case *layers.DNS:
			add("dns %d qr %t code %d tc %t %s %s", l.ID, l.QR, l.ResponseCode, l.TC, l.Questions[0].Type, l.Questions[0].Name)
			for _, a := range l.Answers {
				add("%s %s", a.Type, a.IP)
			}
		case *gopacket.Payload:
			add("%q", shorten(l.LayerContents()))
		case *gopacket.DecodeFailure:
			add("undecoded %v", l.Error())
		}
	}
	return words
}

func flagsOf(l *layers.TCP) (s string) {
	for i, set := range []bool{l.SYN, l.FIN, l.RST, l.PSH, l.ACK, l.URG, l.ECE, l.CWR} {
		if set {
			s += flagLetters[i : i+1]
		}
	}
	return s
}

func shorten(b []byte) []byte { return b[:min(len(b), 8)] }

// verify sums b byte pair by byte pair, from start.
func verify(start uint32, b []byte) string {
	for i, c := range b {
		start += uint32(c) << (8 * (1 - i&1))
	}
	for start > 0xffff {
		start = start>>16 + start&0xffff
	}
	if start == 0xffff {
		return "ok"
	}
	return "bad"
}

// verifyL4 verifies the checksum of a transport layer and tells the folded
// pseudo-header sum from other wrong values.
func verifyL4(ip gopacket.Layer, proto uint32, l gopacket.Layer) string {
	var addrs []byte
	switch ip := ip.(type) {
	case *layers.IPv4:
		addrs = append(bytes.Clone(ip.SrcIP), ip.DstIP...)
	case *layers.IPv6:
		addrs = append(bytes.Clone(ip.SrcIP), ip.DstIP...)
	}
	b := append(bytes.Clone(l.LayerContents()), l.LayerPayload()...)
	pseudo := proto + uint32(len(b))
	for i, c := range addrs {
		pseudo += uint32(c) << (8 * (1 - i&1))
	}
	at := map[uint32]int{6: 16, 17: 6, 58: 2}[proto]
	if len(b) < at+2 {
		return "cut"
	}
	if field := binary.BigEndian.Uint16(b[at:]); verify(pseudo, []byte{^b[at], ^b[at+1]}) == "ok" && field != 0xffff {
		return "partial"
	}
	return verify(pseudo, b)
}
