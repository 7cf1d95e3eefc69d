package innersum_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/innersum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, innersum.Detector) }
