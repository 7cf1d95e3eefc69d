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

// problems are the codes that reports name the problems by, and what they mean.
var problems = [numProblems]struct{ code, meaning string }{
	{CodeLinkType, "a link type that is not decoded"},
	{"headers-cut", "the snaplen cut the frame before its headers end"},
	{"malformed", "a header contradicts itself or does not fit into the frame"},
	{"too-many-levels", "more tunnels in one another than are followed"},
	{"ethertype-unknown", "a link-layer protocol that is not decoded"},
	{"ip-protocol-unknown", "an IP protocol that is not decoded"},
	{"fragments-refused", "a fragment overlaps or contradicts others of its datagram, which is refused (RFC 5722)"},
}

// Has reports whether all of q are set.
func (p Problems) Has(q Problems) bool { return p&q == q }

// Each calls f with the code and the meaning of each problem in p, in a fixed
// order.
func (p Problems) Each(f func(code, meaning string)) {
	for i := range problems {
		if p&(1<<i) != 0 {
			f(problems[i].code, problems[i].meaning)
		}
	}
}

// String returns the codes, comma-separated.
func (p Problems) String() string {
	var codes []string
	p.Each(func(c, _ string) { codes = append(codes, c) })
	return strings.Join(codes, ",")
}
