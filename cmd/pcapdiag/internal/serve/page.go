package serve

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// assets are what the pages load from this server.
//
//go:embed assets/bar.css assets/style.css assets/page.js assets/report.js
var assets embed.FS

//go:embed assets/page.html
var templates string

// A view is what a page is filled with.
type view struct {
	ID, Ticket string   // of the analysis
	Progress   measure  // of the analysis
	Findings   []string // that have evidence to download
	Errors     []string // why there is no report
	Unreadable bool     // for that none of the uploads can be read
	MaxUpload  int64    // bytes of one request
}

// The templates of each language are parsed when they are first used.
var (
	englishPages = sync.OnceValues(func() (*template.Template, error) { return parsePages(text.English) })
	chinesePages = sync.OnceValues(func() (*template.Template, error) { return parsePages(text.Chinese) })
)

func parsePages(lang text.Lang) (*template.Template, error) {
	say := func(en, zh string) string {
		if lang == text.Chinese {
			return zh
		}
		return en
	}
	return template.New("pages").Funcs(template.FuncMap{"say": say}).Parse(templates)
}

// language is that of the query, lang=zh or lang=en, and else the first of the
// browser's languages.
func language(r *http.Request) text.Lang {
	wanted := r.URL.Query().Get("lang")
	if wanted == "" {
		wanted = r.Header.Get("Accept-Language")
	}
	if strings.HasPrefix(wanted, "zh") {
		return text.Chinese
	}
	return text.English
}

// render fills a template.
func render(r *http.Request, name string, v view) ([]byte, error) {
	parse := englishPages
	if language(r) == text.Chinese {
		parse = chinesePages
	}
	t, err := parse()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return b.Bytes(), nil
}

// page answers with a template.
func (s *Server) page(w http.ResponseWriter, r *http.Request, code int, name string, v view) {
	html, err := render(r, name, v)
	if err != nil {
		s.Log.Error("writing a page", "err", err)
		code = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(html) // the client may be gone
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, http.StatusOK, "home", view{MaxUpload: s.MaxUpload})
}

// formPath is where the form of the page goes.
const formPath = "/analyses"

// uploadForm takes what a browser sends that runs no script.
func (s *Server) uploadForm(w http.ResponseWriter, r *http.Request) {
	if j := s.upload(w, r); j != nil {
		http.Redirect(w, r, "/analyses/"+j.id+"?lang="+string(language(r)), http.StatusSeeOther)
	}
}

// analysisPage refreshes itself until there is a report, and then shows it.
func (s *Server) analysisPage(w http.ResponseWriter, r *http.Request) {
	j, ok := s.find(r.PathValue("id"))
	switch {
	case !ok:
		s.page(w, r, http.StatusNotFound, "gone", view{})
	case j.err != nil:
		s.page(w, r, http.StatusUnprocessableEntity, "failed", view{Ticket: escape.Text(j.ticket), Errors: reasons(j.err), Unreadable: j.unreadable})
	case j.state == "done":
		s.reportPage(w, r, j)
	default:
		w.Header().Set("Refresh", "1")
		s.page(w, r, http.StatusOK, "waiting", view{ID: j.id, Progress: j.measure(time.Now())})
	}
}

// reasons returns what an error says, one for each of those joined in it.
// analyzer.ErrNothing is left out: a page without a report says it.
func reasons(err error) []string {
	var said []string
	for l := range strings.SplitSeq(err.Error(), "\n") {
		if l != analyzer.ErrNothing.Error() {
			said = append(said, escape.Text(l))
		}
	}
	return said
}

// cancelForm ends an analysis for a browser that runs no script.
func (s *Server) cancelForm(w http.ResponseWriter, r *http.Request) {
	s.forget(r.PathValue("id"))
	http.Redirect(w, r, "/?lang="+string(language(r)), http.StatusSeeOther)
}

// reportPage shows the report that the command line writes, below a bar of
// what can be done with it.
func (s *Server) reportPage(w http.ResponseWriter, r *http.Request, j job) {
	bar, err := render(r, "bar", view{ID: j.id, Ticket: escape.Text(j.ticket), Findings: j.evidence})
	if err != nil {
		s.Log.Error("writing a page", "err", err)
	}
	s.keptFile(w, &j, pageName(language(r)), "text/html; charset=utf-8", func(page []byte) ([]byte, error) {
		return bytes.Replace(page, []byte(barPlace), bar, 1), nil
	})
}

// policy is the Content-Security-Policy of answers: styles and scripts are files
// of this server, besides the one sheet inside a report, which has the hash.
func policy(style string) string {
	return "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' " + style +
		"; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}
