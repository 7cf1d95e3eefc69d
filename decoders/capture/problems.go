package capture

// The codes of problems. Only the first four end a capture early.
const (
	ProblemTruncated = "truncated"              // the file ends inside a frame or block, or its compressed data is cut or corrupt
	ProblemDamaged   = "damaged"                // a length that cannot be right, so that the next frame cannot be found
	ProblemZeroTail  = "zero-tail"              // zeros where the next frame should be: a file preallocated or not flushed
	ProblemTooLarge  = "decompressed-too-large" // a limit of decompression was reached

	ProblemWireLen        = "wire-length-too-small"   // a frame's length on the wire was below the captured one, and was raised to it
	ProblemHeaderBits     = "header-reserved-bits"    // reserved bits of the pcap link type are set
	ProblemSection        = "section-unreadable"      // a pcapng section of another version was skipped
	ProblemBlock          = "block-malformed"         // a pcapng block contradicts itself and was skipped
	ProblemOption         = "option-malformed"        // a pcapng option does not fit; it and those behind it were ignored
	ProblemInterface      = "interface-unknown"       // a packet of an interface the section does not describe was skipped
	ProblemInterfaces     = "too-many-interfaces"     // a packet of an interface above MaxPoints was skipped
	ProblemPoints         = "too-many-points"         // a frame was put on the shared last point
	ProblemTimeResolution = "time-resolution-unknown" // the frames of an interface have no usable time
	ProblemComments       = "comments-dropped"        // a comment above MaxComments was left
)

// problem counts one occurrence of code at the given frame and returns its
// entry. The caller writes Detail when Count is 1, so that a problem repeated
// with every frame allocates nothing.
func (in *Info) problem(code string, frame int) *Problem {
	for i := range in.Problems {
		if p := &in.Problems[i]; p.Code == code {
			p.Count++
			return p
		}
	}
	in.Problems = append(in.Problems, Problem{Code: code, Count: 1, FirstFrame: frame})
	return &in.Problems[len(in.Problems)-1]
}
