package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestSNATCollision(t *testing.T) {
	collision := func(s finding.Severity, f finding.CollisionFacts) []finding.Finding {
		return []finding.Finding{found("snat-port-collision", s, "none", &f)}
	}
	const tuple, syns = finding.CollisionTuple, finding.CollisionSimultaneous
	judged(t, natTupleCollision, []judgement{
		{"challenge ACK", collision(finding.Warning, finding.CollisionFacts{Kind: tuple, ChallengeACK: true}), High},
		{"challenge ACK, and both clients are seen", collision(finding.Warning,
			finding.CollisionFacts{Kind: tuple, ChallengeACK: true, Clients: [2]string{"10.244.1.7:1", "10.244.1.8:1"}}), Certain},
		{"a silent server", collision(finding.Warning, finding.CollisionFacts{Kind: tuple, SYNs: 4}), Medium},
		{"one SYN sent again", collision(finding.Info, finding.CollisionFacts{Kind: tuple, SYNs: 2}), Low},
		{"simultaneous SYNs", collision(finding.Info, finding.CollisionFacts{Kind: syns, Connections: 9}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
	judged(t, snatPortRace, []judgement{
		{"three pairs", collision(finding.Info, finding.CollisionFacts{Kind: syns, Connections: 3}), Low},
		{"six pairs and no other SYN", collision(finding.Info, finding.CollisionFacts{Kind: syns, Connections: 6}), Medium},
		{"six pairs and others", collision(finding.Info, finding.CollisionFacts{Kind: syns, Connections: 6, Lonely: 2}), Low},
		{"absent behind the translation", append(collision(finding.Info, finding.CollisionFacts{Kind: syns, Connections: 3}), lost()), High},
		{"a collision", collision(finding.Warning, finding.CollisionFacts{Kind: tuple}), ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}

// TestSeveralRetriesAreNoRace holds that ladders alone support neither race nor
// collision.
func TestSeveralRetriesAreNoRace(t *testing.T) {
	var ladders []finding.Finding
	for range 9 {
		ladders = append(ladders, found("syn-retry-ladder", finding.Info, "none", &finding.LadderFacts{
			Rungs: []float64{0, 1.01}, Gaps: []float64{1.01}, Outcome: finding.Answered, Connections: 3}))
	}
	for _, j := range judges {
		if c := j.judge(ladders); c != nil && c.confidence > Low {
			t.Errorf("%s: %s", j.issue, c.confidence)
		}
	}
}

func TestSNATPortInNodePortRange(t *testing.T) {
	replyLost := func(client string, s finding.Severity) finding.Finding {
		f := found("syn-ack-retry-ladder", s, "none", &finding.SYNACKFacts{Verdict: finding.ReplyLost, Connections: 1, Failed: 1})
		f.Flow.Client = client
		return f
	}
	inside, outside := replyLost("10.0.0.5:31000", finding.Warning), replyLost("10.0.0.5:45000", finding.Warning)
	judged(t, snatPortInNodePortRange, []judgement{
		{"a port in the range", []finding.Finding{inside}, Medium},
		{"a port outside", []finding.Finding{outside}, ConfidenceUnknown},
		{"both", []finding.Finding{inside, outside}, ConfidenceUnknown},
		{"one retry", []finding.Finding{replyLost("10.0.0.5:31000", finding.Info)}, ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}

// TestTimestampsAlone holds that a collision that only timestamps tell may be of
// one client.
func TestTimestampsAlone(t *testing.T) {
	of := func(clients [2]string, differs ...string) bool {
		c := natTupleCollision([]finding.Finding{found("snat-port-collision", finding.Warning, "none",
			&finding.CollisionFacts{Kind: finding.CollisionTuple, ChallengeACK: true, Differs: differs, Clients: clients})})
		return slices.ContainsFunc(c.against, func(a text.Text) bool { return strings.Contains(a.EN, "one client with two connections") })
	}
	if !of([2]string{}, "tsval") {
		t.Error("timestamps alone: not said")
	}
	if of([2]string{}, "tsval", "ttl") || of([2]string{"10.244.1.7:1", "10.244.1.8:1"}, "tsval") {
		t.Error("said although the TTL, or the pods, tell the two apart")
	}
}
