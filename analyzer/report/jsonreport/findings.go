package jsonreport

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/fingerprint"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A Finding is one occurrence of a rule.
type Finding struct {
	ID           string           `json:"id"`
	Rule         string           `json:"rule"`
	Severity     finding.Severity `json:"severity"`
	Message      text.Text        `json:"message"`
	Flow         *Flow            `json:"flow"`  // null where the finding is of no single flow
	Facts        any              `json:"facts"` // null where there are none
	Evidence     []Evidence       `json:"evidence"`
	MoreEvidence int              `json:"moreEvidence"` // frames left out
	Same         []string         `json:"same"`         // findings of the same rule about the same connection at other points
	Caveat       text.Text        `json:"caveat"`       // why it is less sure than it reads; "" where nothing makes it so
	Fingerprint  string           `json:"fingerprint"`
}

// A Flow names a flow. Client and server are the sender and the receiver of its
// first packet.
type Flow struct {
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

// An Evidence names one frame and says what it shows.
type Evidence struct {
	Capture int    `json:"capture"`    // index into captures
	Point   int    `json:"point"`      // id of the point
	Frame   int    `json:"frame"`      // in that file
	Time    string `json:"time"`       // by the clock of the point, as in the file
	Common  string `json:"commonTime"` // by that of the first point of the path, as far as packets tell how they differ
	Text    string `json:"text"`
}

func findings(r *analyzer.Report) []Finding {
	return list(r.Findings, func(f finding.Finding) Finding {
		out := Finding{
			ID: f.ID, Rule: f.Rule.ID, Severity: f.Severity, Message: f.Message, Facts: f.Facts,
			Evidence: list(f.Evidence, func(e finding.Evidence) Evidence {
				file, frame := r.Locate(e.Point, e.Frame)
				return Evidence{Capture: file, Point: e.Point, Frame: frame, Time: timeText(e.Time),
					Common: timeText(r.OneClock(e.Point, e.Time)), Text: e.Text}
			}),
			MoreEvidence: f.More, Same: list(f.Same, same), Caveat: f.Caveat,
			Fingerprint: fingerprint.Of(&f),
		}
		if f.Flow.Protocol != "" {
			flow := Flow(f.Flow)
			out.Flow = &flow
		}
		return out
	})
}
