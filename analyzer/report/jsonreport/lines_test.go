package jsonreport

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

// What is read back is what was written: the other formats for machines are
// made from it.
func TestReadLines(t *testing.T) {
	var b bytes.Buffer
	for _, f := range reporttest.All() {
		if err := WriteLine(&b, f.Name, f.Report); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strings.Count(b.String(), "\n"), len(reporttest.All()); got != want {
		t.Fatalf("%d lines, want %d", got, want)
	}
	i := 0
	err := ReadLines(&b, func(rec Record) error {
		want := reporttest.All()[i]
		i++
		if rec.Input != want.Name {
			t.Errorf("record of %q, want %q", rec.Input, want.Name)
		}
		data, err := json.Marshal(rec.Report)
		if err != nil {
			return err
		}
		var got map[string]any
		if err := json.Unmarshal(data, &got); err != nil {
			return err
		}
		if want := decode(t, want.Report); !reflect.DeepEqual(got, want) {
			t.Errorf("read back as %v, want %v", got, want)
		}
		return nil
	})
	if err != nil || i != len(reporttest.All()) {
		t.Errorf("%d records and %v", i, err)
	}
}

func TestReadLinesRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := WriteLine(&b, "x", reporttest.Empty()); err != nil {
		t.Fatal(err)
	}
	line := b.String()
	for _, tt := range []struct{ name, in, want string }{
		{"cut", line + line[:40], ErrCut.Error()},
		{"complete but for its end", line + strings.TrimSuffix(line, "\n"), ErrCut.Error()},
		{"no JSON", line + "x\n" + line, "line 2: not a report of pcapdiag"},
		{"another schema", `{"schema":"other"}` + "\n", "line 1: not a report of pcapdiag: its schema is not"},
		{"unknown severity", strings.Replace(line, `"findings":[]`, `"findings":[{"severity":"fatal"}]`, 1), `"fatal" is no severity`},
		{"evidence of a capture that is not there", strings.Replace(line, `"findings":[]`, `"findings":[{"id":"F1","evidence":[{"capture":1}]}]`, 1), `F1 is from capture 1 of 1`},
		{"problem of a capture that is not there", strings.Replace(line, `"problems":[]`, `"problems":[{"capture":-1}]`, 1), `a problem is of capture -1 of 1`},
		{"no time", strings.Replace(line, `"firstTime":null`, `"firstTime":"now"`, 1), `parsing time "now"`},
		{"unknown confidence", strings.Replace(line, `"diagnoses":[]`, `"diagnoses":[{"confidence":"sure"}]`, 1), `"sure" is no confidence`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := ReadLines(strings.NewReader(tt.in), func(Record) error { return nil })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q in it", err, tt.want)
			}
		})
	}
	stop := errors.New("stop")
	if err := ReadLines(strings.NewReader(line), func(Record) error { return stop }); err != stop {
		t.Errorf("error %v, want that of the callback", err)
	}
}

// TestMaxLine reads lines up to a limit and no longer ones.
func TestMaxLine(t *testing.T) {
	var b bytes.Buffer
	if err := WriteLine(&b, "x", reporttest.Empty()); err != nil {
		t.Fatal(err)
	}
	none := func(Record) error { return nil }
	if err := readLines(bytes.NewReader(b.Bytes()), b.Len(), none); err != nil {
		t.Error(err)
	}
	if err := readLines(bytes.NewReader(b.Bytes()), b.Len()-1, none); err == nil || !strings.Contains(err.Error(), "a line is longer than") {
		t.Errorf("error %v", err)
	}
}

func TestReadAll(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, reporttest.Ladder()); err != nil {
		t.Fatal(err)
	}
	if err := WriteLine(&b, "x", reporttest.Healthy()); err != nil {
		t.Fatal(err)
	}
	reports, err := ReadAll(&b)
	if err != nil || len(reports) != 2 || len(reports[0].Findings) != 2 || len(reports[1].Findings) != 0 {
		t.Errorf("%d reports, %v", len(reports), err)
	}
	for _, s := range []string{"x", "{}", `{"schema":"other"}`} {
		if _, err := ReadAll(strings.NewReader(s)); err == nil || !strings.HasPrefix(err.Error(), "not a report of pcapdiag") {
			t.Errorf("%s: %v", s, err)
		}
	}
}
