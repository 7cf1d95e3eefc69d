package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

type findingEntry struct {
	ID           string           `json:"id"`
	Rule         string           `json:"rule"`
	Severity     finding.Severity `json:"severity"`
	Message      text.Text        `json:"message"`
	Flow         *flow            `json:"flow"`  // null where the finding is of no single flow
	Facts        finding.Facts    `json:"facts"` // null where there are none
	Evidence     []evidence       `json:"evidence"`
	MoreEvidence int              `json:"moreEvidence"` // frames left out
	Caveat       text.Text        `json:"caveat"`       // why it is less sure than it reads; "" where nothing makes it so
	Fingerprint  string           `json:"fingerprint"`
}

type flow struct {
	Client      string `json:"client"`
	Server      string `json:"server"`
	Protocol    string `json:"protocol"`
	Encap       string `json:"encap"`
	VNI         uint32 `json:"vni"`
	OuterClient string `json:"outerClient"`
	OuterServer string `json:"outerServer"`
	CommunityID string `json:"communityId"`
	Point       int    `json:"point"`
}

type evidence struct {
	Capture int    `json:"capture"` // index into captures
	Point   int    `json:"point"`   // id of the point
	Frame   int    `json:"frame"`   // in that file
	Time    string `json:"time"`
	Text    string `json:"text"`
}

func findings(r *analyzer.Report) []findingEntry {
	return list(r.Findings, func(f finding.Finding) findingEntry {
		out := findingEntry{
			ID: f.ID, Rule: f.Rule.ID, Severity: f.Severity, Message: f.Message, Facts: f.Facts,
			Evidence: list(f.Evidence, func(e finding.Evidence) evidence {
				file, frame := r.Locate(e.Point, e.Frame)
				return evidence{Capture: file, Point: e.Point, Frame: frame, Time: timeText(e.Time), Text: e.Text}
			}),
			MoreEvidence: f.More, Caveat: f.Caveat,
			Fingerprint: fingerprint.Of(&f),
		}
		if f.Flow.Protocol != "" {
			flow := flow(f.Flow)
			out.Flow = &flow
		}
		return out
	})
}
