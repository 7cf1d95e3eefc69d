package htmlreport

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/prose"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

//go:embed page.html figures.html summary.html style.css
var files embed.FS

// Options say how a report is written.
type Options struct {
	Lang text.Lang
	// Bar is put above the report by a server, which then has to send a
	// Content-Security-Policy with StyleHash: the page leaves out its own.
	Bar template.HTML
}

// Write writes r to w as an HTML page. An error is one of w.
func Write(w io.Writer, r *analyzer.Report, o Options) error {
	p := newPage(r, words{prose.Prose{Lang: o.Lang}})
	p.Bar = o.Bar
	return execute(w, "page.html", p, o)
}

// execute writes a template as a whole, so that a reader never sees half of it.
func execute(w io.Writer, name string, data any, o Options) error {
	parse := english
	if o.Lang == text.Chinese {
		parse = chinese
	}
	t, err := parse()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// The templates are parsed when they are first used: that takes longer than
// the analysis of a small capture.
var (
	english = sync.OnceValues(func() (*template.Template, error) { return parse(text.English) })
	chinese = sync.OnceValues(func() (*template.Template, error) { return parse(text.Chinese) })
)

func parse(lang text.Lang) (*template.Template, error) {
	return template.New("").Funcs(words{prose.Prose{Lang: lang}}.funcs()).ParseFS(files, "*.html")
}

// style returns the style sheet.
func style() (template.CSS, error) {
	css, err := files.ReadFile("style.css")
	return template.CSS(css), err
}

// StyleHash returns the source expression of Content-Security-Policy that
// allows the one style element of the page: 'sha256-…'.
func StyleHash() (string, error) {
	css, err := style()
	if err != nil {
		return "", err
	}
	// The hash covers all between the tags, the line breaks of the template
	// included (CSP Level 3, section 6.7.3.3).
	sum := sha256.Sum256([]byte("\n" + string(css)))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", nil
}
