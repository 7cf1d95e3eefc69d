package transcript

import "net/netip"

// A segment is what of a TCP header depends on the connection. Flags are as in
// the header.
type segment struct {
	flags          uint8
	hasSeq, hasAck bool
	seq, ack       uint32
	length         uint32
}

const (
	tcpFIN = 1 << 0
	tcpSYN = 1 << 1
	tcpACK = 1 << 4
)

// maxConnections bounds the connections followed. Beyond it all are forgotten,
// as tcpdump itself never does: numbers of a connection that goes on are then
// relative to nothing.
const maxConnections = 1 << 16

// connections undo the relative numbers of tcpdump. It prints those of the
// first packet with ACK of a connection, and of every SYN, as they are, and
// from then on their distance from these (tcp_print in print-tcp.c). SYNs and
// RSTs without ACK it prints as they are.
type connections struct {
	byEnds    map[ends]*connection
	mode      mode
	forgotten int // times that all were forgotten
}

// ends are the two ends of a connection, the smaller one first.
type ends struct{ a, b netip.AddrPort }

// A connection is what tcpdump keeps of one, by side, and where each side is.
type connection struct {
	base [2]uint32
	next [2]uint32
	has  [2]bool // next is known
}

// A mode says whether tcpdump ran with -S. It is the same for a whole
// transcript and shows in the first packet behind a handshake.
type mode uint8

const (
	modeUnknown mode = iota
	relative
	absolute
)

// absolute makes the numbers of s those of the packet. A sequence number that
// was not printed, as of segments without data, is the one expected.
func (c *connections) absolute(lv *level, s *segment) {
	from, to := netip.AddrPortFrom(lv.from, lv.fromPort), netip.AddrPortFrom(lv.to, lv.toPort)
	key, side := ends{from, to}, 0
	if to.Compare(from) < 0 {
		key, side = ends{to, from}, 1
	}
	conn := c.byEnds[key]
	if s.flags&tcpACK != 0 {
		if conn == nil || s.flags&tcpSYN != 0 {
			conn = c.add(key)
			conn.base[side], conn.base[1-side] = s.seq, s.ack-1
			conn.next[1-side], conn.has[1-side] = s.ack, true
		} else if c.isRelative(conn, side, s) {
			if s.hasSeq {
				s.seq += conn.base[side]
			}
			s.ack += conn.base[1-side]
		}
	}
	if conn == nil {
		return
	}
	if !s.hasSeq && conn.has[side] {
		s.seq = conn.next[side]
	}
	next := s.seq + s.length
	if s.flags&(tcpSYN|tcpFIN) != 0 {
		next++
	}
	if !conn.has[side] || int32(next-conn.next[side]) > 0 {
		conn.next[side], conn.has[side] = next, true
	}
}

// add begins a connection.
func (c *connections) add(key ends) *connection {
	if len(c.byEnds) == maxConnections {
		c.byEnds = nil
		c.forgotten++
	}
	if c.byEnds == nil {
		c.byEnds = map[ends]*connection{}
	}
	conn := new(connection)
	c.byEnds[key] = conn
	return conn
}

// isRelative reports whether the numbers of s are relative. The first one that
// is nearer to one of the two decides for all.
func (c *connections) isRelative(conn *connection, side int, s *segment) bool {
	if c.mode == modeUnknown && s.hasAck {
		asPrinted := s.ack - conn.base[1-side]
		c.mode = relative
		if asPrinted < s.ack {
			c.mode = absolute
		}
	}
	return c.mode != absolute
}
