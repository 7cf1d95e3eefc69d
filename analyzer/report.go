package analyzer

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Report is all that one analysis found. It is a value: no packet bytes, no
// views, and the same input gives the same Report. Writers never filter it.
type Report struct {
	Version     string          // of the program, as given in Options
	Context     catalog.Context // what the user said of the cluster, then what files beside the captures say
	Sources     []ContextSource // these files
	Archives    []Archive       // inputs that hold others
	Captures    []Capture
	Points      []Point // capture points of all captures; findings refer to them by index
	Stats       Stats
	Correlation *correlate.Result     // what several points show together; nil for a single one
	Findings    []finding.Finding     // by severity, then rule, then first evidence
	Diagnoses   []diagnosis.Diagnosis // best first
	ByVersion   []catalog.Match       // issues that packets cannot show and the versions given are affected by
	Rules       []*finding.Rule       // every rule that the detectors of this analysis can report, by ID
	Checked     []*finding.Rule       // rules that ran and found nothing
	NotChecked  []NotChecked          // rules that could not be judged, with the reason
	Problems    []Problem             // what was malformed, cut, skipped or capped
	Failed      []Failure             // inputs that could not be read, in the order given
	Interrupted bool                  // the context ended before the input did: everything above covers only what was read
}

// A Capture is one file with packets: an input, or a file of an archive. Several files may be one capture: see
// Continues.
type Capture struct {
	Path        string
	SHA256      string // of the file as stored, hexadecimal; "" where Options.Sum did not ask for it or the input was not read to its end
	Format      string // of capture.Info
	Compression string // "" or the name of the format
	Bytes       int64  // after decompression
	Frames      int
	First, Last capture.Timestamp // valid iff Frames > 0
	Truncated   bool              // the file ends inside a frame
	Comments    []string
	Continues   bool // it is one capture with the file before it: the next of a rotated set, or joined by the user
	InArchive   bool // Path leads into an archive, and is no file
	Before      int  // frames in the files of the same capture before it
}

// A Failure is an input that could not be read: nothing of it is in the report.
type Failure struct {
	Path string
	Err  error // does not name the path
}

// A Point is one capture point.
type Point struct {
	ID       int    // index in Report.Points
	Capture  int    // index in Report.Captures; of a capture of several files, the first of them
	Name     string // given by the user, or taken from the file; never empty, unique
	Link     capture.LinkType
	Frames   int
	Snaplen  int // bytes; 0 means none given
	Drops    uint64
	HasDrops bool

	// ClockOffset is how far the clock of this point is ahead of that of the
	// first point of the path, as packets seen at both tell; 0 where none was.
	// Correlation.Clocks has its uncertainty and drift.
	ClockOffset time.Duration
}

// Stats are the counts of one analysis.
type Stats struct {
	Frames             int
	Bytes              int64 // of the frames, on the wire
	Flows              int
	Levels             [decoders.NumEncaps]int  // levels by the encapsulation they were found in
	Opaque             [decoders.NumOpaques]int // frames by what hides the rest of them; nothing at OpaqueNone
	Fragments          int
	Checksums          []ChecksumCount // by level, then protocol; only rows with a count
	SYNRetransmissions int
	PortReuses         int
}

// A ChecksumCount is one row of the table of verdicts.
type ChecksumCount struct {
	Level    string // "outer", "inner" or "only"
	Protocol string // "ipv4", "udp", "tcp", "icmp", "icmpv6", "sctp", "udplite", "igmp" or "gre"
	Counts   [checksum.NumVerdicts]int
}

// A NotChecked is a rule that could not be judged.
type NotChecked struct {
	Rule   *finding.Rule
	Reason text.Text
}

// A Problem is something that could not be used as it stands: a malformed or
// cut frame, a limit that was reached. Counted per capture and code.
type Problem struct {
	Capture    int
	Code       string // stable kebab-case word
	Count      int
	FirstFrame int    // 0 where it concerns the file as a whole
	Detail     string // of the first occurrence
}

// Locate returns which file, as an index in Captures, a frame of a point is
// in, and its number there. Everywhere else in a Report frames are counted
// through all files of a capture.
func (r *Report) Locate(point, frame int) (file, number int) {
	return locate(r.Captures, r.Points[point].Capture, frame)
}

// locate finds the file of a frame of the capture that begins with the file
// first; frame 0 stands for the capture as a whole.
func locate(captures []Capture, first, frame int) (file, number int) {
	for file = first; file+1 < len(captures) && captures[file+1].Continues && captures[file+1].Before < frame; {
		file++
	}
	if frame == 0 {
		return first, 0
	}
	return file, frame - captures[file].Before
}
