package portreuse_test

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/detectors/portreuse"
	"github.com/pcapdiag/pcapdiag/analyzer/detectortest"
)

func TestScripts(t *testing.T) { detectortest.Run(t, portreuse.Detector) }
