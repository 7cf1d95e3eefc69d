package prose

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Headings and labels.
var (
	HeadWhy        = text.Text{EN: "Why", ZH: "依据"}
	HeadAgainst    = text.Text{EN: "What speaks against it", ZH: "不支持该结论的情况"}
	HeadMissing    = text.Text{EN: "What would make it surer", ZH: "还缺少什么"}
	HeadConfirm    = text.Text{EN: "Confirm", ZH: "确认"}
	HeadFix        = text.Text{EN: "Fix, least intrusive first", ZH: "处理办法（影响小的在前）"}
	HeadReferences = text.Text{EN: "References", ZH: "参考"}
	HeadPoints     = text.Text{EN: "Capture points", ZH: "抓包点"}
	HeadFindings   = text.Text{EN: "Findings", ZH: "发现"}
	HeadEvidence   = text.Text{EN: "Evidence", ZH: "证据"}
	HeadByVersion  = text.Text{EN: "By versions alone (packets cannot show these)", ZH: "仅凭版本判断（抓包中看不到）"}
	HeadChecked    = text.Text{EN: "Checked, nothing found", ZH: "已检查，未发现"}
	HeadNotChecked = text.Text{EN: "Not checked", ZH: "未检查"}
	HeadSources    = text.Text{EN: "What files beside the captures tell", ZH: "抓包以外的文件提供的信息"}
	HeadCaptures   = text.Text{EN: "Captures", ZH: "抓包"}
	HeadProblems   = text.Text{EN: "Problems in the captures", ZH: "抓包中的问题"}
	HeadSummary    = text.Text{EN: "What one notices", ZH: "现象"}
	HeadCause      = text.Text{EN: "What happens", ZH: "原因"}
	HeadWire       = text.Text{EN: "What packets show", ZH: "报文表现"}
	HeadLookalikes = text.Text{EN: "What looks the same, and how to tell", ZH: "相似现象及区分方法"}
	HeadAffected   = text.Text{EN: "Affected versions", ZH: "受影响版本"}
	HeadNotes      = text.Text{EN: "Where sources disagree", ZH: "资料之间的分歧"}
	HeadChecksums  = text.Text{EN: "Checksums, by verdict", ZH: "校验和判定"}
)

// Heads of columns.
var (
	ColID       = text.Text{EN: "ID", ZH: "编号"}
	ColSeverity = text.Text{EN: "SEVERITY", ZH: "级别"}
	ColRule     = text.Text{EN: "RULE", ZH: "规则"}
	ColFinding  = text.Text{EN: "FINDING", ZH: "内容"}
	ColFrame    = text.Text{EN: "FRAME", ZH: "帧"}
	ColTime     = text.Text{EN: "TIME", ZH: "时间"}
	ColGap      = text.Text{EN: "GAP", ZH: "间隔"}
	ColPort     = text.Text{EN: "PORT", ZH: "外层端口"}
	ColOuterSum = text.Text{EN: "OUTER CHECKSUM", ZH: "外层校验和"}
	ColTCPSum   = text.Text{EN: "TCP CHECKSUM", ZH: "TCP 校验和"}
	ColIssue    = text.Text{EN: "ISSUE", ZH: "问题"}
	ColWhat     = text.Text{EN: "WHAT", ZH: "说明"}
	ColLevel    = text.Text{EN: "LEVEL", ZH: "层级"}
	ColProtocol = text.Text{EN: "PROTOCOL", ZH: "协议"}
	ColVerdicts = text.Text{EN: "VERDICTS", ZH: "判定"}

	ColConfidence  = text.Text{EN: "CONFIDENCE", ZH: "可信度"}
	ColPoint       = text.Text{EN: "POINT", ZH: "抓包点"}
	ColClient      = text.Text{EN: "CLIENT", ZH: "客户端"}
	ColServer      = text.Text{EN: "SERVER", ZH: "服务端"}
	ColEncap       = text.Text{EN: "ENCAP", ZH: "封装"}
	ColOuter       = text.Text{EN: "OUTER", ZH: "外层"}
	ColFrames      = text.Text{EN: "FRAMES", ZH: "帧数"}
	ColFingerprint = text.Text{EN: "FINGERPRINT", ZH: "指纹"}
)

var severityWords = map[finding.Severity]text.Text{
	finding.Error:   {EN: "error", ZH: "错误"},
	finding.Warning: {EN: "warning", ZH: "警告"},
	finding.Info:    {EN: "info", ZH: "提示"},
}

var confidenceWords = map[diagnosis.Confidence]text.Text{
	diagnosis.Certain: {EN: "certain", ZH: "确定"},
	diagnosis.High:    {EN: "high", ZH: "高"},
	diagnosis.Medium:  {EN: "medium", ZH: "中"},
	diagnosis.Low:     {EN: "low", ZH: "低"},
}

var statusWords = map[catalog.Status]text.Text{
	catalog.StatusAffected:    {EN: "affected", ZH: "受影响"},
	catalog.StatusNotAffected: {EN: "not affected", ZH: "不受影响"},
	catalog.StatusUnknown:     {EN: "unknown", ZH: "未知"},
}

var outcomeWords = map[finding.Outcome]text.Text{
	finding.Answered:   {EN: "answered", ZH: "得到应答"},
	finding.Abandoned:  {EN: "abandoned", ZH: "客户端放弃"},
	finding.Reset:      {EN: "reset", ZH: "被重置"},
	finding.CaptureEnd: {EN: "not decided when the capture ends", ZH: "抓包结束时尚未见分晓"},
}

var observableWords = map[catalog.Observable]text.Text{
	catalog.OnePoint:     {EN: "one capture decides", ZH: "单点抓包可判定"},
	catalog.TwoPoints:    {EN: "needs two capture points", ZH: "需要两个抓包点"},
	catalog.WeakHint:     {EN: "packets only hint at it", ZH: "报文仅有提示"},
	catalog.VersionsOnly: {EN: "by versions alone", ZH: "仅凭版本"},
}

// Severity returns the word for s.
func (p Prose) Severity(s finding.Severity) string { return word(p, severityWords, s) }

// Confidence returns the word for c.
func (p Prose) Confidence(c diagnosis.Confidence) string { return word(p, confidenceWords, c) }

// Status returns the word for s.
func (p Prose) Status(s catalog.Status) string { return word(p, statusWords, s) }

// Observable returns the words for o.
func (p Prose) Observable(o catalog.Observable) string { return word(p, observableWords, o) }

// word returns the word of words for k, or its own name for one that has none.
func word[K comparable](p Prose, words map[K]text.Text, k K) string {
	if t, ok := words[k]; ok {
		return t.In(p.Lang)
	}
	return fmt.Sprint(k)
}
