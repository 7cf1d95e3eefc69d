package jsonreport

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

// A Record is one line of JSON Lines: a report, and what it is of.
type Record struct {
	Input string `json:"input"` // path of the capture, or of the folder that was analysed as one incident
	*Report
}

// WriteLine writes r as one line.
func WriteLine(w io.Writer, input string, r *analyzer.Report) error {
	return WriteRecord(w, Record{Input: input, Report: New(r)})
}

// WriteRecord writes rec as one line.
func WriteRecord(w io.Writer, rec Record) error {
	e := json.NewEncoder(escape.JSON(w))
	e.SetEscapeHTML(false)
	if err := e.Encode(rec); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// ErrCut says that the last line of a file has no end: whoever wrote it was
// stopped. The lines before it were read.
var ErrCut = errors.New("ends inside a line")

// MaxLine bounds a line that is read, in bytes: the report of an incident with
// the captures of a hundred nodes has some megabytes.
const MaxLine = 256 << 20

// ReadLines calls f for each record of r. It returns the error of f or of r;
// ErrCut where only the last line is no record; and an error that names the
// line where another one is not.
func ReadLines(r io.Reader, f func(Record) error) error { return readLines(r, MaxLine, f) }

func readLines(r io.Reader, longest int, f func(Record) error) error {
	br := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := readLine(br, longest)
		if err != nil && err != io.EOF {
			return err
		}
		if len(line) == 0 {
			return nil
		}
		if err == io.EOF {
			return ErrCut // even where it is JSON by chance: a number may have lost its last digits
		}
		rec, err := parse(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := f(rec); err != nil {
			return err
		}
	}
}

// readLine reads a line with its line break; the error is io.EOF where it has
// none.
func readLine(br *bufio.Reader, longest int) ([]byte, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		if line = append(line, part...); len(line) > longest {
			return nil, fmt.Errorf("not a report of pcapdiag: a line is longer than %d bytes", longest)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// ReadAll reads the reports of a file that Write or WriteLine wrote.
func ReadAll(r io.Reader) ([]*Report, error) {
	var reports []*Report
	d := json.NewDecoder(r)
	for {
		var data json.RawMessage
		if err := d.Decode(&data); err == io.EOF {
			return reports, nil
		} else if err != nil {
			return nil, fmt.Errorf("not a report of pcapdiag: %w", err)
		}
		rec, err := parse(data)
		if err != nil {
			return nil, err
		}
		reports = append(reports, rec.Report)
	}
}

func parse(data []byte) (Record, error) {
	var rec Record
	if err := json.Unmarshal(data, &rec); err != nil {
		return rec, fmt.Errorf("not a report of pcapdiag: %w", err)
	}
	if rec.Report == nil || rec.Schema != Schema {
		return rec, fmt.Errorf("not a report of pcapdiag: its schema is not %s", Schema)
	}
	return rec, rec.check()
}

// check refuses a report whose indices and times do not hold: it was not
// written by this program, and other writers rely on them.
func (r *Report) check() error {
	for _, c := range r.Captures {
		for _, at := range []*string{c.FirstTime, c.LastTime} {
			if at == nil {
				continue
			}
			if _, err := time.Parse(timeLayout, *at); err != nil {
				return fmt.Errorf("not a report of pcapdiag: %w", err)
			}
		}
	}
	for _, f := range r.Findings {
		for _, e := range f.Evidence {
			if e.Capture < 0 || e.Capture >= len(r.Captures) {
				return fmt.Errorf("not a report of pcapdiag: %s is from capture %d of %d", f.ID, e.Capture, len(r.Captures))
			}
		}
	}
	for _, p := range r.Problems {
		if p.Capture < 0 || p.Capture >= len(r.Captures) {
			return fmt.Errorf("not a report of pcapdiag: a problem is of capture %d of %d", p.Capture, len(r.Captures))
		}
	}
	return nil
}
