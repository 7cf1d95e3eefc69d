package flow

import "github.com/pcapdiag/pcapdiag/decoders"

// Quoted returns the flow of the packet that the ICMP error p quotes, and the
// direction of that packet; nil where p is no ICMP error, where it quotes too
// little to tell, or where no packet of the flow was seen at the same point.
// The Flow is valid as that of Track is.
//
// The quoted packet is looked for where the error came from: an error inside a
// tunnel quotes a packet of the same tunnel. One that quotes a tunnel packet
// itself, because the underlay refused it, belongs to the flow inside it.
func (t *Table) Quoted(p *decoders.Packet) (*Flow, Dir) {
	levels := p.Quoted()
	if len(levels) == 0 {
		return nil, 0
	}
	lv := levels[len(levels)-1]
	if len(levels) == 1 {
		at := p.Inner()
		lv.Encap, lv.VNI = at.Encap, at.VNI
	}
	if !lv.HasTransport {
		return nil, 0
	}
	key, fromA, ok := keyOf(p.Point, &lv)
	if !ok {
		return nil, 0
	}
	index, _, found := t.find(&key, t.hash(&key))
	if !found {
		return nil, 0
	}
	f := t.at(index)
	return f, f.dir(fromA)
}
