package decoders

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// errOracle is returned where gopacket does not decode, or not to the end.
var errOracle = errors.New("gopacket gives up")

// An oracle decodes frames with gopacket's layers, called one by one.
type oracle struct {
	views []view
	v     view // being filled
}

// decode returns the levels of the frame. An error says that there may be
// more than those returned.
func (o *oracle) decode(f *capture.Frame) ([]view, error) {
	o.views, o.v = nil, view{}
	var err error
	switch {
	case f.Link == capture.LinkEthernet:
		err = o.ethernet(f.Data)
	case len(f.Data) > 0 && f.Data[0]>>4 == 6:
		err = o.ipv6(f.Data)
	default:
		err = o.ipv4(f.Data)
	}
	return o.views, err
}

// done ends the level being filled.
func (o *oracle) done() {
	o.views = append(o.views, o.v)
	o.v = view{}
}

func (o *oracle) ethernet(data []byte) error {
	var eth layers.Ethernet
	if err := eth.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	o.v.SrcMAC, o.v.DstMAC = [6]byte(eth.SrcMAC), [6]byte(eth.DstMAC)
	kind, data := eth.EthernetType, eth.Payload
	for kind == layers.EthernetTypeDot1Q || kind == layers.EthernetTypeQinQ || kind == etherTypeQinQ1 {
		var tag layers.Dot1Q
		if err := tag.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
			return err
		}
		o.v.VLAN = tag.VLANIdentifier
		kind, data = tag.Type, tag.Payload
	}
	switch kind {
	case layers.EthernetTypeIPv4:
		return o.ipv4(data)
	case layers.EthernetTypeIPv6:
		return o.ipv6(data)
	case layers.EthernetTypeARP:
		return o.arp(data)
	case etherTypeMPLS, etherTypeMPLSMulticast, etherTypePPPoE:
		return errOracle
	}
	if kind <= maxLength {
		return errOracle // LLC
	}
	return nil
}

func (o *oracle) arp(data []byte) error {
	if len(data) < 28 || data[4] != 6 || data[5] != 4 {
		return nil // or it would panic
	}
	var arp layers.ARP
	if err := arp.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	if arp.Protocol != layers.EthernetTypeIPv4 {
		return nil
	}
	o.v.Src, o.v.Dst = netip.AddrFrom4([4]byte(arp.SourceProtAddress)), netip.AddrFrom4([4]byte(arp.DstProtAddress))
	o.v.ARPOp, o.v.ARPSender, o.v.ARPTarget = arp.Operation, [6]byte(arp.SourceHwAddress), [6]byte(arp.DstHwAddress)
	o.done()
	return nil
}

func (o *oracle) ipv4(data []byte) error {
	var ip layers.IPv4
	if err := ip.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	if ip.Version != 4 {
		return errOracle
	}
	v := &o.v
	v.Src, v.Dst = netip.AddrFrom4([4]byte(ip.SrcIP)), netip.AddrFrom4([4]byte(ip.DstIP))
	v.Proto, v.TTL, v.IPID, v.Sums[0] = Proto(ip.Protocol), ip.TTL, uint32(ip.Id), ip.Checksum
	v.FragOff, v.DF, v.MoreFrags = ip.FragOffset*8, ip.Flags&layers.IPv4DontFragment != 0, ip.Flags&layers.IPv4MoreFragments != 0
	if data[2] == 0 && data[3] == 0 {
		return o.transport(data[int(ip.IHL)*4:]) // v1.1.19 takes the length modulo 65536
	}
	return o.transport(ip.Payload)
}

func (o *oracle) ipv6(data []byte) error {
	var ip layers.IPv6
	if err := ip.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	if ip.Version != 6 || ip.Length == 0 { // v1.1.19 leaves the options of a jumbogram in its payload
		return errOracle
	}
	v := &o.v
	v.Src, v.Dst, v.TTL = netip.AddrFrom16([16]byte(ip.SrcIP)).Unmap(), netip.AddrFrom16([16]byte(ip.DstIP)).Unmap(), ip.HopLimit
	// A hop-by-hop header takes from what the header claims: v1.1.19 cuts the
	// payload to that length again behind it.
	next, data := ip.NextHeader, data[40:min(40+int(ip.Length), len(data))]
	for range maxExtensions {
		switch next {
		case layers.IPProtocolIPv6HopByHop, layers.IPProtocolIPv6Destination, layers.IPProtocolIPv6Routing, extMobility:
			var skip layers.IPv6ExtensionSkipper
			if err := skip.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
				return err
			}
			next, data = skip.NextHeader, skip.Payload
			continue
		case layers.IPProtocolIPv6Fragment:
			p := gopacket.NewPacket(data, layers.LayerTypeIPv6Fragment, gopacket.Default)
			frag, ok := p.Layer(layers.LayerTypeIPv6Fragment).(*layers.IPv6Fragment)
			if !ok {
				return errOracle
			}
			v.IPID, v.FragOff, v.MoreFrags = frag.Identification, frag.FragmentOffset*8, frag.MoreFragments
			next, data = frag.NextHeader, data[8:]
			if v.FragOff == 0 {
				continue
			}
		}
		v.Proto = Proto(next)
		return o.transport(data)
	}
	return errOracle
}

func (o *oracle) transport(data []byte) error {
	v := &o.v
	if v.FragOff > 0 {
		o.done()
		return nil
	}
	v.HasTransport = true
	switch v.Proto {
	case ProtoTCP:
		return o.tcp(data)
	case ProtoUDP:
		return o.udp(data)
	case ProtoICMP:
		var icmp layers.ICMPv4
		if err := icmp.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
			return err
		}
		v.ICMP.Type, v.ICMP.Code, v.Sums[1] = icmp.TypeCode.Type(), icmp.TypeCode.Code(), icmp.Checksum
		switch icmp.TypeCode.Type() {
		case layers.ICMPv4TypeEchoRequest, layers.ICMPv4TypeEchoReply:
			v.ICMP.ID, v.ICMP.Seq = icmp.Id, icmp.Seq
		}
		if icmp.TypeCode == layers.CreateICMPv4TypeCode(layers.ICMPv4TypeDestinationUnreachable, layers.ICMPv4CodeFragmentationNeeded) {
			v.ICMP.MTU = uint32(icmp.Seq)
		}
		v.Payload = len(icmp.Payload)
	case ProtoICMPv6:
		return o.icmp6(data)
	case ProtoIPv6, ProtoGRE, ProtoAH, ProtoSCTP, ProtoUDPLite, ProtoIGMP, ProtoMPLS, ProtoESP:
		return errOracle // not compared
	case ProtoIPIP:
		v.HasTransport = false
		if v.Src.Is6() {
			return errOracle
		}
		if v.MoreFrags {
			break
		}
		o.done()
		o.v.Encap = EncapIPIP
		return o.ipv4(data)
	default:
		v.HasTransport = false
	}
	o.done()
	return nil
}

func (o *oracle) tcp(data []byte) error {
	var tcp layers.TCP
	if err := tcp.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	v := &o.v
	v.SrcPort, v.DstPort, v.Sums[1], v.Payload = uint16(tcp.SrcPort), uint16(tcp.DstPort), tcp.Checksum, len(tcp.Payload)
	v.TCP = TCP{Seq: tcp.Seq, Ack: tcp.Ack, Window: tcp.Window, WScale: -1}
	for _, bit := range []struct {
		set  bool
		flag TCPFlags
	}{{tcp.FIN, FIN}, {tcp.SYN, SYN}, {tcp.RST, RST}, {tcp.PSH, PSH}, {tcp.ACK, ACK}, {tcp.URG, URG}, {tcp.ECE, ECE}, {tcp.CWR, CWR}} {
		if bit.set {
			v.TCP.Flags |= bit.flag
		}
	}
	for _, opt := range tcp.Options {
		switch d := opt.OptionData; {
		case opt.OptionType == layers.TCPOptionKindMSS && len(d) == 2:
			v.TCP.MSS = uint16(d[0])<<8 | uint16(d[1])
		case opt.OptionType == layers.TCPOptionKindWindowScale && len(d) == 1:
			v.TCP.WScale = int8(min(d[0], 14))
		case opt.OptionType == layers.TCPOptionKindSACKPermitted && len(d) == 0:
			v.TCP.SACKPermit = true
		case opt.OptionType == layers.TCPOptionKindTimestamps && len(d) == 8:
			v.TCP.HasTS = true
			v.TCP.TSVal = uint32(d[0])<<24 | uint32(d[1])<<16 | uint32(d[2])<<8 | uint32(d[3])
			v.TCP.TSEcr = uint32(d[4])<<24 | uint32(d[5])<<16 | uint32(d[6])<<8 | uint32(d[7])
		}
	}
	o.done()
	return nil
}

func (o *oracle) udp(data []byte) error {
	var udp layers.UDP
	if err := udp.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	v := &o.v
	v.SrcPort, v.DstPort, v.Sums[1], v.Payload = uint16(udp.SrcPort), uint16(udp.DstPort), udp.Checksum, len(udp.Payload)
	fragment := v.MoreFrags
	o.done()
	switch udp.DstPort {
	case GenevePort, vxlanGPEPort, mplsPort, 14789: // the last one is that of testdata/protocols/vxlan-port.pcap
		return errOracle
	}
	if fragment || udp.DstPort != 4789 && udp.DstPort != 8472 {
		return nil
	}
	var vxlan layers.VXLAN
	if err := vxlan.DecodeFromBytes(udp.Payload, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	if !vxlan.ValidIDFlag {
		return nil
	}
	o.v.Encap, o.v.VNI = EncapVXLAN, vxlan.VNI
	return o.ethernet(vxlan.Payload)
}

func (o *oracle) icmp6(data []byte) error {
	var icmp layers.ICMPv6
	if err := icmp.DecodeFromBytes(data, gopacket.NilDecodeFeedback); err != nil {
		return err
	}
	if len(icmp.Payload) < 4 {
		return errOracle
	}
	v := &o.v
	v.ICMP.Type, v.ICMP.Code, v.Sums[1] = icmp.TypeCode.Type(), icmp.TypeCode.Code(), icmp.Checksum
	v.Payload = len(icmp.Payload) - 4 // the second word belongs to the header of each message
	switch icmp.TypeCode.Type() {
	case layers.ICMPv6TypeEchoRequest, layers.ICMPv6TypeEchoReply:
		var echo layers.ICMPv6Echo
		if err := echo.DecodeFromBytes(icmp.Payload, gopacket.NilDecodeFeedback); err != nil {
			return err
		}
		v.ICMP.ID, v.ICMP.Seq = echo.Identifier, echo.SeqNumber
	case layers.ICMPv6TypePacketTooBig:
		v.ICMP.MTU = binary.BigEndian.Uint32(icmp.Payload)
	}
	o.done()
	return nil
}
