package ipsum_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/ipsum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, ipsum.Detector) }
