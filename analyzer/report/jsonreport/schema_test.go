package jsonreport

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/reporttest"
	"github.com/pcapdiag/pcapdiag/docs/schema"
)

// What is written keeps to the schema, and the schema knows every key of it.
func TestSchema(t *testing.T) {
	s := reporttest.NewSchema(t, closed(t, schema.ReportV1))
	for _, f := range reporttest.All() {
		t.Run(f.Name, func(t *testing.T) {
			var report, line bytes.Buffer
			if err := Write(&report, f.Report); err != nil {
				t.Fatal(err)
			}
			if err := WriteLine(&line, f.Name, f.Report); err != nil {
				t.Fatal(err)
			}
			s.Check(t, report.Bytes())
			s.Check(t, line.Bytes())
		})
	}
}

// closed returns data with every object closed to keys that it does not name.
// The published schema is open, since keys may be added.
func closed(t *testing.T, data []byte) []byte {
	t.Helper()
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			_, named := v["required"]
			if _, said := v["additionalProperties"]; v["type"] == "object" && named && !said {
				v["additionalProperties"] = false
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(doc)
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
