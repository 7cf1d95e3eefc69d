package serve

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/extract"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/anonymize"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Bounds of the evidence that is kept: each finding costs one more reading of
// the captures and memory for as long as the report is there.
const (
	maxEvidence      = 32      // findings of a report
	maxEvidenceBytes = 4 << 20 // of all their captures

	// leastEvidenceTime is what all of it may take; more where the analysis has
	// taken longer, so that nobody waits much more than twice as long.
	leastEvidenceTime = time.Second
)

// collectEvidence writes the captures of the evidence while the uploads are
// there, for the first findings, which are the gravest. What cannot be written
// is left out: the report is whole without it.
func (s *Server) collectEvidence(ctx context.Context, j *job, r *analyzer.Report) map[string][]byte {
	ctx, cancel := context.WithTimeout(ctx, max(leastEvidenceTime, time.Since(j.started)))
	defer cancel()
	files := extract.NewFiles(ctx, j.inputs, s.Options)
	defer func() {
		if err := files.Close(); err != nil {
			s.Log.Error("removing what archives held", "err", err)
		}
	}()
	kept, left := map[string][]byte{}, maxEvidenceBytes
	for i := range r.Findings[:min(len(r.Findings), maxEvidence)] {
		f := &r.Findings[i]
		if len(f.Evidence) == 0 {
			continue
		}
		work := extract.Job{Report: r, Finding: f, Open: files.Open, Interrupted: ctx.Err, Decode: s.decoding()}
		var b bytes.Buffer
		if _, err := work.Write(&b); err != nil || b.Len() > left {
			continue
		}
		kept[f.ID] = b.Bytes()
		left -= b.Len()
	}
	return kept
}

// evidenceFile answers with the evidence of a finding, F1.pcapng, and with
// ?anonymize=1 with what can be given away of it.
func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request) {
	j, _ := s.find(r.PathValue("id"))
	id, isCapture := strings.CutSuffix(r.PathValue("file"), ".pcapng")
	if !isCapture || !slices.Contains(j.evidence, id) {
		s.notFound(w)
		return
	}
	var change func([]byte) ([]byte, error)
	if r.URL.Query().Get("anonymize") == "1" {
		change = func(data []byte) ([]byte, error) { return s.anonymized(&j, data) }
	}
	s.keptFile(w, &j, evidenceName(id), "application/x-pcapng", change)
}

// anonymized returns a capture of evidence without addresses, names, payload and
// comments.
func (s *Server) anonymized(j *job, data []byte) ([]byte, error) {
	rd, err := capture.Open(bytes.NewReader(data), capture.Options{})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = anonymize.New(j.key, s.decoding()).Copy(&b, rd, "pcapdiag")
	return b.Bytes(), err
}

// decoding says how captures are decoded.
func (s *Server) decoding() decoders.Options {
	return decoders.Options{VXLANPorts: s.Options.VXLANPorts, GenevePorts: s.Options.GenevePorts}
}
