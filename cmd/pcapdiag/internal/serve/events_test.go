package serve

import (
	"os"
	"testing"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// Progress is that of all files, whatever they are called.
func TestMeasure(t *testing.T) {
	start := time.Now()
	for _, tt := range []struct {
		name  string
		state string
		seen  []analyzer.Progress
		want  measure // after two seconds
	}{
		{"nothing read", "running", nil, measure{State: "running"}},
		{"one file", "running", []analyzer.Progress{{Path: "a", Frames: 50, Bytes: 500}, {Path: "a", Frames: 100, Bytes: 1000}},
			measure{State: "running", File: "a", Bytes: 1000, Packets: 100, Rate: 50}},
		{"second file", "running", []analyzer.Progress{{Path: "a", Frames: 100, Bytes: 1000}, {Path: "b", Frames: 300, Bytes: 3000}},
			measure{State: "running", File: "b", Bytes: 4000, Packets: 400, Rate: 200}},
		{"second file of the same name", "running", []analyzer.Progress{{Path: "a", Frames: 100, Bytes: 1000}, {Path: "a", Frames: 50, Bytes: 500}},
			measure{State: "running", File: "a", Bytes: 1500, Packets: 150, Rate: 75}},
		{"name that hides something", "running", []analyzer.Progress{{Path: "\u202epacp.a"}}, measure{State: "running", File: `\u202epacp.a`}},
		{"ended", "done", []analyzer.Progress{{Path: "a", Frames: 100, Bytes: 1000}}, measure{State: "done", File: "a", Bytes: 1000, Packets: 100}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := job{state: tt.state, started: start}
			for _, p := range tt.seen {
				j.advance(p)
			}
			if got := j.measure(start.Add(2 * time.Second)); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// In the end progress is of all that was read, however short.
func TestTotal(t *testing.T) {
	s, _ := newServer(t)
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	got := ended(t, s, postFiles(t, "a.pcap", string(data), "b.pcap", string(data)))
	want := measure{State: "done", File: "b.pcap"}
	for _, c := range got.Report.Captures {
		want.Packets += c.Frames
		want.Bytes += c.Bytes
	}
	if got.Progress != want || want.Packets == 0 {
		t.Errorf("%+v, want %+v", got.Progress, want)
	}
}
