package correlate

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Result is what several points show together.
type Result struct {
	Sites       []Site
	Path        []int        // indices of Sites in the order in which packets of most clients pass them; nil where no order is known
	Links       []Link       // between neighbours on the path of some connection, in the order of Path
	Connections []Connection // those that NAT changed, at most MaxConnections
	Apart       []Apart      // pairs of points that have nothing in common
	Full        bool         // packets were left out because of MaxSightings
}

// MaxConnections bounds the connections listed in a Result.
const MaxConnections = 50

// A Site is a place where one form of a packet is seen.
type Site struct {
	Point int // index of the capture point
	Encap decoders.Encap
}

// A Link is a pair of sites that packets pass one after the other. Arrays are
// indexed by direction: ToServer is from From to To, for clients beyond From.
type Link struct {
	From, To int // indices of Result.Sites
	Clock    Clock
	Matched  [2]int // packets seen at both
	Lost     [2]int // packets seen at the first and missing at the second
	Delay    [2]Quantiles
	Losses   []Loss // by connection, at most MaxLosses
	MoreLost int    // connections with losses beyond that
}

// MaxLosses bounds the losses listed of one link.
const MaxLosses = 50

// A Clock is how far the clock of a link's To is ahead of that of its From.
type Clock struct {
	Known       bool          // packets were matched in both directions, or both sites share a clock
	Offset      time.Duration // at the first packet in common
	Uncertainty time.Duration // the true offset is at most this far off: a packet is not received before it was sent
	Drift       float64       // seconds per second; 0 where it cannot be told
}

// Quantiles sum up one-way delays, clock offset taken out; valid iff N > 0.
type Quantiles struct {
	N                       int
	Min, P50, P90, P99, Max time.Duration
}

// A Connection is one connection under the names it has at different sites.
type Connection struct {
	Proto decoders.Proto
	Names []Name // in path order where it is known
}

// A Name is what a connection is called at one site.
type Name struct {
	Site           int
	Client, Server End
}

// A Loss is what one connection lost on one link in one direction.
type Loss struct {
	Dir            flow.Dir
	Proto          decoders.Proto
	Client, Server End // as seen at the site before the loss
	Outer          [2]decoders.Addr
	VNI            uint32
	Whole          bool // nothing of the connection is seen behind the loss
	Outside        int  // lost packets before the first or after the last frame of the other capture, which may not have been running then
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

// An Apart is a pair of points that cannot be compared.
type Apart struct {
	A, B      int  // points
	NoOverlap bool // their captures do not overlap in time; else they share no packet
}
