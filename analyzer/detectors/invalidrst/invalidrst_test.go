package invalidrst_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/invalidrst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, invalidrst.Detector) }
