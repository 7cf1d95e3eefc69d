package rejected_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/rejected"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, rejected.Detector) }
