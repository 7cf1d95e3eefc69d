package prometheus

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
)

func TestWrite(t *testing.T) {
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			data := write(t, jsonreport.New(f.Report))
			reporttest.Golden(t, f.Name+".prom", data)
			check(t, data)
		})
	}
}

func TestWriteSums(t *testing.T) {
	ladder := jsonreport.New(reporttest.Ladder())
	got := string(write(t, ladder, jsonreport.New(reporttest.Failed()), ladder))
	for _, want := range []string{
		"\npcapdiag_captures 4\n",
		"\npcapdiag_captures_unreadable 2\n",
		"\npcapdiag_findings{rule=\"syn-retry-ladder\",severity=\"error\"} 2\n",
		"\npcapdiag_diagnoses{issue=\"vxlan-double-snat-bad-csum\",severity=\"error\",confidence=\"certain\"} 2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

// A report that is read back may name a rule as it likes.
func TestWriteHostileRule(t *testing.T) {
	r := jsonreport.New(reporttest.Hostile())
	r.Findings[0].Rule = "x\"} 1\nup 0\\"
	data := write(t, r)
	check(t, data)
	if want := `pcapdiag_findings{rule="x\"} 1\nup 0\\",severity="warning"} 1`; !strings.Contains(string(data), want) {
		t.Errorf("lacks %s:\n%s", want, data)
	}
}

// line is a line of the text format as far as it is used here.
var line = regexp.MustCompile(`^# (HELP|TYPE) [a-z_]+ .+$|^pcapdiag_[a-z_]+(\{([a-z]+="([^"\\]|\\["\\n])*",?)+\})? [0-9]+$`)

func check(t *testing.T, data []byte) {
	t.Helper()
	for l := range strings.Lines(string(data)) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("line %q", l)
		}
	}
}

func write(t *testing.T, reports ...*jsonreport.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, reports...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
