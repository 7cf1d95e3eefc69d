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
