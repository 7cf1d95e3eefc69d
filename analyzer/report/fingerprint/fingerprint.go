// Package fingerprint names a finding in a way that stays the same when the
// same fault is captured again, so that baselines and scanners can tell a
// known finding from a new one.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// length is how many hexadecimal digits are kept: 64 bits, where a collision
// among a million findings has odds of one in 37 million (n²/2 ÷ 2⁶⁴).
const length = 16

// Of returns the fingerprint of f: a hash of its rule, its flow and the kind
// and outcome of what was seen.
//
// Left out is what differs from one capture to the next: frame numbers, times,
// counts, the client's port, which is a new one for every connection, and the
// capture point. The severity is left out as well, which may be judged anew.
func Of(f *finding.Finding) string {
	return digest(
		f.Rule.ID,
		address(f.Flow.Client), f.Flow.Server, f.Flow.Protocol,
		f.Flow.Encap, fmt.Sprint(f.Flow.VNI), f.Flow.OuterClient, f.Flow.OuterServer,
		kind(f.Facts),
	)
}

// OfIssue returns the fingerprint of a diagnosis by the fingerprints of the
// findings that it rests on, in the order of the report. The first one counts:
// a further finding of the same fault does not make another diagnosis.
func OfIssue(issue string, findings []string) string {
	return digest(append([]string{issue}, findings[:min(1, len(findings))]...)...)
}

func digest(fields ...string) string {
	h := sha256.New()
	for _, s := range append([]string{"pcapdiag/v1"}, fields...) { // to be raised when the fields change
		fmt.Fprintf(h, "%d:%s", len(s), s) // with the length, so that no two lists run together
	}
	return hex.EncodeToString(h.Sum(nil))[:length]
}

// address returns endpoint without its port.
func address(endpoint string) string {
	if ap, err := netip.ParseAddrPort(endpoint); err == nil {
		return ap.Addr().String()
	}
	return endpoint
}

// kind returns the facts that do not depend on when the capture was taken.
func kind(facts finding.Facts) string {
	switch f := facts.(type) {
	case *finding.LadderFacts:
		return string(f.Outcome)
	case *finding.ChecksumFacts:
		return fmt.Sprintf("%s/%s/%s", f.Kind, f.Level, f.Protocol)
	case finding.Variant:
		return f.Variant()
	}
	return ""
}
