package finding

import "github.com/pcapdiag/pcapdiag/decoders/checksum"

// An Outcome says how a connection attempt ended.
type Outcome string

// The outcomes.
const (
	Answered   Outcome = "answered"    // a SYN-ACK came back
	Abandoned  Outcome = "abandoned"   // the client gave up: nothing more within its next gap
	Reset      Outcome = "reset"       // a RST or an ICMP error ended it
	CaptureEnd Outcome = "capture-end" // the capture ends before it is decided
)

// An Attempt is one SYN of a ladder, at one capture point.
type Attempt struct {
	Frame     int              `json:"frame"`
	At        float64          `json:"at"`                  // seconds since the first SYN
	OuterPort uint16           `json:"outerPort,omitempty"` // UDP source port of the tunnel packet; 0 without one
	OuterSum  uint16           `json:"outerSum"`            // the outer checksum field as it stands; valid iff Outer is not None
	Outer     checksum.Verdict `json:"outer"`               // of the outermost UDP level around the SYN; None without one
	Inner     checksum.Verdict `json:"inner"`               // of the SYN's own TCP checksum

	// Challenged says that the server answered this SYN with an ACK of another
	// connection (RFC 5961 section 4).
	Challenged bool `json:"challenged,omitempty"`
}

// LadderFacts are the numbers of syn-retry-ladder.
type LadderFacts struct {
	Rungs       []float64 `json:"rungs"`  // seconds since the first SYN, one per SYN
	Gaps        []float64 `json:"gaps"`   // seconds between neighbours
	Family      string    `json:"family"` // "exponential-1s", "linear-then-exponential", "exponential-3s" or "unknown"
	Outcome     Outcome   `json:"outcome"`
	Attempts    []Attempt `json:"attempts"`
	Connections int       `json:"connections"` // connections between the same client address and service that show the same
	AnsweredIn  float64   `json:"answeredIn"`  // seconds from the last SYN to its SYN-ACK; 0 unless Outcome is Answered and the SYN-ACK was seen
	HostSourced bool      `json:"hostSourced"` // the client address ends in .0: a tunnel device's own address, so traffic of a node or masqueraded
	EgressWorks bool      `json:"egressWorks"` // a public server answered a client of the same /24; IPv4 only
}

// A ChecksumKind says what is wrong with a checksum.
type ChecksumKind string

// The kinds.
const (
	KindNATOnZero   ChecksumKind = "nat-on-zero"
	KindNATOnLCO    ChecksumKind = "nat-on-lco"
	KindCorrupt     ChecksumKind = "corrupt"
	KindUncompleted ChecksumKind = "uncompleted" // partial in a frame that was received
)

// ChecksumFacts are the numbers of outer-checksum-bad, inner-checksum-bad and
// ip-header-checksum-bad.
type ChecksumFacts struct {
	Kind        ChecksumKind     `json:"kind"`
	Protocol    string           `json:"protocol"` // "udp", "tcp", "icmp", "icmpv6", "ipv4"
	Level       string           `json:"level"`    // "outer", "inner" or "only"
	Packets     int              `json:"packets"`  // packets with this fault
	Flows       int              `json:"flows"`    // flows they belong to
	Field       uint16           `json:"field"`    // the field of the first of them
	Expected    uint16           `json:"expected"` // what would have been right there
	OuterPort   uint16           `json:"outerPort,omitempty"`
	SolvedFor   uint16           `json:"solvedFor,omitempty"` // nat-on-lco: the source port the checksum is right for
	Recovered   bool             `json:"recovered"`           // a later packet of the flow, same direction, was right
	GoodPort    uint16           `json:"goodPort,omitempty"`  // outer source port of the first right one; valid iff Recovered
	GoodSum     uint16           `json:"goodSum"`             // its outer checksum field; valid iff Recovered
	GoodVerdict checksum.Verdict `json:"goodVerdict"`         // its verdict; valid iff Recovered
	Received    bool             `json:"received"`            // the capture says that the packets came over a wire
	SYNsOnly    bool             `json:"synsOnly"`            // every faulty packet is a SYN
}

// LossFacts are the numbers of packet-lost-between-points.
type LossFacts struct {
	From         string   `json:"from"`    // the point where the packets were seen
	To           string   `json:"to"`      // the next point on the path, where they were not
	Towards      string   `json:"towards"` // "server" or "client"
	Lost         int      `json:"lost"`
	LostSYNs     int      `json:"lostSYNs"`
	SentAgain    int      `json:"sentAgain"`              // lost ones whose sequence numbers were sent again
	Outside      int      `json:"outside"`                // lost ones at a time when the other capture may not have been running
	Seen         int      `json:"seen"`                   // packets of the connection seen at From in this direction
	Whole        bool     `json:"whole"`                  // nothing of the connection is seen at To
	SNAT         bool     `json:"snat"`                   // the client is translated between From and To
	DNAT         bool     `json:"dnat"`                   // the server is
	Rival        string   `json:"rival,omitempty"`        // another client whose SYN to the same service got through a source NAT in the moment in which one was lost
	Property     string   `json:"property,omitempty"`     // what tells lost and arrived ones apart
	LostValue    string   `json:"lostValue,omitempty"`    // of Property, on all lost ones
	ArrivedValue string   `json:"arrivedValue,omitempty"` // of Property, on those that arrived
	RuledOut     []string `json:"ruledOut,omitempty"`     // what cannot be the reason that they are not there
	Open         []string `json:"open,omitempty"`         // what can: "capture-not-running", "capture-drops", "snaplen", "capture-filter", "other-interface"
}

func (*LossFacts) facts()     {}
func (*LadderFacts) facts()   {}
func (*ChecksumFacts) facts() {}
