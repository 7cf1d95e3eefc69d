package decoders

import (
	"bytes"
	"net"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"pgregory.net/rapid"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A built is a frame of known structure. gopacket writes it, so that it owes
// nothing to the code under test.
type built struct {
	t      *rapid.T
	layers []gopacket.SerializableLayer
	size   int // of the headers so far
	want   []builtLevel
}

// A builtLevel is what a level was built as.
type builtLevel struct {
	encap      Encap
	vni        uint32
	src, dst   netip.Addr
	ttl        uint8
	proto      Proto
	sport      uint16
	dport      uint16
	payload    []byte // of the innermost one
	ipAt, l4At int    // offsets of the headers; l4At is 0 where no checksum is behind the network header
}

// build draws a frame: up to three tunnels, and in them TCP, UDP or an echo.
func build(t *rapid.T) *built {
	b := &built{t: t}
	next := b.family("family")
	b.ethernet(next)
	encap, vni := EncapNone, uint32(0)
	for range rapid.IntRange(0, MaxLevels-1).Draw(t, "tunnels") {
		inner := b.family("inner family")
		encap, vni = b.tunnel(encap, vni, next, inner)
		next = inner
	}
	b.innermost(encap, vni, next)
	return b
}

// family draws IPv4 or IPv6.
func (b *built) family(name string) layers.EthernetType {
	return rapid.SampledFrom([]layers.EthernetType{layers.EthernetTypeIPv4, layers.EthernetTypeIPv6}).Draw(b.t, name)
}

func (b *built) add(size int, list ...gopacket.SerializableLayer) {
	b.size += size
	b.layers = append(b.layers, list...)
}

// ethernet adds a link header in front of a network header.
func (b *built) ethernet(next layers.EthernetType) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	if len(b.want) == 0 && rapid.Bool().Draw(b.t, "VLAN") {
		b.add(18, &layers.Ethernet{SrcMAC: mac, DstMAC: mac, EthernetType: layers.EthernetTypeDot1Q}, &layers.Dot1Q{VLANIdentifier: 7, Type: next})
		return
	}
	b.add(14, &layers.Ethernet{SrcMAC: mac, DstMAC: mac, EthernetType: next})
}

// network adds a network header and returns the level that it begins.
func (b *built) network(encap Encap, vni uint32, family layers.EthernetType, proto Proto) (*builtLevel, gopacket.NetworkLayer) {
	lv := builtLevel{encap: encap, vni: vni, ttl: rapid.Uint8().Draw(b.t, "TTL"), proto: proto, ipAt: b.size}
	n := 4
	if family == layers.EthernetTypeIPv6 {
		n = 16
	}
	addr := rapid.SliceOfN(rapid.Byte(), n, n)
	src, dst := addr.Draw(b.t, "source"), addr.Draw(b.t, "destination")
	lv.src, _ = netip.AddrFromSlice(src)
	lv.dst, _ = netip.AddrFromSlice(dst)
	b.want = append(b.want, lv)
	if n == 16 {
		ip := &layers.IPv6{Version: 6, HopLimit: lv.ttl, NextHeader: layers.IPProtocol(proto), SrcIP: src, DstIP: dst}
		b.add(40, ip)
		return &b.want[len(b.want)-1], ip
	}
	ip := &layers.IPv4{Version: 4, TTL: lv.ttl, Protocol: layers.IPProtocol(proto), SrcIP: src, DstIP: dst, Id: rapid.Uint16().Draw(b.t, "ID")}
	b.add(20, ip)
	return &b.want[len(b.want)-1], ip
}

// port draws a port that no tunnel has.
func (b *built) port(name string) uint16 { return uint16(rapid.IntRange(10000, 30000).Draw(b.t, name)) }

// tunnel adds a level that carries another one, and returns what that is found
// in.
func (b *built) tunnel(encap Encap, vni uint32, family, inner layers.EthernetType) (Encap, uint32) {
	six, innerSix := family == layers.EthernetTypeIPv6, inner == layers.EthernetTypeIPv6
	switch rapid.SampledFrom([]Encap{EncapVXLAN, EncapGRE, EncapIPIP}).Draw(b.t, "tunnel") {
	case EncapVXLAN:
		lv, ip := b.network(encap, vni, family, ProtoUDP)
		lv.sport, lv.dport, lv.l4At = b.port("outer port"), 4789, b.size
		udp := &layers.UDP{SrcPort: layers.UDPPort(lv.sport), DstPort: 4789}
		udp.SetNetworkLayerForChecksum(ip)
		vni = uint32(rapid.IntRange(0, 1<<24-1).Draw(b.t, "VNI"))
		b.add(16, udp, &layers.VXLAN{ValidIDFlag: true, VNI: vni})
		b.ethernet(inner)
		return EncapVXLAN, vni
	case EncapGRE:
		b.network(encap, vni, family, ProtoGRE)
		b.add(4, &layers.GRE{Protocol: inner})
		return EncapGRE, 0
	}
	proto := ProtoIPIP
	if innerSix {
		proto = ProtoIPv6
	}
	b.network(encap, vni, family, proto)
	return map[[2]bool]Encap{{false, false}: EncapIPIP, {false, true}: EncapSIT, {true, false}: EncapIP4IP6, {true, true}: EncapIP6IP6}[[2]bool{six, innerSix}], 0
}

// innermost adds the last level.
func (b *built) innermost(encap Encap, vni uint32, family layers.EthernetType) {
	proto := rapid.SampledFrom([]Proto{ProtoTCP, ProtoUDP}).Draw(b.t, "protocol")
	lv, ip := b.network(encap, vni, family, proto)
	lv.sport, lv.dport, lv.l4At = b.port("source port"), b.port("destination port"), b.size
	lv.payload = rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(b.t, "payload")
	if proto == ProtoTCP {
		tcp := &layers.TCP{
			SrcPort: layers.TCPPort(lv.sport), DstPort: layers.TCPPort(lv.dport), Seq: rapid.Uint32().Draw(b.t, "seq"),
			Ack: rapid.Uint32().Draw(b.t, "ack"), ACK: true, Window: rapid.Uint16().Draw(b.t, "window"),
		}
		tcp.SetNetworkLayerForChecksum(ip)
		b.add(20, tcp)
	} else {
		udp := &layers.UDP{SrcPort: layers.UDPPort(lv.sport), DstPort: layers.UDPPort(lv.dport)}
		udp.SetNetworkLayerForChecksum(ip)
		b.add(8, udp)
	}
	b.add(0, gopacket.Payload(lv.payload))
}

// frame writes the frame.
func (b *built) frame() *capture.Frame {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, b.layers...); err != nil {
		b.t.Fatal(err)
	}
	data := bytes.Clone(buf.Bytes())
	return &capture.Frame{Number: 1, Link: capture.LinkEthernet, Len: len(data), Data: data}
}

// TestBuiltDecodes decodes what was built: the same structure, and every
// checksum good.
func TestBuiltDecodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := build(t)
		var p Packet
		NewDecoder(Options{}).Decode(b.frame(), &p)
		if p.Problems != 0 || len(p.Levels()) != len(b.want) {
			t.Fatalf("%d levels of %d, problems %v\n%s", len(p.Levels()), len(b.want), p.Problems, dump(&p))
		}
		for i, want := range b.want {
			lv := &p.Levels()[i]
			got := builtLevel{encap: lv.Encap, vni: lv.VNI, src: lv.Src.Netip(), dst: lv.Dst.Netip(), ttl: lv.TTL, proto: lv.Proto, sport: lv.SrcPort, dport: lv.DstPort}
			if got.encap != want.encap || got.vni != want.vni || got.src != want.src || got.dst != want.dst || got.ttl != want.ttl ||
				got.proto != want.proto || got.sport != want.sport || got.dport != want.dport {
				t.Fatalf("level %d is %+v, built as %+v", i, got, want)
			}
			if lv.IPSum.Verdict != checksum.Good && want.src.Is4() || want.l4At > 0 && !good(lv) {
				t.Fatalf("level %d: verdicts %v and %v of right checksums", i, lv.IPSum.Verdict, lv.L4Sum.Verdict)
			}
		}
		if last := p.Inner(); !bytes.Equal(last.Payload, b.want[len(b.want)-1].payload) {
			t.Fatalf("payload %x", last.Payload)
		}
	})
}

// good reports whether the checksum of a transport is right. gopacket writes 0
// for a UDP checksum that comes to 0, which means that there is none.
func good(lv *Level) bool {
	return lv.L4Sum.Verdict == checksum.Good || lv.L4Sum.Field == 0 && lv.Proto == ProtoUDP
}

// TestFlippedBitIsSeen flips one bit: each checksum that covers it is wrong, all
// others are as good as before.
func TestFlippedBitIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := build(t)
		f := b.frame()
		var p Packet
		NewDecoder(Options{}).Decode(f, &p)
		before := make([]Level, len(p.Levels()))
		copy(before, p.Levels())

		at := b.place()
		f.Data[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		NewDecoder(Options{}).Decode(f, &p)
		if len(p.Levels()) != len(before) {
			t.Fatalf("%d levels of %d\n%s", len(p.Levels()), len(before), dump(&p))
		}
		for i, want := range b.want {
			lv := &p.Levels()[i]
			if want.src.Is4() {
				covered := at >= want.ipAt && at < want.ipAt+20
				if ok := lv.IPSum.Verdict == checksum.Good; ok == covered {
					t.Fatalf("level %d, byte %d: IPv4 checksum %v", i, at, lv.IPSum.Verdict)
				}
			}
			if want.l4At == 0 || before[i].L4Sum.Field == 0 {
				continue
			}
			covered := at >= want.l4At
			if ok := lv.L4Sum.Verdict == checksum.Good; ok == covered {
				t.Fatalf("level %d, byte %d: transport checksum %v", i, at, lv.L4Sum.Verdict)
			}
		}
	})
}

// place draws a byte that changes no structure: of the payload, of a sequence
// number, or the TTL of any IPv4 header.
func (b *built) place() int {
	last := b.want[len(b.want)-1]
	places := []int{b.size + rapid.IntRange(0, len(last.payload)-1).Draw(b.t, "byte")}
	if last.proto == ProtoTCP {
		places = append(places, last.l4At+4+rapid.IntRange(0, 7).Draw(b.t, "number"))
	}
	for _, lv := range b.want {
		if lv.src.Is4() {
			places = append(places, lv.ipAt+8) // RFC 791 section 3.1: time to live
		}
	}
	return rapid.SampledFrom(places).Draw(b.t, "place")
}
