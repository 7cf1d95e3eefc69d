package decoders

// join gives the fragment that begins at w.off to the reassembler; next is the
// protocol that it names. Where the datagram is complete with it, the walk goes
// on in the whole of it: join returns true and the protocol that the first
// fragment named. All else leaves the walk where it is, for what the first
// fragment alone tells.
func (w *walk) join(next uint8) (uint8, bool) {
	lv, sp := w.lv, w.sp
	if w.quoting || lv.Held || lv.Reassembled {
		return next, false
	}
	key := datagramKey{
		src: lv.Src, dst: lv.Dst, id: lv.IPID, vni: lv.VNI,
		point: w.p.Point, encap: lv.Encap, network: lv.Network,
	}
	if lv.Network == IPv4 {
		key.proto = lv.Proto
	}
	f := fragment{
		frame: w.p.Number, time: w.p.Time, offset: int(lv.FragOff), more: lv.MoreFrags, next: next,
	}
	r := &w.d.fragments
	if w.end > len(w.data) || sp.wire&(wireCut|wireNoLength) != 0 {
		r.spoil(&key, f)
		return next, false
	}
	f.payload = w.data[w.off:w.end]
	whole, first, j := r.add(&key, f, w.p.n-1)
	lv.Held = j != joinSpoiled && j != joinCompletes
	switch j {
	case joinRefused:
		w.p.Problems |= ProblemFragments
	case joinCompletes:
		lv.Reassembled = true
		sp.data, w.data, w.off, w.end = whole, whole, 0, len(whole)
		return first, true
	}
	return next, false
}
