package udpreply_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/udpreply"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, udpreply.Detector) }
