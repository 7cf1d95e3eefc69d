package synladder_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/synladder"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, synladder.Detector) }
