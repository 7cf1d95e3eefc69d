package finding

// PMTUFacts are the numbers of pmtu-blackhole, of one pair of addresses.
// Lengths are IP lengths of one segment in bytes.
type PMTUFacts struct {
	From          string `json:"from"` // sender of the segments
	To            string `json:"to"`
	Stuck         int    `json:"stuck"`     // length that never arrives
	Delivered     int    `json:"delivered"` // longest that arrived before; 0 where there was none
	MSS           int    `json:"mss"`       // that the receiver gave; 0 where it gave none
	Resends       int    `json:"resends"`
	Window        Window `json:"window"`
	Connections   int    `json:"connections"`
	PeerAlive     bool   `json:"peerAlive"`     // the receiver sent something meanwhile, or took a later connection
	SmallerPassed int    `json:"smallerPassed"` // length of a piece of the same data that arrived; 0 without one
	ICMPMTU       int    `json:"icmpMTU"`       // MTU that an ICMP error told; 0 without one
	ICMPElsewhere bool   `json:"icmpElsewhere"` // it was sent to another address than the sender's; valid iff ICMPMTU is not 0
}

func (*PMTUFacts) facts() {}
