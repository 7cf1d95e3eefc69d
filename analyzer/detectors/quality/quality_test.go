package quality_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/quality"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, quality.Detector) }
