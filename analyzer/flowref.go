package analyzer

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// ref names a flow in a finding.
func (r *run) ref(n flow.Name) finding.FlowRef {
	client, clientPort := n.Client()
	server, serverPort := n.Server()
	ref := finding.FlowRef{
		Client:   finding.Endpoint(client, clientPort, n.Key.Proto),
		Server:   finding.Endpoint(server, serverPort, n.Key.Proto),
		Protocol: n.Key.Proto.String(),
		Encap:    n.Key.Encap.String(),
		VNI:      n.Key.VNI,
		Point:    r.firstPoint + int(n.Key.Point),
	}
	ref.CommunityID = finding.CommunityID(client, server, n.Key.Proto, clientPort, serverPort)
	if n.Key.Encap != decoders.EncapNone {
		if outer := r.flows.OuterOf(&n); outer != [2]decoders.Addr{} {
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
