package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// Traits are what decides which detectors look at a packet: those of its
// innermost level where nothing else is said.
type Traits uint32

// The traits.
const (
	TraitARP       Traits = 1 << iota // ARP
	TraitICMPError                    // an ICMP or ICMPv6 error, which belongs to no flow
	TraitTunnel                       // levels around the innermost one
	TraitFault                        // a wrong checksum at any level

	// Of packets of flows only; only for them there is an Event.
	TraitFlow       // of a flow
	TraitUDP        // UDP
	TraitDNS        // UDP from or to the port of DNS
	TraitTCP        // TCP
	TraitSYN        // TCP SYN, with ACK or without
	TraitRST        // TCP RST
	TraitZeroWindow // TCP ACK, and no SYN or RST, of a side that takes nothing now
	TraitData       // TCP with more payload than a keep-alive
	TraitNew        // the first packet of the flow
	TraitReply      // the first packet back
	TraitUnanswered // of the client, with no packet back so far
	TraitNoted      // a note of the flow table beside those of first packets and first answers
	TraitWatched    // of a flow that a detector asked to be told of: see Pass.Watch

	numTraits = iota

	TraitStray Traits = 1 << iota // of no flow; what TraitFlow is not
)

// Has reports whether t has one of the traits u.
func (t Traits) Has(u Traits) bool { return t&u != 0 }

// traitsOf returns the traits of ev, whose Flow may be nil.
func traitsOf(ev *Event) Traits {
	var t Traits
	if ev.Packet.Faulty() {
		t |= TraitFault
	}
	levels := ev.Packet.Levels()
	if len(levels) > 1 {
		t |= TraitTunnel
	}
	if ev.Flow != nil {
		return t | traitsInFlow(ev, &levels[len(levels)-1])
	}
	switch {
	case len(levels) == 0:
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
		switch flags := lv.TCP.Flags; {
		case flags&(decoders.SYN|decoders.RST) != 0:
			if flags.Has(decoders.SYN) {
				t |= TraitSYN
			}
			if flags.Has(decoders.RST) {
				t |= TraitRST
			}
		case lv.TCP.Window == 0 && flags.Has(decoders.ACK):
			t |= TraitZeroWindow
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
	switch back := ev.Flow.Packets[flow.ToClient]; {
	case ev.Dir == flow.ToServer && back == 0:
		t |= TraitUnanswered
	case ev.Dir == flow.ToClient && back == 1 && !ev.Notes.Has(flow.Duplicate):
		t |= TraitReply
	}
	if ev.Notes.Has(flow.NewFlow) {
		t |= TraitNew
	}
	if ev.Notes&^(flow.NewFlow|flow.FirstAnswer) != 0 {
		t |= TraitNoted
	}
	if ev.Flow.Watched {
		t |= TraitWatched
	}
	return t
}
