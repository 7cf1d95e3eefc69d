package podstart_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/podstart"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, podstart.Detector) }
