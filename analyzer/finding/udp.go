package finding

// A RunEnd says how a run of unanswered datagrams ended.
type RunEnd string

// The ends.
const (
	RunAnswered   RunEnd = "answered"    // the same port is answered again
	RunStopped    RunEnd = "stopped"     // the client sent nothing more
	RunCaptureEnd RunEnd = "capture-end" // it went on to the end of the capture
)

// UDPFacts are the numbers of udp-stale-backend and udp-no-reply, of one
// server.
type UDPFacts struct {
	Server         string  `json:"server"`  // address and port
	Ports          int     `json:"ports"`   // source ports without an answer
	Clients        int     `json:"clients"` // their addresses
	Requests       int     `json:"requests"`
	Window         Window  `json:"window"` // of the longest run
	AnsweredBefore bool    `json:"answeredBefore"`
	AnsweredOthers int     `json:"answeredOthers"`    // answers of the server to other ports within the run
	Sibling        string  `json:"sibling,omitempty"` // another address on the same port that answered in that time; "" where the server itself did
	Reused         bool    `json:"reused"`            // every port had been answered before
	End            RunEnd  `json:"end"`
	PauseBefore    float64 `json:"pauseBefore"` // seconds without a datagram before the one that was answered again; valid iff End is RunAnswered
}

func (*UDPFacts) facts() {}
