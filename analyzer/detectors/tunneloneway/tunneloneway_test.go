package tunneloneway_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/tunneloneway"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, tunneloneway.Detector) }
