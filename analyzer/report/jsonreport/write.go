package jsonreport

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// Schema is the value of the key "schema".
const Schema = "pcapdiag/report/v1"

// Write writes r to w. An error is one of w, or a number in the facts of a
// finding that JSON cannot hold (NaN).
func Write(w io.Writer, r *analyzer.Report) error { return encode(w, New(r)) }

// encode writes v indented by two spaces, with a line break at the end and
// with <, > and & as they are: flows are written "a > b".
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(escape.JSON(w))
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// list returns f of each element of s, and [] for none.
func list[S, D any](s []S, f func(S) D) []D {
	out := make([]D, 0, len(s))
	for _, v := range s {
		out = append(out, f(v))
	}
	return out
}

// same is for lists whose elements are in the shape of the schema already.
func same[T any](v T) T { return v }
