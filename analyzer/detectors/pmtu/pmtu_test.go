package pmtu_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/pmtu"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, pmtu.Detector) }
