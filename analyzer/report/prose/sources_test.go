package prose

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// TestReasonsHaveWords looks at every reason for leaving something out.
func TestReasonsHaveWords(t *testing.T) {
	for _, r := range []bundle.Reason{
		bundle.Link, bundle.Special, bundle.Encrypted, bundle.Unsupported, bundle.Damaged, bundle.TooDeep,
		bundle.Cut, bundle.TooMany, bundle.TooMuch, bundle.Ratio, analyzer.NotRecognised, analyzer.TooManyCaptures,
	} {
		if w := reasonWords[r]; w.EN == "" || w.ZH == "" {
			t.Errorf("%s has no words", r)
		}
	}
}
