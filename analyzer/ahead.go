package analyzer

import (
	"runtime"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	// batchLen is the number of packets that are read and decoded before the
	// first of them is tracked. A decoded packet takes a kilobyte: more would
	// leave the cache before it is used.
	batchLen = 256

	// batches is the number of batches under way: one that is filled, one that
	// is tracked, and the rest for where one side stalls.
	batches = 8

	// polls is how often a side looks for a batch before it sleeps, about 200 µs in
	// all. The other side is done with one about every 100 µs, and waking a thread
	// takes both sides a good part of that.
	polls = 1000
)

// A batch is some packets that follow each other in a capture.
type batch struct {
	packets [batchLen]decoders.Packet // first, so that each begins a line of the cache
	places  [batchLen]flow.Place      // of the packets
	points  [batchLen]uint32          // capture points known when each was read
	n       int
	info    capture.Info                         // behind the last of them
	memory  [][]byte                             // of the reader: none but this and earlier batches point into it
	quoted  [][decoders.MaxLevels]decoders.Level // what the packets quote

	err      error // of reading on; nil where another batch follows
	panicked any   // what reading or decoding on panicked with, or nil
}

// fetch loads the packets from i on that are processed next, as flow.Table.Fetch
// does with their flows: another processor has written them.
func (b *batch) fetch(i int) (loaded uint32) {
	for end := min(i+flow.FetchLen, b.n); i < end; i++ {
		levels := b.packets[i].Levels()
		for j := range levels {
			loaded += levels[j].VNI + uint32(levels[j].SrcPort) // a line of the cache each
		}
	}
	return loaded
}

// A lookahead reads and decodes a capture ahead of what is done with its
// packets, on another processor where there is one. What comes out does not
// depend on that: there is one reader and one decoder, and the order stays.
type lookahead struct {
	rd      capture.Reader
	decoder *decoders.Decoder
	flows   *flow.Table
	frame   capture.Frame
	now     capture.Timestamp // time of the latest frame
	filling *batch
	spare   [][]byte // memory for the reader
	frames  int      // read so far
	turned  int      // frames when the reader last went on in other memory

	// With a goroutine of its own:
	full  chan *batch   // those to be processed, in order; closed behind the last one
	empty chan *batch   // those that were
	quit  chan struct{} // closed when no more are wanted
}

// readAhead begins to read rd. flows is what the packets will be filed in.
func readAhead(rd capture.Reader, decoder *decoders.Decoder, flows *flow.Table) *lookahead {
	a := &lookahead{rd: rd, decoder: decoder, flows: flows}
	rd.Hold(a.turn)
	if runtime.GOMAXPROCS(0) > 1 {
		a.full, a.empty, a.quit = make(chan *batch, batches), make(chan *batch, batches), make(chan struct{})
		go a.run()
	}
	return a
}

// next returns the next batch. done is the one before it, which may be filled
// again; nil for the first.
func (a *lookahead) next(done *batch) *batch {
	if a.full == nil {
		if done == nil {
			done = new(batch)
		}
		a.fill(done)
		return done
	}
	if done != nil {
		a.empty <- done
	}
	return await(a.full, nil)
}

// await returns the next of c, or nil when c or quit is closed.
func await(c <-chan *batch, quit <-chan struct{}) *batch {
	for range polls {
		select {
		case b := <-c:
			return b
		default:
			runtime.Gosched()
		}
	}
	select {
	case b := <-c:
		return b
	case <-quit:
		return nil
	}
}

// stop ends the reading, wherever it is, and returns when it has ended: what was
// read and not asked for by then, in order.
func (a *lookahead) stop() (rest []*batch) {
	if a.full != nil {
		close(a.quit)
		for b := range a.full {
			rest = append(rest, b)
		}
		a.full = nil
	}
	return rest
}

// run fills batch after batch until the capture ends or no more are wanted.
func (a *lookahead) run() {
	defer close(a.full)
	var (
		free []*batch
		made int
	)
	for {
		// A batch that is back is warm in the caches; a new one is not.
		wait := len(free) == 0 && made == batches
		if b := a.back(wait); b != nil {
			free = append(free, b)
		} else if wait {
			return
		}
		if len(free) == 0 {
			free = append(free, new(batch))
			made++
		}
		b := free[len(free)-1]
		free = free[:len(free)-1]
		a.fill(b)
		a.full <- b // there is room for all batches
		if b.err != nil || b.panicked != nil {
			return
		}
		if b.n > 0 && b.packets[b.n-1].Reassembled() {
			for len(free) < made { // it points into the decoder: wait until no one looks
				b := a.back(true)
				if b == nil {
					return
				}
				free = append(free, b)
			}
		}
	}
}

// back returns a batch that was processed. Where there is none, it waits or
// returns nil; also where no more are wanted.
func (a *lookahead) back(wait bool) *batch {
	if !wait {
		select {
		case b := <-a.empty:
			return b
		default:
			return nil
		}
	}
	return await(a.empty, a.quit)
}

// fill reads and decodes packets into b. A panic is kept for the goroutine that
// asked for the packets: whoever called Analyze may know what to do with it.
func (a *lookahead) fill(b *batch) {
	a.spare = append(a.spare, b.memory...)
	b.memory, b.quoted, b.n, b.err, b.panicked = b.memory[:0], b.quoted[:0], 0, nil, nil
	a.filling = b
	defer func() { b.panicked = recover() }()
	for b.n < batchLen && len(b.memory) == 0 {
		if b.err = a.rd.Next(&a.frame); b.err != nil {
			break
		}
		if !a.frame.HasTime {
			a.frame.Time = a.now // that of the frame before
		}
		a.now = a.frame.Time
		p := &b.packets[b.n]
		a.decoder.Decode(&a.frame, p)
		b.places[b.n] = a.flows.Place(p)
		b.points[b.n] = uint32(len(a.rd.Info().Points))
		b.n++
		a.frames++
		if len(p.Quoted()) > 0 {
			b.quoted = append(b.quoted, [decoders.MaxLevels]decoders.Level{})
			p.KeepQuoted(&b.quoted[len(b.quoted)-1])
		}
		if p.Reassembled() {
			break
		}
	}
	b.info = *a.rd.Info()
}

// turn keeps memory with frames for as long as the batch that is being filled,
// and those before it. Where it holds none, nothing of it is needed.
func (a *lookahead) turn(old []byte) (next []byte) {
	if a.frames == a.turned {
		return old
	}
	a.turned = a.frames
	a.filling.memory = append(a.filling.memory, old)
	if n := len(a.spare); n > 0 {
		next = a.spare[n-1]
		a.spare = a.spare[:n-1]
	}
	return next
}
