package prose

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/summary"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Headings and heads of columns of a summary.
var (
	HeadIssues     = text.Text{EN: "Issues", ZH: "问题"}
	HeadRules      = text.Text{EN: "Rules", ZH: "规则"}
	HeadInputs     = text.Text{EN: "Captures with findings", ZH: "有发现的抓包"}
	HeadUnreadable = text.Text{EN: "Unreadable", ZH: "无法读取"}

	ColInputs   = text.Text{EN: "CAPTURES", ZH: "抓包数"}
	ColFindings = text.Text{EN: "FINDINGS", ZH: "发现数"}
	ColInput    = text.Text{EN: "CAPTURE", ZH: "抓包"}
	ColFirst    = text.Text{EN: "FIRST", ZH: "首个"}
	ColIssues   = text.Text{EN: "ISSUES", ZH: "问题"}
)

// SummaryVerdict says in one sentence what a batch came to.
func (p Prose) SummaryVerdict(s *summary.Summary) string {
	diagnosed, found := 0, 0
	for _, r := range s.Rows {
		if len(r.Issues) > 0 {
			diagnosed++
		}
		if r.Findings > 0 {
			found++
		}
	}
	captures := p.Count(int64(s.Inputs), Captures)
	switch {
	case s.Captures == 0:
		return p.Sprintf("Nothing was analysed.", "没有分析任何抓包。")
	case diagnosed > 0:
		return p.Sprintf("%d of %s show a documented issue.", "%[2]s中有 %[1]d 个存在已记录的问题。", diagnosed, captures)
	case found > 0:
		return p.Sprintf("No documented issue in %s; %d of them have findings.", "%s中没有已记录的问题；其中 %d 个有发现。", captures, found)
	}
	return p.Sprintf("Nothing found in %s.", "%s中没有发现。", captures)
}

// SummaryTotals returns what the batch held.
func (p Prose) SummaryTotals(s *summary.Summary) string {
	parts := []string{p.Count(s.Frames, Frames), p.Count(s.Flows, Flows), p.Count(s.Bytes, Bytes)}
	if s.Unreadable > 0 {
		parts = append([]string{p.Sprintf("%s unreadable", "%s无法读取", p.Count(int64(s.Unreadable), Inputs))}, parts...)
	}
	return strings.Join(parts, ", ")
}

// Worth returns the rows of a summary in which something was found.
func Worth(s *summary.Summary) []summary.Row {
	var rows []summary.Row
	for _, r := range s.Rows {
		if r.Severity != finding.SeverityUnknown {
			rows = append(rows, r)
		}
	}
	return rows
}

// Rest says how many captures have no finding, and in how many nothing could
// be checked: these must not look clean.
func (p Prose) Rest(s *summary.Summary) []string {
	clear, unchecked := 0, 0
	for _, r := range s.Rows {
		switch {
		case r.Severity != finding.SeverityUnknown:
		case r.Checked > 0:
			clear++
		default:
			unchecked++
		}
	}
	var lines []string
	if clear > 0 {
		lines = append(lines, p.Sprintf("Nothing was found in %s.", "%s中没有发现。", p.Count(int64(clear), Captures)))
	}
	if unchecked > 0 {
		lines = append(lines, p.Sprintf("Nothing could be checked in %s.", "%s中没有可检查的内容。", p.Count(int64(unchecked), Captures)))
	}
	return lines
}

// RowWord returns what a row is: its severity, or why it has none.
func (p Prose) RowWord(r summary.Row) string {
	switch {
	case r.Severity != finding.SeverityUnknown:
		return p.Severity(r.Severity)
	case len(r.Failed) > 0:
		return p.Sprintf("unreadable", "无法读取")
	case r.Checked == 0:
		return p.Sprintf("not checked", "未检查")
	}
	return p.Sprintf("clear", "正常")
}
