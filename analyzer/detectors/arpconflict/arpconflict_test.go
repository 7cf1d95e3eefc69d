package arpconflict_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/arpconflict"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, arpconflict.Detector) }
