package flow

import (
	"math"

	"github.com/pcapdiag/pcapdiag/decoders"
)

// A Place is where a table has the flow of one packet. It is 64 bytes, one line of
// the cache.
type Place struct {
	key      Key    // zero where it belongs to none
	identity uint64 // see identity
	hash     uint32
	service  uint32 // hash of the service that the sender uses if the packet opens a flow; else 0
}

// Place returns the place of p. Packets may be placed beside the tracking of
// others: Place changes nothing and reads nothing that Track changes.
func (t *Table) Place(p *decoders.Packet) (at Place) {
	lv := p.Inner()
	if lv == nil || !lv.HasTransport || lv.Held {
		return at
	}
	k, fromA, ok := keyOf(p.Point, lv)
	if !ok {
		return at
	}
	h := t.mix(&k)
	at.key, at.hash, at.identity = k, uint32(h), identity(h, fromA, lv)
	if lv.Proto.HasPorts() && (lv.Proto != decoders.ProtoTCP || opens(lv.TCP.Flags)) {
		at.service = t.hash(serviceKey(&at.key, lv.Src, lv.Dst, lv.DstPort))
	}
	return at
}

// ok reports whether the packet belongs to a flow: all of those have a protocol.
func (at *Place) ok() bool { return at.key.Proto != 0 }

// Fetch loads what Track will read for a packet at each of the places, so that
// the caches fill for all of them at once: with a million flows, waiting for
// memory is most of the work. It returns a number that means nothing and keeps
// the loads from being left out.
func (t *Table) Fetch(places []Place) (loaded uint32) {
	places = places[:min(len(places), FetchLen)]
	for i := range places {
		at := &places[i]
		loaded += uint32(home(t.slots, at.hash)) + uint32(t.seen.set(at.identity)[0].time)
		if at.service != 0 {
			loaded += uint32(home(t.services.slots, at.service))
		}
	}
	for i := range places {
		at := &places[i]
		if n := probe(t.slots, at.hash); n != 0 {
			f := t.at(n - 1)
			loaded += f.ID + f.LastFrame
			continue
		}
		if at.service != 0 {
			if n := probe(t.services.slots, at.service); n != 0 {
				loaded += t.services.keys[n-1].VNI + t.peers[n-1].Client
			}
		}
	}
	return loaded
}

// home returns what is in the first slot for a hash.
func home(slots []uint64, hash uint32) uint64 {
	if len(slots) == 0 {
		return 0
	}
	return slots[int(hash)&(len(slots)-1)]
}

// probe returns the lower half of the first slot with a hash; 0 where there is
// none.
func probe(slots []uint64, hash uint32) uint32 {
	for s := hash; ; s++ {
		if v := home(slots, s); v == 0 || uint32(v>>32) == hash {
			return uint32(v)
		}
	}
}

// FetchLen is the number of places for which Fetch loads: as many as loads that
// a processor has under way at once, about.
const FetchLen = 16

// Track files p, whose place is at, under its flow and returns the flow, the packet's direction
// and what is special about it. The Flow belongs to the table; it is valid
// until the next call. It returns nil for a packet that belongs to no flow:
// ARP, ICMP errors, protocols without ports, and fragments, whose datagram
// counts with the one that completes it. Only where fragments cannot be put
// together, because the capture cut them, does the first one stand for all.
//
// Where the packet proves or disproves what its outer checksum seemed to be,
// Track sets the verdict in p (see outer).
func (t *Table) Track(p *decoders.Packet, at Place) (*Flow, Dir, Notes) {
	t.sweep(p.Time)
	if !at.ok() {
		return nil, 0, 0
	}
	lv, fromA := p.Inner(), sentByA(at.identity)
	var notes Notes
	var f *Flow
	if index, _, found := t.find(&at.key, at.hash); found {
		f = t.at(index)
		if p.Time < t.latest {
			*t.until(index) = 0 // was reckoned from a later time
		}
		if f.newConnection(lv, f.dir(fromA)) {
			t.reopen(f)
			notes |= NewFlow | PortReuse
		}
	} else {
		f = t.add(&at.key, at.hash, p.Time)
		notes |= NewFlow
	}
	if notes.Has(NewFlow) {
		f.First, f.FirstFrame = p.Time, uint32(p.Number)
		f.WScale = [2]int8{-1, -1}
		// A SYN-ACK comes from the server, whoever is seen first.
		f.ClientIsA = fromA != (lv.Proto == decoders.ProtoTCP && lv.TCP.Flags.Has(decoders.SYN|decoders.ACK))
	}
	dir := f.dir(fromA)
	if notes.Has(NewFlow) {
		t.join(f, dir, p.Outer())
	}
	f.Last, f.LastFrame = p.Time, uint32(p.Number)

	if t.judgeOuter(f, dir, p, at.identity) {
		notes |= SumsExplained
	}
	if t.seen.again(at.identity, p.Time) {
		return f, dir, notes | Duplicate
	}
	if f.Packets[dir] == 0 {
		f.TTL[dir] = lv.TTL
	}
	f.Packets[dir]++
	f.weighSums(dir, p, lv)
	if lv.Proto == decoders.ProtoTCP {
		notes |= t.trackTCP(f, dir, p, lv)
	} else {
		f.Bytes[dir] += uint64(lv.PayloadLen)
	}
	return f, dir, notes
}

// weighSums notes what Refuted is decided by.
func (f *Flow) weighSums(dir Dir, p *decoders.Packet, lv *decoders.Level) {
	if !p.Faulty() {
		f.sound.add(dir)
	}
	other := 1 - dir
	switch {
	case f.accepted.has(other) || f.Packets[other] == 0:
	case lv.Proto != decoders.ProtoTCP:
		f.accepted.add(other)
	case lv.TCP.Flags.Has(decoders.ACK) && f.hasNext.has(other) && lv.TCP.Ack == f.next[other]:
		f.accepted.add(other)
	}
}

// keyOf returns the key of a packet at a capture point, whose innermost level
// is lv, and whether the sender is its A end.
func keyOf(point int, lv *decoders.Level) (k Key, fromA, ok bool) {
	k = Key{Point: uint16(point), Encap: lv.Encap, VNI: lv.VNI, Proto: lv.Proto}
	src, dst := lv.SrcPort, lv.DstPort
	switch {
	case lv.Proto.HasPorts():
	case lv.ICMPEcho():
		src, dst = lv.ICMP.ID, lv.ICMP.ID
	default:
		return k, false, false
	}
	return k, k.between(lv.Src, src, lv.Dst, dst), true
}

// between sets the ends of k and reports whether the first one is its A end.
func (k *Key) between(src decoders.Addr, srcPort uint16, dst decoders.Addr, dstPort uint16) (srcIsA bool) {
	srcIsA = src.Less(dst) || src == dst && srcPort <= dstPort
	if srcIsA {
		k.A, k.APort, k.B, k.BPort = src, srcPort, dst, dstPort
	} else {
		k.A, k.APort, k.B, k.BPort = dst, dstPort, src, srcPort
	}
	return srcIsA
}

// dir returns the direction of a packet that the A end sent, or did not.
func (f *Flow) dir(fromA bool) Dir {
	if fromA == f.ClientIsA {
		return ToServer
	}
	return ToClient
}

// newConnection reports whether lv, sent in direction dir on the tuple of f,
// begins another connection: a SYN whose sequence number is not the one that
// the connection began with. A SYN of the server does too, but for its first
// one while that of the client waits for an answer: both sides open the same
// connection then (RFC 9293 section 3.5, figure 7). Where nothing of the client
// is seen, another SYN-ACK does.
func (f *Flow) newConnection(lv *decoders.Level, dir Dir) bool {
	if lv.Proto != decoders.ProtoTCP || !opens(lv.TCP.Flags&^decoders.ACK) {
		return false
	}
	if lv.TCP.Flags.Has(decoders.ACK) {
		return f.Packets[ToServer] == 0 && f.HasSYNACK() && dir == ToClient && lv.TCP.Seq != f.ISN[dir]
	}
	if f.SYNs == 0 {
		// The capture began in the middle, or the first packet seen was the
		// SYN-ACK that this SYN, reordered, asked for.
		return !f.HasSYNACK() || f.Packets[ToServer] > 0
	}
	if dir == ToClient && !f.hasNext.has(ToClient) {
		return f.Closed()
	}
	return lv.TCP.Seq != f.ISN[dir]
}

// opens reports whether flags are those of a SYN that opens a connection: a
// listener drops one with RST or FIN (Linux tcp_rcv_state_process).
func opens(flags decoders.TCPFlags) bool {
	return flags&(decoders.SYN|decoders.ACK|decoders.RST|decoders.FIN) == decoders.SYN
}

// reopen ends the connection of f and begins another on the same tuple, which
// remembers the one before.
func (t *Table) reopen(f *Flow) {
	t.end(f)
	r := t.makeRest(f)
	prev := r.prev
	if prev == 0 {
		prev = t.previous.take()
	} else {
		t.release(t.previous.get(prev))
	}
	t.attempts.put(r.more)
	t.moments.put(r.challenge)
	t.sums.put(r.sums)
	r.prev, r.more, r.challenge, r.sums = 0, 0, 0, 0
	*t.previous.get(prev) = *f
	t.Total++
	*f = Flow{Key: f.Key, ID: uint32(t.Total)}
	t.makeRest(f).prev = prev
}

// trackTCP follows handshake and sequence numbers.
func (t *Table) trackTCP(f *Flow, dir Dir, p *decoders.Packet, lv *decoders.Level) Notes {
	tcp := &lv.TCP
	if tcp.HasTS {
		f.TSVal[dir], f.HasTS[dir] = tcp.TSVal, true
	}
	now := Moment{uint32(p.Number), p.Time}
	if tcp.Flags.Has(decoders.RST) && !f.WasReset() {
		t.makeRest(f).reset, f.ResetBy = now, dir
	}
	if tcp.Flags.Has(decoders.FIN) && !f.HasFIN() {
		t.makeRest(f).fin, f.FinBy = now, dir
	}
	f.Flags[dir] |= tcp.Flags
	if opens(tcp.Flags &^ decoders.ACK) {
		return t.trackSYN(f, dir, p, lv)
	}
	if dir == ToClient && f.SYNs > 0 && !f.HasSYNACK() && f.challenges(tcp) && !t.Challenge(f).Seen() {
		t.makeRest(f).challenge = t.remember(now)
	}
	if tcp.Flags.Has(decoders.RST) {
		return 0 // it takes its number from the segment it answers, perhaps of an older connection
	}
	return f.trackData(dir, lv)
}

// firstWindow is the number of bytes that a client may send before it hears of
// the server again: the window of a SYN-ACK is not scaled (RFC 7323 section 2.2).
const firstWindow = 1<<16 - 1

// challenges reports whether a segment of the server, with no SYN-ACK before it,
// is an ACK of another connection (RFC 5961 section 4, RFC 9293 section
// 3.10.7.4). One that acknowledges what the client sent, or may have sent, is the
// answer to a request whose SYN-ACK the capture lost; so is all that follows a
// client's ACK.
func (f *Flow) challenges(tcp *decoders.TCP) bool {
	return tcp.Flags.Has(decoders.ACK) && !tcp.Flags.Has(decoders.RST) &&
		!f.Flags[ToServer].Has(decoders.ACK) && tcp.Ack-f.ISN[ToServer]-1 > firstWindow
}

// trackSYN follows the SYNs of the client and the SYN-ACKs of the server.
func (t *Table) trackSYN(f *Flow, dir Dir, p *decoders.Packet, lv *decoders.Level) Notes {
	tcp := &lv.TCP
	var notes Notes
	switch {
	case tcp.Flags.Has(decoders.ACK):
		switch {
		case f.SYNACKs == 0:
			notes = FirstAnswer
			f.Answer = Moment{uint32(p.Number), p.Time}
		case tcp.Seq == f.ISN[dir]:
			notes = SYNACKRetransmission
		}
		f.SYNACKs = max(f.SYNACKs, f.SYNACKs+1) // stays at the most it can hold
	case dir == ToServer:
		if f.SYNs > 0 {
			notes = SYNRetransmission
		}
		t.addAttempt(f, p, lv)
	}
	if f.ISN[dir] != tcp.Seq {
		f.hasNext.remove(dir) // what came before, a challenge ACK, was of an older connection
	}
	f.ISN[dir] = tcp.Seq
	f.MSS[dir], f.WScale[dir] = tcp.MSS, tcp.WScale
	f.advance(dir, tcp.Seq+1+uint32(lv.PayloadLen))
	return notes
}

// addAttempt remembers one more SYN of the client.
func (t *Table) addAttempt(f *Flow, p *decoders.Packet, lv *decoders.Level) {
	now := Moment{uint32(p.Number), p.Time}
	a := synSums{Inner: lv.L4Sum.Verdict}
	if u := p.Tunnel(); u != nil {
		a.OuterPort, a.OuterSum, a.Outer = u.SrcPort, u.L4Sum.Field, u.L4Sum.Verdict
		a.SolvedFor = solve(u)
	}
	if f.SYNs < ^uint16(0) {
		f.SYNs++
	}
	n := int(f.SYNs)
	if n == 1 {
		if f.syn = a; now.Frame != f.FirstFrame {
			t.makeRest(f).syn = t.remember(now)
		}
		return
	}
	if n > MaxAttempts {
		return
	}
	r := t.makeRest(f)
	if r.more == 0 {
		r.more = t.attempts.take()
	}
	t.attempts.get(r.more)[n-2] = Attempt{now.Time, now.Frame, a}
}

// trackData tells new data from data sent again.
func (f *Flow) trackData(dir Dir, lv *decoders.Level) Notes {
	length := uint32(lv.PayloadLen)
	end := lv.TCP.Seq + length
	if lv.TCP.Flags.Has(decoders.FIN) {
		end++
	}
	if !f.hasNext.has(dir) || int32(end-f.next[dir]) > 0 {
		f.Bytes[dir] += uint64(length)
		f.advance(dir, end)
		return f.measure(dir, lv)
	}
	// A keep-alive probe repeats the last byte sent, or sends none (RFC 9293
	// section 3.8.4): not a retransmission.
	if length == 0 || length == 1 && lv.TCP.Seq == f.next[dir]-1 {
		return 0
	}
	f.Resent++
	return Retransmission
}

// measure notes data in a longer datagram than those before, and in each that
// does not say how long it is.
func (f *Flow) measure(dir Dir, lv *decoders.Level) Notes {
	if lv.PayloadLen <= 1 || 0 < lv.IPLen && lv.IPLen <= int(f.longest[dir]) {
		return 0
	}
	f.longest[dir] = max(f.longest[dir], uint16(min(lv.IPLen, math.MaxUint16)))
	return Longer
}

// advance moves the highest sequence number of one side up to end.
func (f *Flow) advance(dir Dir, end uint32) {
	if !f.hasNext.has(dir) || int32(end-f.next[dir]) > 0 {
		f.next[dir] = end
		f.hasNext.add(dir)
	}
}
