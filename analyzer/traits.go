package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// Traits are what decides which detectors look at a packet: those of its
// innermost level where nothing else is said.
type Traits uint16

// The traits.
const (
	TraitARP       Traits = 1 << iota // ARP
	TraitICMPError                    // an ICMP or ICMPv6 error, which belongs to no flow
	TraitTunnel                       // levels around the innermost one
	TraitFault                        // a wrong checksum at any level

	// Of packets of flows only; only for them there is an Event.
	TraitFlow  // of a flow
	TraitUDP   // UDP
	TraitDNS   // UDP from or to the port of DNS
	TraitTCP   // TCP
	TraitSYN   // TCP SYN, with ACK or without
	TraitRST   // TCP RST
	TraitNew   // the first packet of the flow
	TraitReply // the first packet back
	TraitNoted // another note of the flow table

	numTraits = iota // that detectors can ask to be called for

	TraitData Traits = 1 << iota // TCP with more payload than a keep-alive; for Seen only
)

// Has reports whether t has one of the traits u.
func (t Traits) Has(u Traits) bool { return t&u != 0 }

// traitsOf returns the traits of ev, whose Flow may be nil.
func traitsOf(ev *Event) Traits {
	var t Traits
	levels := ev.Packet.Levels()
	for i := range levels {
		if levels[i].IPSum.Verdict.Fault() || levels[i].L4Sum.Verdict.Fault() {
			t |= TraitFault
		}
	}
	if len(levels) > 1 {
		t |= TraitTunnel
	}
	switch {
	case len(levels) == 0:
	case ev.Flow != nil:
		t |= traitsInFlow(ev, &levels[len(levels)-1])
	case levels[len(levels)-1].Network == decoders.ARP:
		t |= TraitARP
	case levels[len(levels)-1].ICMPError():
		t |= TraitICMPError
	}
	return t
}

// traitsInFlow returns those that packets of flows have, of ev with innermost
// level lv.
func traitsInFlow(ev *Event, lv *decoders.Level) Traits {
	t := TraitFlow
	switch lv.Proto {
	case decoders.ProtoTCP:
		t |= TraitTCP
		if lv.TCP.Flags.Has(decoders.SYN) {
			t |= TraitSYN
		}
		if lv.TCP.Flags.Has(decoders.RST) {
			t |= TraitRST
		}
		if lv.PayloadLen > 1 {
			t |= TraitData
		}
	case decoders.ProtoUDP:
		t |= TraitUDP
		if lv.SrcPort == dns.Port || lv.DstPort == dns.Port {
			t |= TraitDNS
		}
	}
	if ev.Dir == flow.ToClient && ev.Flow.Packets[flow.ToClient] == 1 && !ev.Notes.Has(flow.Duplicate) {
		t |= TraitReply
	}
	if ev.Notes.Has(flow.NewFlow) {
		t |= TraitNew
	}
	if ev.Notes&^flow.NewFlow != 0 {
		t |= TraitNoted
	}
	return t
}
