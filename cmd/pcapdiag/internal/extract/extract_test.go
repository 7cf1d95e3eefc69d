package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const lab = "../../../../testdata/lab/lad63.A-eth0.pcap"

// job wants frames 2 and 5 of a capture, which is read as open returns it.
func job(open func(string) (io.ReadCloser, error)) Job {
	rule := &finding.Rule{ID: "syn-retry-ladder"}
	f := finding.Finding{
		ID: "F1", Rule: rule, Severity: finding.Warning, Message: text.Text{EN: "late\x1b[2J"},
		Evidence: []finding.Evidence{{Frame: 5, Text: "first named"}, {Frame: 2, Text: "\u202eback"}},
	}
	r := &analyzer.Report{
		Version: "v1", Captures: []analyzer.Capture{{Path: "dir/x.pcap"}}, Points: []analyzer.Point{{}}, Findings: []finding.Finding{f},
	}
	return Job{Report: r, Finding: &r.Findings[0], Open: open, Interrupted: func() error { return nil }}
}

func TestWrite(t *testing.T) {
	j := job(func(string) (io.ReadCloser, error) { return os.Open(lab) })
	var b bytes.Buffer
	n, err := j.Write(&b)
	if err != nil || n != 2 {
		t.Fatalf("%d frames, %v", n, err)
	}
	source, err := os.ReadFile(lab)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := read(t, source)
	got, info := read(t, b.Bytes())
	for i, number := range []int{2, 5} {
		if got[i] != all[number-1] {
			t.Errorf("frame %d came out as\n%s, want\n%s", number, got[i], all[number-1])
		}
	}
	want := `F1 syn-retry-ladder: \u202eback|F1 syn-retry-ladder (warning): late\x1b[2J` + "\nfirst named"
	if got := strings.Join(info.Comments, "|"); got != want {
		t.Errorf("comments %q, want %q", got, want)
	}
}

func TestWriteFails(t *testing.T) {
	gone := errors.New("gone")
	for _, tt := range []struct {
		name string
		open func(string) (io.ReadCloser, error)
		want error
	}{
		{"capture was cut since", func(string) (io.ReadCloser, error) {
			data, err := os.ReadFile(lab)
			return io.NopCloser(bytes.NewReader(data[:400])), err
		}, errChanged},
		{"capture is gone", func(string) (io.ReadCloser, error) { return nil, gone }, gone},
		{"something else is there now", func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil }, capture.ErrNotCapture},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := job(tt.open)
			if _, err := j.Write(io.Discard); !errors.Is(err, tt.want) || !strings.Contains(err.Error(), "dir/x.pcap") {
				t.Errorf("error %v, want %v with the path", err, tt.want)
			}
		})
	}
}

// Ctrl-C between two frames ends the copying.
func TestWriteInterrupted(t *testing.T) {
	j := job(func(string) (io.ReadCloser, error) { return os.Open(lab) })
	frames := 0
	j.Interrupted = func() error {
		if frames++; frames > 3 {
			return context.Canceled
		}
		return nil
	}
	if n, err := j.Write(io.Discard); n != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d frames, error %v", n, err)
	}
}

// read returns the frames of a capture as text: time, length and bytes.
func read(t *testing.T, data []byte) (frames []string, info *capture.Info) {
	t.Helper()
	rd, err := capture.Open(bytes.NewReader(data), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	for {
		if err := rd.Next(&f); err == io.EOF {
			return frames, rd.Info()
		} else if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, f.Time.Time().String()+" "+string(f.Data))
	}
}
