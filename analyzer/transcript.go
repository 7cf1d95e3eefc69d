package analyzer

import (
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// transcriptCaveat goes with all that is found in what tcpdump printed.
var transcriptCaveat = text.Text{
	EN: "read from the lines that tcpdump printed, not from a capture: there is no payload, no checksum without -vv and never the value of a right one (0x0000 stands for it); one step less sure",
	ZH: "来自 tcpdump 打印的文本而非抓包文件：没有载荷，未加 -vv 时没有校验和，且从不显示正确校验和的值（以 0x0000 代替）；可信度降低一级",
}

// markTranscripts gives the findings that rest on transcripts their caveat.
func (r *Report) markTranscripts() {
	printed := func(point int) bool { return r.Captures[r.Points[point].Capture].Format == capture.FormatText }
	for i := range r.Findings {
		f := &r.Findings[i]
		if len(f.Evidence) == 0 && f.Flow.Protocol == "" {
			// Of a capture as a whole: no point is named, and what it says of a
			// transcript it says as such.
			continue
		}
		if f.Flow.Protocol != "" && printed(f.Flow.Point) ||
			slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return printed(e.Point) }) {
			f.Caveat = transcriptCaveat
		}
	}
}
