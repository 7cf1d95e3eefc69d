package htmlreport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// minFrames is the number of frames from which on a picture of them over time
// says more than their list.
const minFrames = 3

// The lanes of a sequence: y of the marks.
const (
	clientLane = 28
	serverLane = 54
)

// newSequence draws when the evidence of a finding was sent, to scale and by
// direction: stalls, gaps that double and answers that come late are seen at
// once. It returns nil where there is nothing to see.
func newSequence(r *analyzer.Report, w words, f *finding.Finding) *timeline {
	if len(f.Evidence) < minFrames || f.Flow.Client == "" || inLadder(r, f) {
		return nil
	}
	from := f.Evidence[0]
	at := func(e finding.Evidence) float64 {
		return r.OneClock(e.Point, e.Time).Sub(r.OneClock(from.Point, from.Time)).Seconds()
	}
	first, last := 0.0, 0.0
	for _, e := range f.Evidence {
		first, last = min(first, at(e)), max(last, at(e))
	}
	if last-first < 1e-3 {
		return nil
	}
	t := newAxis(w, last-first)
	t.ID, t.Shows = f.ID, map[string]bool{}
	loss, isLoss := f.Facts.(*finding.LossFacts)
	answers := 0
	for _, e := range f.Evidence {
		m := mark{X: t.x(at(e) - first), Y: clientLane, Kind: "there"}
		if fromServer(f, e.Text) || isLoss && loss.Towards == "client" {
			m.Y, m.Kind = serverLane, "back"
			answers++
		}
		if isLoss {
			m.Kind = "lost"
		}
		t.Shows[m.Kind] = true
		t.Marks = append(t.Marks, m)
	}
	t.Title = w.say("The frames of %s over time, to scale", "%s 的各帧随时间的分布（按比例）", f.ID)
	t.Desc = w.say("%d frames from the client, %d from the server, in %s s", "客户端 %d 帧，服务端 %d 帧，历时 %s 秒",
		len(f.Evidence)-answers, answers, fmt.Sprintf("%.3g", last-first))
	return &t
}

// inLadder reports whether the picture of a ladder shows the flow of f already.
func inLadder(r *analyzer.Report, f *finding.Finding) bool {
	return slices.ContainsFunc(r.Findings, func(g finding.Finding) bool {
		_, ladder := g.Facts.(*finding.LadderFacts)
		return ladder && g.Flow == f.Flow
	})
}

// fromServer reports whether a line of evidence is of a packet of the server.
// Lines begin with the sender, as pcapdiag or as tcpdump writes an endpoint.
func fromServer(f *finding.Finding, line string) bool {
	server := f.Flow.Server
	if i := strings.LastIndexByte(server, ':'); i > 0 && strings.HasPrefix(line, strings.Trim(server[:i], "[]")+"."+server[i+1:]+" ") {
		return true
	}
	return strings.HasPrefix(line, server+" ")
}
