package reporttest

import (
	"errors"
	"io/fs"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Healthy returns the report of two captures in which nothing is wrong.
func Healthy() *analyzer.Report {
	return &analyzer.Report{
		Version: "v1.0.0",
		Captures: []analyzer.Capture{
			{Path: "node-a.pcap", SHA256: "aa", Format: "pcap", Bytes: 1500, Frames: 12, First: at(0), Last: at(1.5)},
			{Path: "node-b.pcapng.gz", SHA256: "bb", Format: "pcapng", Compression: "gzip", Bytes: 1300, Frames: 8, First: at(0.0004), Last: at(1.5004)},
		},
		Points: []analyzer.Point{
			{Name: "a", Link: capture.LinkEthernet, Frames: 12, Snaplen: 262144},
			{ID: 1, Capture: 1, Name: "b/eth0", Link: capture.LinkEthernet, Frames: 5, HasDrops: true},
			{ID: 2, Capture: 1, Name: "b/flannel.1", Link: capture.LinkEthernet, Frames: 3, HasDrops: true},
		},
		Stats: analyzer.Stats{
			Frames: 20, Bytes: 2500, Flows: 3,
			Levels:    [decoders.NumEncaps]int{decoders.EncapNone: 20},
			Checksums: []analyzer.ChecksumCount{{Level: "only", Protocol: "tcp", Counts: counts(checksum.Good, 15, checksum.Partial, 5)}},
		},
		Rules:   rules(),
		Checked: rules(),
	}
}

// Empty returns the report of a capture with a header and no packet.
func Empty() *analyzer.Report {
	return &analyzer.Report{
		Version:  "v1.0.0",
		Captures: []analyzer.Capture{{Path: "empty.pcap", SHA256: "cc", Format: "pcap", Bytes: 24}},
		Points:   []analyzer.Point{{Name: "empty", Link: capture.LinkEthernet, Snaplen: 65535}},
		Rules:    rules(),
		NotChecked: []analyzer.NotChecked{
			{Rule: dnsRetry, Reason: text.Text{EN: "no packet", ZH: "没有报文"}},
			{Rule: synLadder, Reason: text.Text{EN: "no packet", ZH: "没有报文"}},
		},
	}
}

// hostile is what a capture may hold to fool whoever reads the report: colour
// and cursor control, bidi overrides, line breaks and bytes that are no UTF-8.
const hostile = "x\x1b[2J\u202egnp.\u200b\nERROR certain\xff"

// Hostile returns the report of a truncated capture that puts hostile text
// wherever text of a capture can reach a report, and ends a ladder open.
func Hostile() *analyzer.Report {
	f := finding.Finding{
		ID: "F1", Rule: synLadder, Severity: finding.Warning,
		Message: text.Sprintf("no answer from %s", "%s 无应答", hostile),
		Flow: finding.FlowRef{
			Client: "[fd00:10:244::1234:5678:9abc:def0]:41000", Server: "[fd00:10:244:2:1234:5678:9abc:1]:443",
			Protocol: "tcp", Encap: "none",
		},
		Facts: &finding.LadderFacts{
			Rungs: []float64{0, 1.01}, Gaps: []float64{1.01}, Family: "unknown", Outcome: finding.CaptureEnd, Connections: 1,
			Attempts: []finding.Attempt{{Frame: 1, Inner: checksum.Partial}, {Frame: 4, At: 1.01, Inner: checksum.Partial}},
		},
		Evidence: []finding.Evidence{
			{Frame: 1, Time: at(0), Text: "first"},
			{Frame: 4, Time: at(1.01), Text: "again"},
			{Frame: 5, Time: at(1.2), Text: "name " + hostile},
		},
	}
	return &analyzer.Report{
		Version: "v1.0.0",
		Captures: []analyzer.Capture{{
			Path: "/very/long/folder/of/some/support/ticket/2020-05-25/uploads/" + hostile + ".pcap", Format: "pcap",
			Bytes: 400, Frames: 5, First: at(0), Last: at(1.2), Truncated: true, Comments: []string{"comment " + hostile},
		}},
		Points: []analyzer.Point{{Name: "if " + hostile, Link: capture.LinkSLL2, Frames: 5, Snaplen: 96, Drops: 17, HasDrops: true}},
		Stats: analyzer.Stats{
			Frames: 5, Bytes: 4000, Flows: 2, Levels: [decoders.NumEncaps]int{decoders.EncapNone: 5},
			Checksums:          []analyzer.ChecksumCount{{Level: "only", Protocol: "tcp", Counts: counts(checksum.Partial, 2, checksum.Unverifiable, 3)}},
			SYNRetransmissions: 1,
		},
		Findings: []finding.Finding{f},
		Rules:    rules(),
		Checked:  []*finding.Rule{dnsRetry, portReuse},
		Problems: []analyzer.Problem{
			{Code: "truncated", Count: 1, FirstFrame: 6, Detail: "file ends 12 bytes into frame 6"},
			{Code: "headers-cut", Count: 3, FirstFrame: 2, Detail: hostile},
		},
	}
}

// Failed returns the report of two inputs one of which could not be read.
func Failed() *analyzer.Report {
	r := Healthy()
	r.Failed = []analyzer.Failure{{
		Path: "gone\x1b[1m.pcap",
		Err:  fs.ErrNotExist,
	}, {
		Path: "notes.txt",
		Err:  errors.New("neither pcap nor pcapng: begins with 23 20 4e 6f"),
	}}
	return r
}

// Interrupted returns the report of an analysis that was stopped half way.
func Interrupted() *analyzer.Report {
	r := Healthy()
	r.Captures[0].SHA256 = ""
	r.Interrupted = true
	return r
}

// Several returns a report with two diagnoses, the weaker one second.
func Several() *analyzer.Report {
	r := Ladder()
	r.Diagnoses = append(r.Diagnoses, diagnosis.Diagnosis{
		Issue: OffloadThroughput(), Severity: finding.Info, Confidence: diagnosis.Low,
		Why:      []text.Text{{EN: "no segment of the tunnel device is larger than the MSS", ZH: "隧道网卡上没有大于 MSS 的分段"}},
		Against:  []text.Text{{EN: "short connections look the same", ZH: "短连接的表现相同"}},
		Versions: catalog.StatusUnknown,
	})
	return r
}
