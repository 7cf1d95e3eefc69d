package packetscript

import (
	"net"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// An arp is an ARP packet for IPv4 over Ethernet (RFC 826). It takes the place
// of the network header.
type arp struct {
	reply                bool
	senderMAC, targetMAC net.HardwareAddr
	sender, target       netip.Addr
	to                   net.HardwareAddr // receiver of the frame; nil means broadcast
}

var (
	broadcast = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	noMAC     = make(net.HardwareAddr, 6)
	noAddr    = netip.IPv4Unspecified()
)

func (a *arp) clone() body                    { c := *a; return &c }
func (a *arp) proto(*level) layers.IPProtocol { return 0 }
func (a *arp) sumAt() int                     { return -1 }
func (a *arp) options() string                { return "" }

// option refuses what only an IP header has.
func (a *arp) option(w *words) (bool, error) {
	switch w.peek(0) {
	case "", "vlan", "smac", "dmac":
		return false, nil
	}
	return false, w.expected("vlan, smac, dmac, snap, pad: ARP has no IP header")
}

// layers is not used: packet writes the whole.
func (a *arp) layers(l *level, _ []byte) ([]gopacket.SerializableLayer, error) {
	op := uint16(layers.ARPRequest)
	if a.reply {
		op = layers.ARPReply
	}
	return []gopacket.SerializableLayer{&layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, Operation: op,
		SourceHwAddress: a.senderMAC, SourceProtAddress: a.sender.AsSlice(),
		DstHwAddress: a.targetMAC, DstProtAddress: a.target.AsSlice(),
	}}, nil
}

// packet returns the bytes of a.
func (a *arp) packet(l *level) ([]byte, error) {
	list, err := a.layers(l, nil)
	if err != nil {
		return nil, err
	}
	return serialize(list...)
}

// frameTo returns the MAC address the frame goes to.
func (a *arp) frameTo() net.HardwareAddr {
	if a.to == nil {
		return broadcast
	}
	return a.to
}

// arp takes what follows the word arp:
//
//	who-has TARGET tell SENDER [MAC]
//	ADDRESS is-at MAC to RECEIVER [MAC]
//	gratuitous ADDRESS [MAC]
//	probe ADDRESS [MAC]
//
// A MAC address that is left out is that of the address in front of it.
func (p *parser) arp(w *words) (a *arp, err error) {
	a = &arp{targetMAC: noMAC}
	switch {
	case w.accept("who-has"):
		if a.target, err = w.addr4(); err != nil {
			return nil, err
		}
		if !w.accept("tell") {
			return nil, w.expected("tell and the sender's address")
		}
		a.sender, a.senderMAC, err = p.station(w)
	case w.accept("gratuitous"): // request for the own address (RFC 5944 section 4.6)
		a.sender, a.senderMAC, err = p.station(w)
		a.target = a.sender
	case w.accept("probe"): // RFC 5227 section 2.1.1
		a.target, a.senderMAC, err = p.station(w)
		a.sender = noAddr
	default:
		err = p.isAt(w, a)
	}
	return a, err
}

// isAt takes ADDRESS is-at MAC to RECEIVER [MAC].
func (p *parser) isAt(w *words, a *arp) (err error) {
	if addr, err := netip.ParseAddr(w.peek(0)); err != nil || !addr.Is4() {
		return w.expected("who-has, gratuitous, probe or an IPv4 address and is-at")
	}
	if a.sender, err = w.addr4(); err != nil {
		return err
	}
	if !w.accept("is-at") {
		return w.expected("is-at and a MAC address")
	}
	if a.senderMAC, err = w.mac("a MAC address"); err != nil {
		return err
	}
	if !w.accept("to") {
		return w.expected("to and the address of the receiver")
	}
	a.reply = true
	a.target, a.targetMAC, err = p.station(w)
	a.to = a.targetMAC
	return err
}

// addr4 takes an IPv4 address.
func (w *words) addr4() (netip.Addr, error) {
	at := *w
	a, err := w.addr("an IPv4 address")
	if err == nil && !a.Is4() {
		err = at.expected("an IPv4 address")
	}
	return a, err
}

// station takes an IPv4 address and its MAC address, where it is written.
func (p *parser) station(w *words) (netip.Addr, net.HardwareAddr, error) {
	a, err := w.addr4()
	if err != nil {
		return a, nil, err
	}
	if m, err := net.ParseMAC(w.peek(0)); err == nil && len(m) == 6 {
		w.pos++
		return a, m, nil
	}
	return a, p.macOf(a), nil
}
