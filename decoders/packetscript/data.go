package packetscript

// data is the payload of a packet: bytes written out, or a pattern of a
// length.
type data struct {
	text    string
	hasText bool
	length  int // of the pattern
}

// maxLength bounds the payload of one packet, in bytes; what does not fit into
// a datagram is refused there.
const maxLength = 1<<16 - 1

// option takes length N or payload "…".
func (d *data) option(w *words) (ok bool, err error) {
	switch {
	case w.accept("length"):
		var n uint64
		n, err = w.number("a length in bytes", maxLength)
		*d = data{length: int(n)}
	case w.accept("payload"):
		d.text, err = w.quoted("the payload as a string in double quotes")
		d.hasText = true
	default:
		return false, nil
	}
	return true, err
}

// size returns the bytes of the payload.
func (d *data) size() int {
	if d.hasText {
		return len(d.text)
	}
	return d.length
}

// bytes returns the payload. Each byte of the pattern follows from its
// position in the stream, so that a segment sent again, or cut differently,
// carries the same bytes.
func (d *data) bytes(position uint32) []byte {
	if d.hasText {
		return []byte(d.text)
	}
	b := make([]byte, d.length)
	for i := range b {
		b[i] = 'a' + byte((position+uint32(i))%26)
	}
	return b
}
