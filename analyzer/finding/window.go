package finding

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Window is a span of time: from the first packet that shows a fault to the
// last one.
type Window struct {
	From Moment `json:"from"`
	To   Moment `json:"to"`
}

// NewWindow returns the window between two times.
func NewWindow(from, to capture.Timestamp) Window { return Window{Moment(from), Moment(to)} }

// Seconds returns the length of w.
func (w Window) Seconds() float64 {
	return capture.Timestamp(w.To).Sub(capture.Timestamp(w.From)).Seconds()
}

// Text returns w for people, as times of day in UTC.
func (w Window) Text() text.Text {
	const clock = "15:04:05.000"
	length := text.Sprintf("%.1f s", "%.1f 秒", w.Seconds())
	if w.Seconds() < 1 {
		length = text.Sprintf("%.0f ms", "%.0f 毫秒", 1000*w.Seconds())
	}
	from, to := capture.Timestamp(w.From).Time().Format(clock), capture.Timestamp(w.To).Time().Format(clock)
	return text.Text{
		EN: fmt.Sprintf("from %s to %s UTC (%s)", from, to, length.EN),
		ZH: fmt.Sprintf("UTC %s 至 %s（%s）", from, to, length.ZH),
	}
}

// A Moment is a time in facts: RFC 3339 in UTC with nine digits of a second,
// as all times of the JSON report.
type Moment capture.Timestamp

// MarshalText encodes m.
func (m Moment) MarshalText() ([]byte, error) {
	return []byte(capture.Timestamp(m).Time().Format("2006-01-02T15:04:05.000000000Z")), nil
}
