package summary_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary/summarytest"
)

func TestSummary(t *testing.T) {
	reporttest.Golden(t, "batch.json", write(t, summarytest.Summary()))
	var b summary.Builder
	reporttest.Golden(t, "nothing.json", write(t, b.Summary()))
}

// Shards finish in any order.
func TestSummaryAnyOrder(t *testing.T) {
	want := write(t, summarytest.Summary())
	records := summarytest.Batch()
	for range 20 {
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		var b summary.Builder
		for _, rec := range records {
			if !b.Add(rec) {
				t.Fatalf("%s is taken for a duplicate", rec.Input)
			}
		}
		if got := write(t, b.Summary()); !bytes.Equal(got, want) {
			t.Fatalf("in another order:\n%s", got)
		}
	}
}

func TestAddTwice(t *testing.T) {
	var b summary.Builder
	rec := summarytest.Batch()[0]
	if !b.Add(rec) || b.Add(rec) {
		t.Error("the second record of an input counts")
	}
	if s := b.Summary(); s.Inputs != 1 || s.Issues[0].Inputs != 1 {
		t.Errorf("summary %+v", s)
	}
}

func write(t *testing.T, s *summary.Summary) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
