package dnsretry_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/dnsretry"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestDetector(t *testing.T) { detectortest.Run(t, dnsretry.Detector) }
