package analyzer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Problems that the analysis itself adds to those of reader and decoder.
const (
	ProblemFindingsCapped = "findings-capped" // more than MaxFindings of one rule
	ProblemFlowsEvicted   = "flows-evicted"   // more flows at once than the table holds: what is reported of the evicted ones may be cut short
	ProblemPeersCapped    = "peers-capped"    // more services, or ends of tunnels, than flow.MaxPeers: detectors that count by them leave the others out
	ProblemDetectorFailed = "detector-failed" // a detector panicked; what it would have found after that is missing
	ProblemReadFailed     = "read-failed"     // the input broke off with an error of the file system or the network
)

// tellEvery is the number of frames between two calls of Progress: some
// milliseconds of work.
const tellEvery = 1 << 12

// A run is the analysis of one capture.
type run struct {
	late       context.Context // ends when no more conclusions are drawn
	firstPoint int             // index in Report.Points of the capture's first point
	now        capture.Timestamp
	first      capture.Timestamp
	flows      *flow.Table
	context    catalog.Context
	detectors  []*Detector
	hooks      []Hooks             // by detector; emptied when the detector fails
	called     []uint16            // by the traits of a packet: index in calls; 0 where not known yet
	calls      [][]call            // whom to call
	seen       Traits              // of all packets
	fetched    uint32              // see flow.Table.Fetch
	inputs     int                 // of the whole analysis
	frame      int                 // the one being looked at
	info       capture.Info        // behind the batch with that frame
	points     *correlate.Recorder // what several points show together; nil where there can be one only
	event      Event

	counts     counts
	findings   []finding.Finding
	perRule    map[*finding.Rule]int
	notChecked map[*finding.Rule]text.Text
	problems   map[string]*Problem
	codes      []string // of problems, in order of first appearance
}

func newRun(late context.Context, firstPoint int, o Options) *run {
	r := &run{
		late:       late,
		firstPoint: firstPoint,
		context:    o.Context,
		detectors:  o.Detectors,
		perRule:    map[*finding.Rule]int{},
		notChecked: map[*finding.Rule]text.Text{},
		problems:   map[string]*Problem{},
		called:     make([]uint16, 1<<numTraits),
		calls:      make([][]call, 1),
	}
	r.flows = flow.NewTable(o.maxFlows(), r.flowEnd)
	r.hooks = make([]Hooks, len(o.Detectors))
	r.each(func(i int) { r.hooks[i] = r.detectors[i].Start(&Pass{run: r, detector: r.detectors[i]}) })
	return r
}

// read runs the frames of rd through the pipeline until the capture or ctx
// ends. It reports whether ctx ended first. path is for Progress.
func (r *run) read(ctx context.Context, rd capture.Reader, path string, o Options) (interrupted bool) {
	decoder := decoders.NewDecoder(decoders.Options{VXLANPorts: o.VXLANPorts, GenevePorts: o.GenevePorts})
	ahead := readAhead(rd, decoder, r.flows)
	defer ahead.stop()
	told := 0 // frames, by Progress
	for b := ahead.next(nil); ; b = ahead.next(b) {
		r.process(b)
		switch {
		case b.err == nil:
			interrupted = ctx.Err() != nil
		case errors.Is(b.err, io.EOF):
		case ctx.Err() != nil: // the input was given up because of it
			interrupted = true
		default:
			r.problem(ProblemReadFailed, r.counts.frames+1, b.err.Error())
		}
		if b.err != nil || interrupted {
			break
		}
		if o.Progress != nil && r.counts.frames-told >= tellEvery {
			told = r.counts.frames
			o.Progress(Progress{Path: path, Frames: told, Bytes: r.info.Bytes})
		}
	}
	for _, b := range ahead.stop() {
		r.process(b)
	}
	r.info = *rd.Info()
	if o.Progress != nil {
		o.Progress(Progress{Path: path, Frames: r.counts.frames, Bytes: r.info.Bytes})
	}
	r.remark(decoder.Remarks())
	r.end()
	return interrupted
}

// process tracks the packets of b and shows them to the detectors.
func (r *run) process(b *batch) {
	if b.panicked != nil {
		panic(b.panicked)
	}
	r.info = b.info
	for i := range b.n {
		if i%flow.FetchLen == 0 {
			r.fetched += b.fetch(i) + r.flows.Fetch(b.places[i:b.n])
		}
		p := &b.packets[i]
		r.begin(p)
		if p.Problems != 0 {
			p.Problems.Each(func(code, meaning string) { r.problem(code, p.Number, detail(code, meaning, p)) })
		}

		// track
		r.event.Packet = p
		r.event.Flow, r.event.Dir, r.event.Notes = r.flows.Track(p, b.places[i])
		r.counts.add(p) // only now: Track may know a checksum verdict better
		r.counts.note(r.event.Notes)
		if r.several(p, b.points[i]) {
			r.compare(p)
		}

		// detect
		r.detect()
	}
}

// several reports whether what p shows may be seen at another point as well:
// another input, another interface of those known by then, or, in a cooked
// capture of all interfaces, the same packet in front of and behind a tunnel
// device.
func (r *run) several(p *decoders.Packet, points uint32) bool {
	return r.points != nil && (r.inputs > 1 || points > 1 || p.Link == capture.LinkSLL || p.Link == capture.LinkSLL2)
}

// compare remembers a packet for the comparison with other points.
func (r *run) compare(p *decoders.Packet) {
	switch {
	case r.event.Flow != nil:
		r.points.Add(r.firstPoint+p.Point, p, r.event.Flow, r.event.Dir, r.event.Notes)
	case p.Truncated():
		r.points.Cut(r.firstPoint + p.Point)
	}
}

// begin notes the number and the time of a packet.
func (r *run) begin(p *decoders.Packet) {
	r.frame, r.now = p.Number, p.Time
	if p.Number == 1 {
		r.first = p.Time
	}
}

// A call is what one detector wants to be called for of packets with certain
// traits; a hook that it does not want is nil.
type call struct {
	detector int
	packet   func(*decoders.Packet)
	event    func(*Event)
}

// detect calls the hooks for the packet in r.event.
func (r *run) detect() {
	t := traitsOf(&r.event)
	r.seen |= t
	if r.called[t] == 0 {
		r.called[t] = uint16(len(r.calls))
		r.calls = append(r.calls, r.callsFor(t))
	}
	calls := r.calls[r.called[t]]
	for done := 0; done < len(calls); {
		done = r.call(calls, done)
	}
}

// callsFor returns whom to call for packets with traits t, in list order.
func (r *run) callsFor(t Traits) []call {
	var calls []call
	if !t.Has(TraitFlow) {
		t |= TraitStray
	}
	for i, h := range r.hooks {
		c := call{detector: i}
		if h.Packets == 0 || t.Has(h.Packets) {
			c.packet = h.Packet
		}
		if t.Has(TraitFlow) && (h.Events == 0 || t.Has(h.Events)) {
			c.event = h.Event
		}
		if c.packet != nil || c.event != nil {
			calls = append(calls, c)
		}
	}
	return calls
}

// call calls from the given one of calls on and returns where to go on: behind
// a detector that panics, as eachFrom does.
func (r *run) call(calls []call, from int) (next int) {
	i := from
	defer func() {
		if v := recover(); v != nil {
			r.failed(calls[i].detector, v)
			next = i + 1
		}
	}()
	for ; i < len(calls); i++ {
		if f := calls[i].packet; f != nil {
			f(r.event.Packet)
		}
		if f := calls[i].event; f != nil {
			f(&r.event)
		}
	}
	return i
}

// flowEnd calls the hooks for a flow that leaves.
func (r *run) flowEnd(f *flow.Flow) {
	r.each(func(i int) {
		if h := &r.hooks[i]; h.FlowEnd != nil && (f.Watched || !h.WatchedOnly) {
			h.FlowEnd(f)
		}
	})
}

// end lets all flows go and calls the last hooks, as far as there is time.
func (r *run) end() {
	r.flows.Close(func() bool { return r.late.Err() != nil })
	r.each(func(i int) {
		switch end := r.hooks[i].End; {
		case r.late.Err() != nil:
			r.leaveOut(i, interruptedText)
		case end != nil:
			end()
		}
	})
	r.counts.explained(&r.flows.Explained)
	if n := r.flows.Evicted; n > 0 {
		r.problem(ProblemFlowsEvicted, 0, "a higher --max-flows or --max-memory keeps more flows at once")
		r.problems[ProblemFlowsEvicted].Count = n
	}
	if n := r.flows.Unnumbered; n > 0 {
		r.problem(ProblemPeersCapped, 0, "more services or ends of tunnels than are told apart")
		r.problems[ProblemPeersCapped].Count = n
	}
}

// each calls f with the index of every detector, in list order.
func (r *run) each(f func(i int)) {
	for i := 0; i < len(r.hooks); {
		i = r.eachFrom(i, f)
	}
}

// eachFrom calls f for the detectors from i on and returns where to go on. A
// detector that panics is named with the frame and called no more; one recovery
// point for all of them keeps the cost off the packets.
func (r *run) eachFrom(i int, f func(i int)) (next int) {
	defer func() {
		if v := recover(); v != nil {
			r.failed(i, v)
			next = i + 1
		}
	}()
	for ; i < len(r.hooks); i++ {
		f(i)
	}
	return i
}

// failed takes a detector that panicked out of the run. What it found before
// stands; that it found nothing else says nothing.
func (r *run) failed(i int, v any) {
	r.hooks[i] = Hooks{}
	clear(r.called)
	r.calls = r.calls[:1]
	d := r.detectors[i]
	r.problem(ProblemDetectorFailed, r.frame, fmt.Sprintf("%s: %v", d.Name, v))
	r.leaveOut(i, text.Text{
		EN: fmt.Sprintf("its detector failed at frame %d", r.frame),
		ZH: fmt.Sprintf("其检测器在第 %d 帧出错", r.frame),
	})
}

// interruptedText is why rules were not checked.
var interruptedText = text.Text{EN: "the analysis was interrupted", ZH: "分析被中断"}

// leaveOut says why the rules of a detector are not checked.
func (r *run) leaveOut(i int, why text.Text) {
	for _, rule := range r.detectors[i].Rules {
		r.notChecked[rule] = why
	}
}

// remark adds what the decoder noticed over several frames to the problems.
func (r *run) remark(all []decoders.Remark) {
	for _, m := range all {
		r.problem(m.Code, m.FirstFrame, m.Detail)
		r.problems[m.Code].Count = m.Count
	}
}

// detail says what a problem of the decoder is about: its meaning, and the name
// of a link type that is not decoded.
func detail(code, meaning string, p *decoders.Packet) string {
	if code == decoders.CodeLinkType {
		return p.Link.String()
	}
	return meaning
}

// problem counts a problem. detail is kept of the first of its code.
func (r *run) problem(code string, frame int, detail string) {
	p := r.problems[code]
	if p == nil {
		p = &Problem{Code: code, FirstFrame: frame, Detail: detail}
		r.problems[code] = p
		r.codes = append(r.codes, code)
	}
	p.Count++
}
