package finding

// TunnelFacts are the numbers of tunnel-one-way, of one pair of tunnel
// endpoints.
type TunnelFacts struct {
	From         string `json:"from"` // the endpoint that sends
	To           string `json:"to"`
	Encap        string `json:"encap"`
	Packets      int    `json:"packets"` // tunnel packets seen that way; none came the other way
	Window       Window `json:"window"`
	Unanswered   int    `json:"unanswered"`   // connections and pings inside that got no answer
	PlainBack    int    `json:"plainBack"`    // packets that the other endpoint sent outside the tunnel
	OtherPeers   int    `json:"otherPeers"`   // other endpoints with which the sender exchanges tunnel packets both ways
	RepliesPlain bool   `json:"repliesPlain"` // the answers come back, outside the tunnel
	Rejected     int    `json:"rejected"`     // ICMP errors of the other endpoint that say it has no such tunnel
}

func (*TunnelFacts) facts() {}

// Variant names the endpoints: of the flows inside, any may stand for them.
func (f *TunnelFacts) Variant() string { return f.From + "/" + f.To }
