package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// flowRef names f in a finding.
func (r *run) flowRef(f *flow.Flow) finding.FlowRef {
	client, clientPort := f.Client()
	server, serverPort := f.Server()
	ref := finding.FlowRef{
		Client:   finding.Endpoint(client, clientPort, f.Key.Proto),
		Server:   finding.Endpoint(server, serverPort, f.Key.Proto),
		Protocol: f.Key.Proto.String(),
		Encap:    f.Key.Encap.String(),
		VNI:      f.Key.VNI,
		Point:    r.firstPoint + int(f.Key.Point),
	}
	ref.CommunityID = finding.CommunityID(client, server, f.Key.Proto, clientPort, serverPort)
	if f.Key.Encap != decoders.EncapNone {
		if outer := r.flows.Outer(f); outer != [2]decoders.Addr{} {
			ref.OuterClient, ref.OuterServer = outer[flow.ToServer].String(), outer[flow.ToClient].String()
		}
	}
	return ref
}

// packetRef names the innermost level of p in a finding.
func (r *run) packetRef(p *decoders.Packet) finding.FlowRef {
	lv := p.Inner()
	ref := finding.FlowRef{
		Client:   finding.Endpoint(lv.Src, lv.SrcPort, lv.Proto),
		Server:   finding.Endpoint(lv.Dst, lv.DstPort, lv.Proto),
		Protocol: lv.Proto.String(),
		Encap:    lv.Encap.String(),
		VNI:      lv.VNI,
		Point:    r.firstPoint + p.Point,
	}
	ref.CommunityID = finding.CommunityID(lv.Src, lv.Dst, lv.Proto, lv.SrcPort, lv.DstPort)
	if o := p.Outer(); o != nil {
		ref.OuterClient, ref.OuterServer = o.Src.String(), o.Dst.String()
	}
	return ref
}
