package decoders

import "strings"

// Problems is the set of what was wrong with one frame. A problem never stops
// the analysis: the levels decoded before it stand.
type Problems uint16

// The problems.
const (
	ProblemLinkType   Problems = 1 << iota // link type that is not decoded
	ProblemShort                           // the frame was cut by the snaplen before the headers end
	ProblemMalformed                       // a header contradicts itself or does not fit into the frame
	ProblemTooDeep                         // more than MaxLevels levels; the rest was left
	ProblemEtherType                       // a link-layer protocol that is not decoded
	ProblemIPProtocol                      // an IP protocol that is not decoded
	ProblemFragments                       // a fragment overlaps or contradicts others of its datagram, which is refused
	numProblems       = iota
)

// CodeLinkType is the code of ProblemLinkType.
const CodeLinkType = "link-type-unknown"

var problemCodes = [numProblems]string{
	CodeLinkType, "headers-cut", "malformed", "too-many-levels", "ethertype-unknown", "ip-protocol-unknown",
	"fragments-refused",
}

// Has reports whether all of q are set.
func (p Problems) Has(q Problems) bool { return p&q == q }

// Each calls f with the code of each problem in p, in a fixed order.
func (p Problems) Each(f func(code string)) {
	for i, code := range problemCodes {
		if p&(1<<i) != 0 {
			f(code)
		}
	}
}

// String returns the codes, comma-separated.
func (p Problems) String() string {
	var codes []string
	p.Each(func(c string) { codes = append(codes, c) })
	return strings.Join(codes, ",")
}
