package analyzer

import (
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// An Input is one capture to read.
type Input struct {
	Name string                        // name of the capture point as the user gave it, or ""
	Path string                        // for reports
	Open func() (io.ReadCloser, error) // called once, of a rotated set twice; its error names the file, as that of os.Open does
}

// Options say how an analysis is done.
type Options struct {
	Detectors []*Detector

	// Catalog returns the documented issues. It is called only where findings or
	// versions ask for them, since reading them takes longer than a small
	// capture. nil means no diagnoses.
	Catalog func() (*catalog.Catalog, error)

	Context     catalog.Context
	Path        []string       // names of capture points in the order in which packets of clients pass them; nil to find it out
	Join        bool           // all inputs are files of one capture, whatever their names
	VXLANPorts  []uint16       // UDP ports taken for VXLAN besides 4789 and 8472
	GenevePorts []uint16       // UDP ports taken for Geneve besides 6081
	MaxFlows    int            // flows kept at once; 0 means flow.DefaultMaxFlows
	Version     string         // of the program, for Report.Version
	Progress    func(Progress) // called now and then while reading; nil for none
}

// Progress tells how far an analysis is.
type Progress struct {
	Path   string
	Frames int
	Bytes  int64 // of the capture, decompressed
}
