package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ProblemPart says that a file of a joined capture could not be opened, or not
// be read to its end: what it holds is missing, what the others hold is not.
const ProblemPart = "file-of-set-unreadable"

// A Joined is the files of a rotated set read as one capture: one behind the
// other, with one list of points. Frames are numbered through, so that a number
// names one frame of the whole; Part says which file it is in.
//
// Interfaces of equal name and link type are one point in all files.
type Joined struct {
	open  func(part int) (Reader, error)
	parts []Part
	next  int                            // part to open next
	rd    Reader                         // of the part being read; nil between parts
	turn  func(old []byte) (next []byte) // see Hold
	info  Info
	bytes int64 // of the parts that have ended
	point []int // by point of the part: its index in info.Points
	now   Timestamp
}

// A Part is one file of a joined capture.
type Part struct {
	Info                  // complete once the next part is read; zero of one that could not be opened
	Before      int       // frames of the parts before it
	First, Last Timestamp // valid iff Frames > 0
	Err         error     // why it could not be opened, or not be read to its end; nil where it was
}

// Join returns a reader of n files in the order in which open is asked for
// them. A part is opened when the one before it has ended, and never twice;
// one that cannot be opened is a problem, and the others are read.
func Join(n int, open func(part int) (Reader, error)) *Joined {
	return &Joined{open: open, parts: make([]Part, n)}
}

// Parts returns what is known of each file, n of them. It is complete when
// Next has returned an error.
func (j *Joined) Parts() []Part { return j.parts }

// Opened returns how many parts were opened, or tried.
func (j *Joined) Opened() int { return j.next }

// Stop ends the reading in the middle of a part: Parts and Info are as complete
// as they will be. Next must not be called after it.
func (j *Joined) Stop() {
	if j.rd != nil {
		j.end()
	}
}

// Info returns what is known of the capture as a whole. Its problems count
// frames through; those of the parts count in their files.
func (j *Joined) Info() *Info { return &j.info }

// Next fills f with the next frame. The only errors it returns are io.EOF and
// that of a context which ended the reading of a part.
func (j *Joined) Next(f *Frame) error {
	for {
		if j.rd == nil {
			if j.next == len(j.parts) {
				return io.EOF
			}
			if err := j.begin(); err != nil {
				return err
			}
			continue
		}
		err := j.rd.Next(f)
		if err == nil {
			j.deliver(f)
			return nil
		}
		if interrupted(err) {
			return err
		}
		if !errors.Is(err, io.EOF) {
			j.missing(err)
		}
		j.end()
	}
}

// Hold is that of Reader.
func (j *Joined) Hold(turn func(old []byte) (next []byte)) {
	j.turn = turn
	if j.rd != nil {
		j.rd.Hold(turn)
	}
}

// interrupted reports whether err is that of a context that has ended.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// missing notes that a part is not, or not wholly, there.
func (j *Joined) missing(err error) {
	j.parts[j.next-1].Err = err
	if p := j.info.problem(ProblemPart, j.info.Frames+1); p.Count == 1 {
		p.Detail = err.Error()
	}
}

// begin opens the next part. Its error is that of a context.
func (j *Joined) begin() error {
	at := j.next
	j.next++
	j.parts[at].Before = j.info.Frames
	rd, err := j.open(at)
	switch {
	case interrupted(err):
		return err
	case err != nil:
		j.missing(err)
		return nil
	}
	j.rd, j.point = rd, j.point[:0]
	rd.Hold(j.turn)
	if j.info.Format == "" {
		j.info.Format, j.info.Compression = rd.Info().Format, rd.Info().Compression
	}
	return nil
}

// deliver makes a frame of the part one of the whole.
func (j *Joined) deliver(f *Frame) {
	part := &j.parts[j.next-1]
	if f.HasTime {
		j.now = f.Time
	}
	if f.Number == 1 {
		part.First = j.now
	}
	part.Last = j.now
	j.info.Frames++
	j.info.Bytes = j.bytes + j.rd.Info().Bytes
	f.Number += part.Before
	f.Point = j.pointOf(f.Point)
	j.info.Points[f.Point].Frames++
}

// pointOf returns the point of the whole for one of the part.
func (j *Joined) pointOf(at int) int {
	points := j.rd.Info().Points
	for i := len(j.point); i <= at; i++ {
		j.point = append(j.point, j.share(points[i]))
	}
	return j.point[at]
}

// share returns the index of the point with the name and link type of p that
// no other point of this part has taken, making it if need be.
func (j *Joined) share(p Point) int {
	for i, q := range j.info.Points {
		if q.Name == p.Name && q.Link == p.Link && !j.taken(i) {
			return i
		}
	}
	if len(j.info.Points) == MaxPoints {
		if q := j.info.problem(ProblemPoints, j.info.Frames+1); q.Count == 1 {
			q.Detail = fmt.Sprintf("more than %d capture points; the others share the last", MaxPoints)
		}
		return MaxPoints - 1
	}
	p.Frames, p.Drops = 0, 0
	j.info.Points = append(j.info.Points, p)
	return len(j.info.Points) - 1
}

func (j *Joined) taken(point int) bool {
	for _, p := range j.point {
		if p == point {
			return true
		}
	}
	return false
}

// end adds what only the whole part tells to the whole.
func (j *Joined) end() {
	part := &j.parts[j.next-1]
	part.Info = *j.rd.Info()
	for i, p := range part.Points {
		q := &j.info.Points[j.pointOf(i)]
		q.Drops += p.Drops
		q.HasDrops = q.HasDrops || p.HasDrops
	}
	for _, c := range part.Comments {
		if len(j.info.Comments) < MaxComments {
			j.info.Comments = append(j.info.Comments, c)
		}
	}
	for _, p := range part.Problems {
		at := p.FirstFrame
		if at > 0 {
			at += part.Before
		}
		q := j.info.problem(p.Code, at)
		if q.Count == 1 {
			q.Detail = p.Detail
		}
		q.Count += p.Count - 1
	}
	j.bytes += part.Bytes
	j.info.Bytes = j.bytes
	j.rd = nil
}
