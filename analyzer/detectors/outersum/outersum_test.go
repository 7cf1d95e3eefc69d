package outersum_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/outersum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, outersum.Detector) }
