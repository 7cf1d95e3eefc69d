package retransburst_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/retransburst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, retransburst.Detector) }
