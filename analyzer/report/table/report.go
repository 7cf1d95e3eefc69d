package table

import (
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// Write writes r to w as text. An error is one of w.
func Write(w io.Writer, r *analyzer.Report, o Options) error {
	p := newPage(o)
	p.verdicts(r)
	p.cautions(r)
	for i := range r.Diagnoses {
		p.diagnosis(r, i)
	}
	p.points(r)
	p.findings(r)
	p.byVersion(r)
	p.coverage(r)
	p.sources(r)
	p.captures(r)
	p.checksums(r)
	p.line("")
	p.para(0, "pcapdiag "+r.Version)
	return p.writeTo(w)
}
