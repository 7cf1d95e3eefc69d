package deadbackend_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/deadbackend"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, deadbackend.Detector) }
