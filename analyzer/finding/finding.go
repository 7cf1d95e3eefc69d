// Package finding holds what detectors report: rules, findings, their facts
// and the evidence. Everything here is a value that outlives the packets.
package finding

import (
	"fmt"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A Severity says how much a finding matters to the person who reads it.
type Severity uint8

// The severities, least first. The zero value means "not known".
const (
	SeverityUnknown Severity = iota
	Info                     // worth knowing, no fault by itself
	Warning                  // something did not work
	Error                    // a fault that is proved
)

var severityNames = [...]string{"unknown", "info", "warning", "error"}

// String returns the word of the JSON report.
func (s Severity) String() string { return severityNames[s] }

// MarshalText encodes s as its word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText decodes a word of String.
func (s *Severity) UnmarshalText(word []byte) error {
	i := slices.Index(severityNames[:], string(word))
	if i < 0 {
		return fmt.Errorf("%q is no severity", word)
	}
	*s = Severity(i)
	return nil
}

// A Rule is a thing a detector looks for. IDs are part of the contract with
// users: kebab-case, never renamed.
type Rule struct {
	ID      string
	Title   text.Text // one line, no full stop
	Summary text.Text // what it looks for and what it leaves alone
}

// A Finding is one occurrence of a rule.
type Finding struct {
	ID       string // "F1" …, in the order of the report; given by the analyzer
	Rule     *Rule
	Severity Severity
	Message  text.Text
	Flow     FlowRef // the flow concerned; zero where a finding has no single flow
	Facts    Facts   // the numbers, for diagnosis and machines; may be nil
	Evidence []Evidence
	More     int      // evidence frames left out because of MaxEvidence
	Same     []string // IDs of the findings of the same rule about the same connection at other points

	// Caveat says why the finding is less sure than it reads, because of what
	// it was read from; zero where nothing makes it so. A diagnosis that rests
	// on such a finding is one step less sure.
	Caveat text.Text
}

// MaxEvidence bounds the evidence frames of one finding.
const MaxEvidence = 32

// Facts are the numbers of a finding in a form that diagnosis and JSON can
// read: one of the …Facts structs of this package. They hold values only.
type Facts interface{ facts() }

// A Variant is Facts of a rule that finds different things. Variant returns
// which of them was found: a word that stays the same from one capture of the
// fault to the next.
type Variant interface{ Variant() string }

// A FlowRef names a flow in a report. Client and server are the sender and
// the receiver of its first packet (of its SYN, where one was seen).
type FlowRef struct {
	Client, Server           string // "10.244.0.0:2201"; the bare address for protocols without ports
	Protocol                 string // "tcp", "udp", "icmp" …; "" means no flow
	Encap                    string // encapsulation of the innermost level, "none" without one
	VNI                      uint32 // valid iff Encap carries one
	OuterClient, OuterServer string // addresses of the outermost level, "" without encapsulation
	CommunityID              string // Community ID v1 of the inner tuple, seed 0
	Point                    int    // capture point, index into the report's points
}

// An Evidence names one frame and says what it shows.
type Evidence struct {
	Point int // index into the report's points
	Frame int // from 1 in its capture, as Wireshark counts; through all files of a capture of several
	Time  capture.Timestamp
	Text  string // tcpdump-like line; facts only, the same in every language
}
