package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// counted are the statistics of a JSON report that traffic.Truth knows too.
type counted struct {
	Frames             int
	Bytes              int64
	Flows              int
	Levels             map[string]int
	SYNRetransmissions int
	PortReuses         int
	Checksums          []struct {
		Level, Protocol   string
		Good, Absent, Bad int
		Partial, LCO      int
		NATOnZero         int
		NATOnLCO          int
		Unverifiable      int
	}
}

// truth returns what was counted as traffic.Write counts it: without levels
// and checksums that there are none of.
func (c *counted) truth(syns, ladders int) *traffic.Truth {
	t := &traffic.Truth{
		Packets: c.Frames, Bytes: c.Bytes, Flows: c.Flows, Levels: c.Levels,
		SYNs: syns, Ladders: ladders, SYNRetransmissions: c.SYNRetransmissions, PortReuses: c.PortReuses,
		Bad: map[string]int{},
	}
	maps.DeleteFunc(t.Levels, func(_ string, n int) bool { return n == 0 })
	for _, sum := range c.Checksums {
		t.Absent += sum.Absent
		if sum.Bad > 0 {
			t.Bad[sum.Level+" "+sum.Protocol] = sum.Bad
		}
	}
	return t
}

// TestCountsWhatWasWritten compares the report on generated captures with what
// their generator put into them.
func TestCountsWhatWasWritten(t *testing.T) {
	for _, tt := range []struct {
		name  string
		shape traffic.Shape
	}{
		{"nothing", traffic.Shape{Flows: 1}},
		{"mix", traffic.Shape{Packets: 100_000, Flows: 2_000}},
		{"mix, pcapng", traffic.Shape{Packets: 30_000, Flows: 1_000, Pcapng: true}},
		{"small packets, many flows", traffic.Shape{Packets: 60_000, Flows: 20_000, Small: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "traffic")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			want, err := traffic.Write(file, tt.shape)
			if err != nil {
				t.Fatal(err)
			}
			if faults := want.Ladders + want.PortReuses + len(want.Bad); tt.shape.Packets > 0 && faults < 10 {
				t.Fatalf("there is little to count: %+v", want)
			}
			w := real()
			if got := w.run(t.Context(), []string{"analyze", path, "-o", "json", "--fail-on", "never"}); got != exitOK {
				t.Fatalf("exit %d: %s", got, w.err.String())
			}
			var r struct{ Stats counted }
			if err := json.Unmarshal(w.out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			// The report has no count of connections and none of ladders.
			got := r.Stats.truth(want.SYNs, want.Ladders)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("counted %+v\nwritten %+v", got, want)
			}
			for _, sum := range r.Stats.Checksums {
				if sum.Partial+sum.LCO+sum.NATOnZero+sum.NATOnLCO+sum.Unverifiable > 0 {
					t.Errorf("neither right, wrong nor absent: %+v", sum)
				}
			}
		})
	}
}
