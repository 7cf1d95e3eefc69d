package serve

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/htmlreport"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/anonymize"
)

// A kept is what stays of an analysis that has ended: a zip archive, in a file
// of the store or in memory. Nothing in it is made again, so an address shows
// for as long as it works what it showed first, also after a new version of the
// program was started (docs/adr/0017-kept-as-written.md).
//
//	analysis.json                        a record
//	report.json report.sarif             the report
//	en/report.html en/report.md zh/…     the report in each language
//	en/page.html zh/page.html            the report with barPlace where the bar belongs
//	evidence/F1.pcapng …                 the frames of findings
type kept struct {
	path string // of the file; "" in memory
	data []byte // in memory
}

const recordName = "analysis.json"

// A record says what an analysis was and how it ended.
type record struct {
	ID         string    `json:"id"`
	Ticket     string    `json:"ticket,omitempty"`
	Ended      time.Time `json:"ended"`
	Progress   measure   `json:"progress"` // at the end, with the state
	Error      string    `json:"error,omitempty"`
	Unreadable bool      `json:"unreadable,omitempty"` // none of the uploads could be read
	Evidence   []string  `json:"evidence,omitempty"`   // findings whose frames are kept
	Key        []byte    `json:"key"`                  // that their frames are anonymised with
	Style      string    `json:"style"`                // hash of the style sheet in the pages, for the policy
}

// barPlace is where the bar of a page goes. No text of a capture or an upload
// can be it, since the page has < in them escaped.
const barPlace = "<!-- bar -->"

// languages are those that reports are kept in.
var languages = []text.Lang{text.English, text.Chinese}

// write writes what is kept of an analysis. r is nil where it has no report.
func (c *record) write(w io.Writer, r *analyzer.Report, evidence map[string][]byte) error {
	z := zip.NewWriter(w)
	add := func(name string, write func(io.Writer) error) error {
		member, err := z.Create(name)
		if err != nil {
			return err
		}
		return write(member)
	}
	err := add(recordName, func(w io.Writer) error { return json.NewEncoder(w).Encode(c) })
	if r != nil {
		err = cmp.Or(err, addReport(add, r))
	}
	for _, id := range slices.Sorted(maps.Keys(evidence)) {
		err = cmp.Or(err, add(evidenceName(id), func(w io.Writer) error {
			_, err := w.Write(evidence[id])
			return err
		}))
	}
	return cmp.Or(err, z.Close())
}

func evidenceName(finding string) string { return "evidence/" + finding + ".pcapng" }

// addReport adds a report in each form and language.
func addReport(add func(string, func(io.Writer) error) error, r *analyzer.Report) error {
	for name, f := range forms {
		for _, l := range languages {
			if l != languages[0] && !f.inLanguages {
				continue
			}
			if err := add(f.member(name, l), func(w io.Writer) error { return f.write(w, r, l) }); err != nil {
				return err
			}
		}
	}
	for _, l := range languages {
		page := func(w io.Writer) error {
			return htmlreport.Write(w, r, htmlreport.Options{Lang: l, Bar: barPlace})
		}
		if err := add(pageName(l), page); err != nil {
			return err
		}
	}
	return nil
}

func pageName(l text.Lang) string { return string(l) + "/page.html" }

// read returns one of the files.
func (k kept) read(name string) ([]byte, error) {
	data, size := io.ReaderAt(bytes.NewReader(k.data)), int64(len(k.data))
	if k.path != "" {
		file, err := os.Open(k.path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		data, size = file, info.Size()
	}
	z, err := zip.NewReader(data, size)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.path, err)
	}
	member, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer member.Close()
	return io.ReadAll(member)
}

// record returns the record.
func (k kept) record() (c record, err error) {
	data, err := k.read(recordName)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("read %s: %w", k.path, err)
	}
	if len(c.Key) != anonymize.KeyLen {
		return c, errors.New("the key is damaged")
	}
	return c, nil
}

// remove deletes the file.
func (k kept) remove() error {
	if k.path == "" {
		return nil
	}
	return os.Remove(k.path)
}
