//go:build !race

package detectors_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/pcapng"
	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// repeated returns a capture of the frames of another, again and again, and
// their number. The times repeat too: flows go on, and none begins.
func repeated(t *testing.T, path string, rounds int) (in analyzer.Input, frames int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := pcapng.NewWriter(&b, "test")
	if err != nil {
		t.Fatal(err)
	}
	interfaces := map[int]int{}
	for range rounds {
		rd, err := capture.Open(bytes.NewReader(data), capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for f := (capture.Frame{}); rd.Next(&f) == nil; frames++ {
			if _, ok := interfaces[f.Point]; !ok {
				if interfaces[f.Point], err = w.AddInterface(pcapng.Interface{Link: f.Link}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Write(&pcapng.Packet{Interface: interfaces[f.Point], Time: f.Time, Len: f.Len, Data: f.Data}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return memory(path, b.Bytes()), frames
}

// remembered are captures of which something is remembered in every round, up
// to a limit, and why.
var remembered = map[string]string{
	"ipvs-stale-backend": "connections that use a tuple again",
	"node.pcap":          "connections that use a tuple again",
	"one-port-busy":      "connections that use a tuple again",
	"port-reuse":         "connections that use a tuple again",
	"snat-one-port":      "connections that use a tuple again",
	"snat-tiny-range":    "connections that use a tuple again",
	"icmp-prohibited":    "connections that an ICMP error refuses",
	"icmp-reject":        "connections that an ICMP error refuses",
}

// TestPacketsAllocateNothing compares some rounds of each capture of testdata
// with three times as many: whatever the link type, the tunnel and the rule, a
// packet costs no memory once its flow is known.
func TestPacketsAllocateNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses thousands of packets of each capture")
	}
	const few, many = 50, 150
	files, err := filepath.Glob("../../testdata/*/*.pcap*")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures: %v", len(files), err)
	}
	for _, path := range files {
		allocs := func(rounds int) (n, frames float64) {
			in, count := repeated(t, path, rounds)
			return testing.AllocsPerRun(1, func() { analyze(t, in) }), float64(count)
		}
		a, short := allocs(few)
		b, long := allocs(many)
		limit := .01
		for name := range remembered {
			if strings.HasPrefix(filepath.Base(path), name) {
				limit = 1
			}
		}
		// The runtime itself allocates now and then.
		if got := (b - a - 10) / (long - short); got > limit {
			t.Errorf("%s: %.3f allocations per packet, %.0f in %.0f packets and %.0f in %.0f", path, got, a, short, b, long)
		}
	}
}

// TestTrafficAllocatesNothing does so with generated traffic: the same flows,
// with more packets each. One packet in a thousand is wrong and may cost what is
// remembered of it, until a limit is reached.
func TestTrafficAllocatesNothing(t *testing.T) {
	allocs := func(packets int) (n, written float64) {
		var b bytes.Buffer
		truth, err := traffic.Write(&b, traffic.Shape{Packets: packets, Flows: 200, Small: true})
		if err != nil {
			t.Fatal(err)
		}
		in := memory("traffic.pcap", b.Bytes())
		return testing.AllocsPerRun(1, func() { analyze(t, in) }), float64(truth.Packets)
	}
	a, short := allocs(100_000)
	b, long := allocs(400_000)
	if got := (b - a) / (long - short); got > .02 {
		t.Errorf("%.4f allocations per packet: %.0f in %.0f packets, %.0f in %.0f", got, a, short, b, long)
	}
}
