package traffic

// segment puts the TCP header of a connection's packet in front, moves its
// sequence numbers on and returns the checksum field. now is in milliseconds.
func (f *frame) segment(c *flow, src, dst *place, t turn, now uint32) []byte {
	from := t.from
	c.time[from] = c.number*2654435761 + now
	if t.flags == syn|ack {
		c.seq[client]++ // the SYN that arrived
	}
	payload := uint32(len(f.bytes()))
	h := f.push(headerLength(t.flags))
	be.PutUint16(h, src.port)
	be.PutUint16(h[2:], dst.port)
	be.PutUint32(h[4:], c.seq[from])
	if t.flags&ack != 0 {
		be.PutUint32(h[8:], c.seq[1-from])
	}
	h[12], h[13] = byte(len(h)/4)<<4, t.flags
	be.PutUint16(h[14:], 502)
	c.options(h[20:], from, t.flags)
	be.PutUint16(h[16:], f.segmentSum(&src.addr, &dst.addr, protoTCP))

	c.seq[from] += payload
	if t.flags == syn|ack || t.flags&fin != 0 {
		c.seq[from]++
	}
	return h[16:18]
}

func headerLength(flags byte) int {
	if flags&syn != 0 {
		return 40
	}
	return 32
}

// options fills in the options that Linux sends: maximum segment size, SACK
// permitted, timestamps, window scale; only timestamps behind the handshake
// (RFC 9293 section 3.2, RFC 2018, RFC 7323).
func (c *flow) options(b []byte, from int, flags byte) {
	if flags&syn != 0 {
		mss := c.path.mtu() - 40
		if c.ipv6 {
			mss -= 20
		}
		b[0], b[1] = 2, 4
		be.PutUint16(b[2:], uint16(mss))
		b[4], b[5] = 4, 2
		b[16], b[17], b[18], b[19] = 1, 3, 3, 7
		b = b[6:]
	} else {
		b[0], b[1] = 1, 1
		b = b[2:]
	}
	b[0], b[1] = 8, 10
	be.PutUint32(b[2:], c.time[from])
	if flags&ack != 0 {
		be.PutUint32(b[6:], c.time[1-from])
	}
}

// echo builds an ICMP echo or its reply (RFC 792, RFC 4443 section 4).
func (f *frame) echo(c *flow, src, dst *place, t turn, payload []byte) (proto byte, field []byte) {
	f.start(payload)
	h := f.push(8)
	be.PutUint16(h[4:], src.port)
	be.PutUint16(h[6:], uint16(c.sent/2))
	if c.ipv6 {
		h[0] = 128 + byte(t.from)
		be.PutUint16(h[2:], f.segmentSum(&src.addr, &dst.addr, protoICMPv6))
		return protoICMPv6, h[2:4]
	}
	h[0] = 8 * byte(1-t.from)
	be.PutUint16(h[2:], complement(add(0, f.bytes())))
	return protoICMP, h[2:4]
}

// name is what is asked for, type A and class IN, in the wire format of RFC 1035
// section 4.1.2.
const name = "\x03web\x07default\x03svc\x07cluster\x05local\x00\x00\x01\x00\x01"

// message returns a question or its answer (RFC 1035 section 4.1).
func message(f *flow, from int) []byte {
	b := make([]byte, 12, 64)
	be.PutUint16(b, uint16(f.seq[client])+uint16(f.sent/2))
	b[2], b[5] = 0x01, 1 // recursion desired, one question
	b = append(b, name...)
	if from == server {
		b[2], b[3], b[7] = 0x85, 0x80, 1                                     // an authoritative answer
		b = append(b, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 10, 96, 7, 7) // to the name at 12, for 30 s
	}
	return b
}
