package arpunanswered_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/arpunanswered"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, arpunanswered.Detector) }
