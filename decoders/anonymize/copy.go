package anonymize

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
)

// ErrTranscript says that a capture is what tcpdump printed: it has no bytes
// whose checksums could be kept.
var ErrTranscript = errors.New("a transcript of tcpdump cannot be anonymised, only a capture")

// Copy writes what r has to w as pcapng, anonymised, with times and directions
// as they are and without comments and filters. application names the program.
// It returns the number of frames. The memory in use does not grow with them.
func (a *Anonymizer) Copy(w io.Writer, r capture.Reader, application string) (frames int, err error) {
	if r.Info().Format == capture.FormatText {
		return 0, ErrTranscript
	}
	out, err := pcapng.NewWriter(w, application)
	if err != nil {
		return 0, err
	}
	ifaces := map[pcapng.Interface]int{}
	var f capture.Frame
	var last capture.Timestamp
	for {
		if err := r.Next(&f); err == io.EOF {
			return frames, nil
		} else if err != nil {
			return frames, fmt.Errorf("read frame %d: %w", frames+1, err)
		}
		key := a.iface(&r.Info().Points[f.Point], f.Link)
		id, ok := ifaces[key]
		if !ok {
			if id, err = out.AddInterface(key); err != nil {
				return frames, err
			}
			ifaces[key] = id
		}
		if f.HasTime {
			last = f.Time // as in the analysis, a frame without a time gets that of the one before
		}
		a.Frame(&f)
		err := out.Write(&pcapng.Packet{Interface: id, Time: last, Len: f.Len, Data: f.Data, Direction: direction(&f)})
		if err != nil {
			return frames, err
		}
		frames++
	}
}

// iface returns the interface that stands for a point. The frames of
// "tcpdump -i any" say themselves which interface they are of, and the reader
// makes a point of each: here they are one again.
func (a *Anonymizer) iface(p *capture.Point, link capture.LinkType) pcapng.Interface {
	name := p.Name
	if link == capture.LinkSLL2 {
		name = name[:max(strings.LastIndexByte(name, '/'), 0)]
	}
	return pcapng.Interface{Name: a.names.iface(name), Link: link, Snaplen: p.Snaplen}
}

// direction returns what is to be written of a direction: cooked frames tell
// it themselves.
func direction(f *capture.Frame) capture.Direction {
	if f.Link == capture.LinkSLL || f.Link == capture.LinkSLL2 {
		return capture.DirectionUnknown
	}
	return f.Direction
}
