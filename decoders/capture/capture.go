// Package capture reads capture files frame by frame.
//
// It reads classic pcap and pcapng, plain or compressed, from any io.Reader,
// in memory bounded by the constants of limits.go. [Open] looks at the first
// bytes to learn the format; names of files are never trusted for that. What
// tcpdump printed is read as well, as far as it tells of packets.
//
// A capture point is where packets were recorded: one file, and within it one
// interface. A pcapng file says which interface a frame belongs to; a file of
// "tcpdump -i any" in LINKTYPE_LINUX_SLL2 says it in each frame. This package
// is the one place where frames are assigned to points.
package capture

import (
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/transcript"
)

// A Timestamp is a time of capture in nanoseconds since the Unix epoch, UTC.
// It is a plain integer so that flows can hold it without pointers. Times
// outside the years 1678 to 2262 are clamped to that range by the readers.
type Timestamp int64

// Time returns t as a time.Time in UTC.
func (t Timestamp) Time() time.Time { return time.Unix(0, int64(t)).UTC() }

// Sub returns the duration t-u.
func (t Timestamp) Sub(u Timestamp) time.Duration { return time.Duration(t - u) }

// A Direction tells whether the capturing host sent or received a frame.
// It comes from pcapng's epb_flags or else, in cooked captures, from the packet
// type; Ethernet frames in classic pcap have none.
type Direction uint8

// The directions.
const (
	DirectionUnknown Direction = iota
	Inbound                    // received by the capturing host
	Outbound                   // sent by the capturing host
)

// A Frame is one captured frame. Data belongs to the Reader and is overwritten
// by its next call of Next: copy what must be kept, or see Reader.Hold.
type Frame struct {
	Number    int       // from 1 in each file, as Wireshark counts
	Time      Timestamp // valid iff HasTime
	HasTime   bool      // false for pcapng simple packet blocks, which carry no time
	Len       int       // bytes on the wire, without FCS where the file tells its length; never below len(Data)
	Link      LinkType
	Point     int       // index into Info.Points
	Direction Direction // from the file; DirectionUnknown where it does not say
	Data      []byte    // the captured bytes

	// Printed is what a transcript says of the checksums, by level, outermost
	// first: there the fields in Data may stand for nothing. It belongs to the
	// Reader as Data does, and is nil in frames that were captured.
	Printed []transcript.Sum
}

// A Point is one capture point: a file, or one interface of it.
type Point struct {
	Name     string // interface name from the file, or ""; "if7" or "any/if7" for SLL2 index 7
	Link     LinkType
	Snaplen  int    // bytes; 0 means no limit is given
	Frames   int    // frames read so far
	Drops    uint64 // packets the capture itself lost, from pcapng isb_ifdrop and isb_osdrop, else epb_dropcount; valid iff HasDrops
	HasDrops bool
	Filter   string // capture filter from pcapng if_filter, or ""
}

// Info is what is known of a capture as a whole. It grows while frames are
// read and is complete when Next has returned an error.
type Info struct {
	Format      string // "pcap", "pcapng" or FormatText
	Compression string // "gzip", "zstd", "lz4", "xz", "bzip2" or ""; "gzip+zstd" for zstd inside gzip
	Bytes       int64  // bytes of the capture after decompression, read so far
	Frames      int    // frames returned so far
	Points      []Point
	Comments    []string  // of pcapng sections, interfaces and packets, at most MaxComments, each at most MaxTextLen bytes of valid UTF-8
	Problems    []Problem // what was skipped, capped or cut, one entry per code, in order of first appearance
}

// A Problem is something in a file that could not be used as it stands. It
// never stops the analysis of what can be used.
type Problem struct {
	Code       string // stable kebab-case word, a Problem… constant
	Count      int
	FirstFrame int    // number of the first frame concerned, or of the frame that would have come next; 0 means the file as a whole
	Detail     string // for people, of the first occurrence: offsets and lengths
}

// A Reader returns the frames of one capture in file order.
type Reader interface {
	// Next fills f with the next frame. At the end of the capture it returns
	// io.EOF, also where the file ends inside a frame or turns out damaged
	// after frames were read: Info().Problems then says so. Any other error
	// comes from the underlying reader.
	Next(f *Frame) error

	// Hold makes what frames point to last: from now on, before memory with
	// frames is used for others, turn is given that memory and returns the one
	// to go on in, which an earlier call was given, or nil for new memory. It is
	// called from within Next.
	Hold(turn func(old []byte) (next []byte))

	// Info returns what is known of the capture so far. The value belongs to
	// the Reader and changes with each Next.
	Info() *Info
}
