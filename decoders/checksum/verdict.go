package checksum

// A Verdict is what one checksum field tells. Only Bad, NATOnZero and
// NATOnLCO are faults; Partial and LCO are what a sender's own capture shows
// when the network card fills in checksums, and a fault only in a frame that
// came over a wire.
type Verdict uint8

// The verdicts. The zero value means that the level has no such checksum.
const (
	None         Verdict = iota
	Good                 // the field is right
	Absent               // UDP 0: the sender chose to send none (RFC 768)
	Partial              // the field holds the folded pseudo-header sum: CHECKSUM_PARTIAL of Linux, left to hardware; an IPv4 header checksum or a TCP checksum of 0 counts here too
	LCO                  // right as soon as the inner checksum is completed: local checksum offload (kernel lco_csum)
	NATOnZero            // 0xffff, or the difference of two addresses: NAT "updated" a UDP checksum of 0 (Linux before ea64d8d6c675)
	NATOnLCO             // right for another source port: NAT changed the port of a tunnel packet and left its finished checksum alone
	Bad                  // wrong, and none of the above
	Unverifiable         // cut by the snaplen, a fragment, merged by GRO/GSO, or summed over a header that is itself wrong: nothing can be said
	NumVerdicts          // their number
)

var verdictNames = [NumVerdicts]string{
	"none", "good", "absent", "partial", "lco", "nat-on-zero", "nat-on-lco", "bad", "unverifiable",
}

// String returns the word used in reports.
func (v Verdict) String() string { return verdictNames[v] }

// MarshalText encodes v as its word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Fault reports whether v is a fault wherever the capture was taken.
func (v Verdict) Fault() bool { return v == Bad || v == NATOnZero || v == NATOnLCO }
