package zerowindow_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/zerowindow"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, zerowindow.Detector) }
