package dnssearch_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/dnssearch"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, dnssearch.Detector) }
