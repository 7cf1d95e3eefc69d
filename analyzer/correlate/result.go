package correlate

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Result is what several points show together. It is a value.
type Result struct {
	Sites           []Site
	Path            []int   // the way that most connections take, as indices of Sites; nil where no order is known
	Others          [][]int // other ways, those of most connections first; none is part of another
	Given           bool    // the order is that of the user
	Links           []Link  // between neighbours on a path, in path order
	Clocks          []PointClock
	Connections     []Connection // those that NAT changed, at most MaxConnections
	MoreConnections int
	Collisions      []Collision // at most MaxCollisions
	Apart           []Apart     // pairs of captures that have nothing to do with each other
	Full            bool        // packets were left out because of MaxSightings, or flows because of maxPairs

	points  []Point
	tunnels []map[tunnel]period // by point
	index   index

	absences map[flowName]int // the point at the server that does not show a connection
}

// SameCapture reports whether two points are of one file.
func (r *Result) SameCapture(a, b int) bool { return r.points[a].Capture == r.points[b].Capture }

// A Site is a place where one form of a packet is seen.
type Site struct {
	Point int // index of the capture point
	Encap decoders.Encap
}

// The directions along a path. Most clients are at its beginning, so that
// forward is mostly the way to the server.
const (
	forward  = 0
	backward = 1
)

// A Link is a pair of sites that packets pass one after the other. Arrays are
// indexed by direction: 0 is from From to To, 1 back.
//
// Of a flow that is longer than what is remembered (MaxPerFlow) the counts are
// those of a sample.
type Link struct {
	From, To   int    // indices of Result.Sites
	Clock      Clock  // of To against From
	Matched    [2]int // packets seen at both
	Lost       [2]int // packets seen at the first, and neither at the second nor behind it
	Missed     [2]int // packets that the second did not record: they were seen in front of and behind it
	Delay      [2]Quantiles
	Difference [2]*Difference // what tells all that was lost from all that arrived; nil where nothing does
	Kinds      []Kind         // by protocol, in order of their numbers
	Losses     []Loss         // by connection, at most MaxLosses
	MoreLosses int
}

// A Kind is what became of the packets of one protocol on a link.
type Kind struct {
	Proto         decoders.Proto
	Matched, Lost [2]int
}

// Kind returns what became of the packets of a protocol.
func (l *Link) Kind(p decoders.Proto) Kind {
	for _, k := range l.Kinds {
		if k.Proto == p {
			return k
		}
	}
	return Kind{Proto: p}
}

// MaxLosses bounds the losses listed of one link.
const MaxLosses = 50

// A PointClock is how far the clock of a point is ahead of that of the first
// point of the path.
type PointClock struct {
	Known bool // there are links with known clocks between the two
	Clock
}

// A Loss is what one connection lost on one link in one direction.
type Loss struct {
	Dir            flow.Dir // of the connection: towards its server or its client
	From, To       int      // indices of Result.Sites, in the direction of the packets
	Proto          decoders.Proto
	Client, Server End // as seen at From
	Outer          [2]decoders.Addr
	VNI            uint32
	Whole          bool   // nothing of the connection is seen behind From
	Outside        int    // lost packets that are not in the time that the other capture is known to have run
	Again          int    // lost packets that were sent again: a SYN before another SYN
	SNAT, DNAT     bool   // between From and To the client, the server is translated; false where nothing arrived
	Rival          *Rival // valid iff SNAT; nil where none is seen
	Lost           []Packet
	Arrived        []Packet
}

// A Packet is one packet of a loss, as seen in front of it.
type Packet struct {
	Frame     int
	Time      capture.Timestamp
	SYN       bool
	Size      int              // outermost datagram in bytes
	OuterPort uint16           // valid iff Outer is not None
	OuterSum  uint16           // checksum field
	Outer     checksum.Verdict // None without UDP tunnel
	Fragment  bool
}

// An Apart is a pair of captures that cannot be compared, directly or by way
// of others.
type Apart struct {
	A, B      int           // the captures, as numbered in Point.Capture
	NoOverlap bool          // by their own clocks they do not overlap in time; else they share no packet
	Gap       time.Duration // between the two; valid iff NoOverlap
	Cut       int           // frames of both that belong to no flow because the snaplen cut their headers off
}
