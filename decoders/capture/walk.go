package capture

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A walk is what the readers of both formats share: the buffer, what is known
// of the capture, and how reading ends.
type walk struct {
	buf    buffer
	info   Info
	points pointTable
	at     int64 // offset of the record or block at hand
	number int   // of the last frame met, returned or skipped
	done   error // what Next returns from now on; nil while there may be frames
}

// Info returns what is known of the capture so far.
func (w *walk) Info() *Info { return &w.info }

// Hold is that of Reader.
func (w *walk) Hold(turn func(old []byte) (next []byte)) { w.buf.turn = turn }

// problem counts one occurrence of code at the frame that comes next.
func (w *walk) problem(code string) *Problem { return w.info.problem(code, w.number+1) }

// deliver numbers f, files it under a point and counts it. Link, Data and
// what the file says of the direction are set.
func (w *walk) deliver(f *Frame, ifc *iface) {
	if f.Len < len(f.Data) {
		if p := w.problem(ProblemWireLen); p.Count == 1 {
			p.Detail = fmt.Sprintf("%d bytes on the wire, %d captured, in the record at offset %d", f.Len, len(f.Data), w.at)
		}
		f.Len = len(f.Data)
	}
	w.points.assign(f, ifc, w)
	w.number++
	f.Number = w.number
	w.info.Frames++
	w.info.Bytes = w.buf.offset()
}

// end ends the reading where only have of the want bytes of what is at hand
// are there, and returns what Next returns.
func (w *walk) end(have, want int, what string) error {
	err := w.buf.err
	w.info.Bytes = w.at + int64(have)
	w.done = io.EOF

	var damage *compressedError
	switch {
	case err == io.EOF && have == 0:
	case err == io.EOF:
		w.problem(ProblemTruncated).Detail = fmt.Sprintf("the file ends inside a %s at offset %d: %d of %d bytes are there", what, w.at, have, want)
	case errors.As(err, &damage):
		w.problem(ProblemTruncated).Detail = fmt.Sprintf("%v at offset %d of the capture inside it", damage, w.info.Bytes)
	case errors.Is(err, ErrTooLarge):
		w.problem(ProblemTooLarge).Detail = fmt.Sprintf("%v; stopped at offset %d of the capture inside it", err, w.info.Bytes)
	default:
		w.done = fmt.Errorf("read frame %d: %w", w.number+1, err)
	}
	return w.done
}

// damaged ends the reading at a length that cannot be right.
func (w *walk) damaged(format string, args ...any) error {
	w.problem(ProblemDamaged).Detail = fmt.Sprintf(format, args...) + fmt.Sprintf(" at offset %d", w.at)
	w.info.Bytes = w.at
	w.done = io.EOF
	return w.done
}

// zeroTail reports whether nothing but zeros is ahead, as far as the buffer
// reaches, and then ends the reading. Programs that preallocate their file and
// die, and hosts that crash before a flush, leave such tails.
func (w *walk) zeroTail() bool {
	tail := w.buf.peek(bufferLen)
	if len(bytes.Trim(tail, "\x00")) > 0 {
		return false
	}
	w.problem(ProblemZeroTail).Detail = fmt.Sprintf("only zeros from offset %d on, %d bytes looked at", w.at, len(tail))
	w.info.Bytes = w.at + int64(len(tail))
	w.done = io.EOF
	return true
}
