package finding

// An ARPConflictKind says how it shows that two stations claim one address.
type ARPConflictKind string

// The kinds.
const (
	ARPSameRequest   ARPConflictKind = "same-request"   // both answer one request
	ARPAlternating   ARPConflictKind = "alternating"    // they claim it in turn
	ARPProbeAnswered ARPConflictKind = "probe-answered" // one probes the address before it uses it, the other has it
)

// ARPConflictFacts are the numbers of arp-conflict, of one address.
type ARPConflictFacts struct {
	Address string          `json:"address"`
	MACs    []string        `json:"macs"`
	Kind    ARPConflictKind `json:"kind"` // the surest of what was seen
	Times   int             `json:"times"`
	Window  Window          `json:"window"`
	Mixed   bool            `json:"mixed"` // the capture mixes several interfaces: the claims may be of different segments
}

// ARPUnansweredFacts are the numbers of arp-unanswered, of one address.
type ARPUnansweredFacts struct {
	Target        string `json:"target"`
	Others        bool   `json:"others"` // more than one station asked
	Requests      int    `json:"requests"`
	Window        Window `json:"window"`
	Gateway       bool   `json:"gateway"`       // the address looks like that of a gateway: .1, .254 or 169.254.1.1
	Pod           bool   `json:"pod"`           // it lies in the pod CIDR given
	KnownBefore   bool   `json:"knownBefore"`   // it took part in ARP earlier in the capture
	AnsweredLater bool   `json:"answeredLater"` // it answered in the end
}

func (*ARPConflictFacts) facts()   {}
func (*ARPUnansweredFacts) facts() {}

// Variant names the address, since ARP belongs to no flow.
func (f *ARPConflictFacts) Variant() string { return f.Address + "/" + string(f.Kind) }

// Variant names the address, since ARP belongs to no flow.
func (f *ARPUnansweredFacts) Variant() string { return f.Target }
