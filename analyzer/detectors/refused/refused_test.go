package refused_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/refused"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, refused.Detector) }
