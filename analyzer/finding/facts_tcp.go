package finding

// A SYNACKVerdict says which part of a handshake is lost.
type SYNACKVerdict string

// The verdicts.
const (
	ReplyLost    SYNACKVerdict = "reply-lost"    // the client goes on sending SYNs: the SYN-ACK does not reach it
	ACKLost      SYNACKVerdict = "ack-lost"      // the client's ACK was seen: it does not reach the server, or the server does not take it
	ClientSilent SYNACKVerdict = "client-silent" // nothing more came from the client: it is gone, or only its SYN gets through
)

// SYNACKFacts are the numbers of syn-ack-retry-ladder. Those of one connection
// are of the one with most SYN-ACKs.
type SYNACKFacts struct {
	Verdict     SYNACKVerdict `json:"verdict"`
	Rungs       []float64     `json:"rungs"` // seconds since the first SYN-ACK, one per SYN-ACK
	SYNACKs     int           `json:"synAcks"`
	SYNs        int           `json:"syns"`
	Completed   bool          `json:"completed"`   // the connection went on in the end
	Connections int           `json:"connections"` // to the same server and port with the same verdict
	Failed      int           `json:"failed"`      // of them, those that never went on
	Clients     int           `json:"clients"`
}

func (*SYNACKFacts) facts() {}

// Variant returns the verdict.
func (f *SYNACKFacts) Variant() string { return string(f.Verdict) }

// A ReuseVerdict says what became of a five-tuple that was used again.
type ReuseVerdict string

// The verdicts.
const (
	ReuseLegal        ReuseVerdict = "legal"             // the first SYN was answered by a SYN-ACK
	ReuseSYNDropped   ReuseVerdict = "first-syn-dropped" // the first SYN got nothing, its retry a SYN-ACK, within the time that IPVS remembers the old connection
	ReuseUnanswered   ReuseVerdict = "unanswered"        // no SYN got anything, within that time
	ReuseRefused      ReuseVerdict = "refused"           // a RST, within that time
	ReuseChallengeACK ReuseVerdict = "challenge-ack"     // the server answered with an ACK of the old connection
)

// PortReuseFacts are the numbers of port-reuse. Those of one connection are of
// the example in the evidence.
type PortReuseFacts struct {
	Verdict     ReuseVerdict `json:"verdict"`
	Connections int          `json:"connections"` // with this verdict, between the same client address and service
	SYNs        int          `json:"syns"`
	SinceLast   float64      `json:"sinceLast"` // seconds from the last packet of the connection before to the SYN; -1 where that was not captured
	ClosedBy    string       `json:"closedBy"`  // who ended the connection before: "client", "server", "reset", or "" where its end was not captured

	// All connections between the two: those that used a tuple again within
	// the time that IPVS remembers it, and the others.
	Reused           int `json:"reused"`
	ReusedDelayed    int `json:"reusedDelayed"` // answered only after a SYN was sent again
	ReusedUnanswered int `json:"reusedUnanswered"`
	Other            int `json:"other"`
	OtherDelayed     int `json:"otherDelayed"`
	OtherUnanswered  int `json:"otherUnanswered"`

	// OtherWorked: one of the others was answered after the first connection
	// with this verdict began.
	OtherWorked bool `json:"otherWorked"`
}

func (*PortReuseFacts) facts() {}

// OnlyReused reports whether most connections on tuples used again were
// delayed, and none of the others.
func (f *PortReuseFacts) OnlyReused() bool {
	return f.OtherDelayed == 0 && 2*f.ReusedDelayed > f.Reused
}

// Variant returns the verdict.
func (f *PortReuseFacts) Variant() string { return string(f.Verdict) }

// A CollisionKind says what snat-port-collision found.
type CollisionKind string

// The kinds.
const (
	CollisionTuple        CollisionKind = "tuple"             // one translated tuple, used by two clients one after the other
	CollisionSimultaneous CollisionKind = "simultaneous-syns" // SYNs of two clients to one service within a millisecond, of which one was lost, again and again
)

// CollisionFacts are the numbers of snat-port-collision. Arrays of two hold the
// old connection's value, then the new one's.
type CollisionFacts struct {
	Kind         CollisionKind `json:"kind"`
	Connections  int           `json:"connections"`         // with the same picture, between the same translated address and service
	Differs      []string      `json:"differs"`             // what tells two clients: "client" (seen before translation), "tsval", "ttl", "mss", "wscale"
	Clients      [2]string     `json:"clients"`             // before translation; "" where no capture point shows it
	TSValBack    uint32        `json:"tsvalBack,omitempty"` // by how much the timestamp value jumps back; valid iff Differs has "tsval"
	TTL          [2]uint8      `json:"ttl"`
	MSS          [2]uint16     `json:"mss"`
	WScale       [2]int8       `json:"wscale"` // -1 without the option, or, with TTL and MSS 0, where only another capture point tells the two apart
	ChallengeACK bool          `json:"challengeAck"`
	SYNs         int           `json:"syns"`      // of the new connection
	Answered     bool          `json:"answered"`  // the new connection got a SYN-ACK in the end
	SinceLast    float64       `json:"sinceLast"` // seconds from the last packet of the old connection to the new SYN
	Lonely       int           `json:"lonely"`    // simultaneous-syns: SYNs sent again that had no simultaneous one beside them
}

func (*CollisionFacts) facts() {}

// Variant returns the kind.
func (f *CollisionFacts) Variant() string { return string(f.Kind) }

// RefusedFacts are the numbers of connection-refused: of one port of one
// server, or of the many ports that a scan found closed.
type RefusedFacts struct {
	Connections int     `json:"connections"` // refused
	Clients     int     `json:"clients"`
	Ports       int     `json:"ports"`  // 1 unless it is a scan
	After       float64 `json:"after"`  // seconds from the first refused SYN to its RST
	Window      Window  `json:"window"` // from the first refusal to the last
	Before      int     `json:"before"` // connections answered before the first refusal
	Later       int     `json:"later"`  // connections answered after the last refusal
	Between     int     `json:"between"`
	WorkedUntil float64 `json:"workedUntil"` // seconds from the last answer before to the first refusal; valid iff Before > 0
	WorksAgain  float64 `json:"worksAgain"`  // seconds from the last refusal to the next answer; valid iff Later > 0
	OtherFamily string  `json:"otherFamily"` // IPv4 endpoint of the same MAC address and port that answers where the IPv6 one refuses, or ""
}

func (*RefusedFacts) facts() {}

// DeadBackendFacts are the numbers of dead-backend.
type DeadBackendFacts struct {
	Connections     int     `json:"connections"` // that got nothing
	Clients         int     `json:"clients"`
	ReusedPorts     int     `json:"reusedPorts"`     // of the connections, those on a tuple used before
	Window          Window  `json:"window"`          // from the first unanswered SYN to the last
	Earlier         int     `json:"earlier"`         // connections that it answered before
	SilentFor       float64 `json:"silentFor"`       // seconds from its last answer to the first unanswered SYN; valid iff Earlier > 0
	Recovered       bool    `json:"recovered"`       // the next SYN was answered by a SYN-ACK
	Refused         bool    `json:"refused"`         // or by a RST
	RecoveredAfter  float64 `json:"recoveredAfter"`  // seconds from the last unanswered SYN to that answer; valid iff Recovered or Refused
	LeftAlone       float64 `json:"leftAlone"`       // seconds from the last unanswered SYN to the end of the capture; valid iff neither
	Siblings        int     `json:"siblings"`        // other addresses that answered on the same port meanwhile
	SiblingAnswers  int     `json:"siblingAnswers"`  // connections they answered
	SiblingsFirst   string  `json:"siblingsFirst"`   // one of them
	SameClient      bool    `json:"sameClient"`      // a client that got nothing here was answered by a sibling
	OtherSilentOnes int     `json:"otherSilentOnes"` // further silent addresses on the same port
}

func (*DeadBackendFacts) facts() {}

// HairpinFacts are the numbers of hairpin-no-return.
type HairpinFacts struct {
	SelfAddressed bool     `json:"selfAddressed"` // the SYN has the pod's own address on both ends: translated, but not masqueraded
	Failed        int      `json:"failed"`        // connections of the pod to the service that got nothing
	Delayed       int      `json:"delayed"`       // those that were answered when their SYN was sent again
	Answered      int      `json:"answered"`      // those that were answered at once
	Elsewhere     int      `json:"elsewhere"`     // connections of the pod to other services, all answered at once; counted where Failed does not decide
	OthersFailed  int      `json:"othersFailed"`  // connections of other clients to the service that got nothing
	Others        int      `json:"others"`        // connections of other clients to the service
	Serves        []uint16 `json:"serves"`        // ports on which the pod itself answered
}

func (*HairpinFacts) facts() {}

// BlackoutFacts are the numbers of pod-start-blackout.
type BlackoutFacts struct {
	Host         string  `json:"host"`
	Duration     float64 `json:"duration"`     // seconds from its first packet to the first answer
	Destinations int     `json:"destinations"` // that it sent to meanwhile; all of them answered later
	Packets      int     `json:"packets"`      // that it sent meanwhile
	SinceCapture float64 `json:"sinceCapture"` // seconds from the first frame of the capture to its first packet
}

func (*BlackoutFacts) facts() {}

// InvalidRSTFacts are the numbers of conntrack-invalid-rst.
type InvalidRSTFacts struct {
	Service     string `json:"service"`     // what the client is connected to
	Backend     string `json:"backend"`     // where the untranslated segment came from
	Handshake   bool   `json:"handshake"`   // the segment was the SYN-ACK
	Killed      bool   `json:"killed"`      // the connection to the service was reset afterwards
	Connections int    `json:"connections"` // of the same client to the same service that show it
}

func (*InvalidRSTFacts) facts() {}

// ZeroWindowFacts are the numbers of tcp-zero-window.
type ZeroWindowFacts struct {
	Receiver    string  `json:"receiver"`    // "client" or "server": who takes no more data
	Connections int     `json:"connections"` // of the same client to the same service
	Stalls      int     `json:"stalls"`      // in all of them
	Longest     float64 `json:"longest"`     // seconds
	Total       float64 `json:"total"`       // seconds, in all connections
	Probes      int     `json:"probes"`      // packets of the sender during the longest stall
	Reopened    bool    `json:"reopened"`    // the longest stall ended with a window update
	Reset       bool    `json:"reset"`       // the longest stall ended with a RST
}

func (*ZeroWindowFacts) facts() {}

// RetransmissionFacts are the numbers of tcp-retransmission-burst. All but
// Connections are of the worst connection.
type RetransmissionFacts struct {
	Sender      string  `json:"sender"` // "client" or "server": whose segments are lost
	Connections int     `json:"connections"`
	Segments    uint32  `json:"segments"` // packets of that side
	Resent      int     `json:"resent"`   // of them, data sent again
	SameSegment int     `json:"sameSegment"`
	Stall       float64 `json:"stall"`   // seconds from the first time that one segment was sent again to the last
	Length      int     `json:"length"`  // bytes of that segment
	Burst       int     `json:"burst"`   // most segments sent again within a second
	Dead        bool    `json:"dead"`    // nothing came after the last of them
	Closing     bool    `json:"closing"` // a FIN was seen before
}

func (*RetransmissionFacts) facts() {}

// BurstFacts are the numbers of connection-burst, at one capture point.
type BurstFacts struct {
	PeakNew    int            `json:"peakNew"`    // most new flows within a second
	PeakNewBy  map[string]int `json:"peakNewBy"`  // of them, by protocol
	PeakNewDNS int            `json:"peakNewDns"` // of them, DNS over UDP
	PeakOpen   int            `json:"peakOpen"`   // most entries at once that conntrack would hold for them
	PeakOpenBy map[string]int `json:"peakOpenBy"` // of them, by protocol
	Flows      int            `json:"flows"`      // in all
	DNS        int            `json:"dns"`        // of them, DNS over UDP
	SilentFrom *Moment        `json:"silentFrom"` // begin of the ten seconds in which most clients got nothing; null where there were none
	Clients    int            `json:"clients"`    // that got nothing then
	Servers    int            `json:"servers"`    // that gave nothing then
	GoingOn    int            `json:"goingOn"`    // packets of answered connections from server to client then
	NearLimit  int            `json:"nearLimit"`  // the usual nf_conntrack_max that PeakOpen comes near, or 0
}

func (*BurstFacts) facts() {}

// RejectedFacts are the numbers of connection-rejected-icmp.
type RejectedFacts struct {
	Reason   string  `json:"reason"`   // "port", "host", "net", "admin" or "other"
	By       string  `json:"by"`       // address that sent the ICMP errors
	ByServer bool    `json:"byServer"` // it is the one that the packets went to
	Packets  int     `json:"packets"`  // rejected
	Clients  int     `json:"clients"`
	Ports    int     `json:"ports"`  // of the server, that were rejected
	Within   float64 `json:"within"` // seconds from the packet to the error, the shortest seen; -1 where no packet was seen
	Window   Window  `json:"window"` // first to last error
	Before   int     `json:"before"` // flows to these ports that were answered before the first error
	Later    int     `json:"later"`  // and after it
}

func (*RejectedFacts) facts() {}

// Variant returns the reason.
func (f *RejectedFacts) Variant() string { return f.Reason }
