package synackladder_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/synackladder"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, synackladder.Detector) }
