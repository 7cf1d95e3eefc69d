package analyzer

import (
	"cmp"
	"io"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// An Input is one capture to read.
type Input struct {
	Name string                        // name of the capture point as the user gave it, or ""
	Path string                        // for reports
	Open func() (io.ReadCloser, error) // called once, of a rotated set twice; its error names the file, as that of os.Open does

	root string // of a file in an archive: the part of Path that names the archive, with "/"
	in   string // of a file in an archive: Name of that
}

// base returns what points of the input are named after: the name of the file
// without folder and the endings of captures, of a file in an archive its path
// there without the endings.
func (in Input) base() string { return in.nameOf(in.Path) }

// nameOf returns the same for another path beside the input.
func (in Input) nameOf(path string) string {
	name := filepath.Base(path)
	if in.root != "" {
		name = strings.TrimPrefix(path, in.root)
	}
	for _, ext := range capture.CompressionExtensions {
		name = strings.TrimSuffix(name, ext)
	}
	for _, ext := range [...]string{".txt", ".tcpdump", ".pcap", ".pcapng", ".cap"} {
		name = strings.TrimSuffix(name, ext)
	}
	if in.in != "" {
		name = in.in + "/" + name
	}
	return cmp.Or(name, path)
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
	MaxMemory   int64          // bytes, at least MinMemory, which bound the flows further; 0 for no such bound
	Sum         bool           // make the SHA-256 of each file: it takes longer than the rest of the analysis
	Version     string         // of the program, for Report.Version
	Progress    func(Progress) // called now and then while reading a capture, and at its end; nil for none

	// MaxDecompressed bounds the bytes that a compressed capture becomes, and those
	// of all files of an archive. 0 means capture.DefaultMaxDecompressed and
	// bundle.DefaultMaxTotal.
	MaxDecompressed int64

	// Spool returns an empty file in which what archives hold is kept while it
	// is read. nil means memory, which bounds it to bundle.DefaultMaxMemory.
	Spool func() (bundle.Spool, error)
}

// Progress tells how far an analysis is.
type Progress struct {
	Path   string
	Frames int
	Bytes  int64 // of the capture, decompressed
}

// MinMemory is the least that Options.MaxMemory may be, in bytes: twice what
// reading, detectors and reports take with few flows.
const MinMemory = 128 << 20

// maxFlows returns the number of flows that both limits allow. Half of MinMemory
// is left for all else.
func (o *Options) maxFlows() int {
	most := cmp.Or(o.MaxFlows, flow.DefaultMaxFlows)
	if o.MaxMemory > 0 {
		most = min(most, int((max(o.MaxMemory, MinMemory)-MinMemory/2)/flow.BytesPerFlow))
	}
	return most
}
