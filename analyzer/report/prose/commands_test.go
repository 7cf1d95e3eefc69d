package prose

import (
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

func TestTshark(t *testing.T) {
	ladder, hostile, healthy := reporttest.Ladder(), reporttest.Hostile(), reporttest.Healthy()
	files := &analyzer.Report{
		Captures: []analyzer.Capture{{Path: "x.pcap"}, {Path: "x.pcap1", Continues: true, Before: 5},
			{Path: "b.tar/a.pcap", InArchive: true}, {Path: "t.txt", Format: capture.FormatText}},
		Points: []analyzer.Point{{Capture: 0}, {Capture: 2}, {Capture: 3}},
	}
	for _, tt := range []struct {
		name string
		r    *analyzer.Report
		f    finding.Finding
		want []string
	}{
		{"VXLAN", ladder, ladder.Findings[0], []string{
			"tshark -r master.pcap -d udp.port==8472,vxlan -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {1..8}'"}},
		{"hostile path, no tunnel, a gap", hostile, hostile.Findings[0], []string{
			`tshark -r '/very/long/folder/of/some/support/ticket/2020-05-25/uploads/x\x1b[2J\u202egnp.\u200b\x0aERROR certain\xff.pcap'` +
				" -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {1,4..5}'"}},
		{"two captures, frames out of order and twice", healthy, finding.Finding{Evidence: []finding.Evidence{
			{Point: 2, Frame: 7}, {Point: 0, Frame: 3}, {Point: 1, Frame: 6}, {Point: 1, Frame: 6}}}, []string{
			"tshark -r node-b.pcapng.gz -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {6..7}'",
			"tshark -r node-a.pcap -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {3}'"}},
		{"a rotated set, a file in an archive, a transcript", files, finding.Finding{Evidence: []finding.Evidence{
			{Point: 0, Frame: 4}, {Point: 0, Frame: 7}, {Point: 1, Frame: 1}, {Point: 2, Frame: 1}}}, []string{
			"tshark -r x.pcap -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {4}'",
			"tshark -r x.pcap1 -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y 'frame.number in {2}'"}},
		{"no evidence", healthy, finding.Finding{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Tshark(tt.r, &tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
}

func TestShell(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "/srv/a-b_c.pcap", "/srv/a-b_c.pcap"},
		{"empty", "", "''"},
		{"space", "a b", "'a b'"},
		{"quote", "it's", `'it'\''s'`},
		{"command", "$(reboot);`id`", "'$(reboot);`id`'"},
		{"tilde", "~root", "'~root'"},
		{"line break", "a\nreboot", `'a\x0areboot'`},
		{"Chinese", "抓包.pcap", "'抓包.pcap'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Shell(tt.in); got != tt.want {
				t.Errorf("Shell(%q) = %s, want %s", tt.in, got, tt.want)
			}
		})
	}
}
