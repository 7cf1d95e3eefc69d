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
}

func (*PortReuseFacts) facts() {}

// Variant returns the verdict.
func (f *PortReuseFacts) Variant() string { return string(f.Verdict) }
