package hairpin_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/hairpin"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, hairpin.Detector) }
