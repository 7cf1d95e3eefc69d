package snatcollision_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/snatcollision"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, snatcollision.Detector) }
