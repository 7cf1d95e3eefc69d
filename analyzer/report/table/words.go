package table

import (
	"fmt"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/diagnosis"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Headings and labels.
var (
	wordWhy        = text.Text{EN: "Why", ZH: "依据"}
	wordAgainst    = text.Text{EN: "What speaks against it", ZH: "不支持该结论的情况"}
	wordMissing    = text.Text{EN: "What would make it surer", ZH: "还缺少什么"}
	wordConfirm    = text.Text{EN: "Confirm", ZH: "确认"}
	wordFix        = text.Text{EN: "Fix, least intrusive first", ZH: "处理办法（影响小的在前）"}
	wordReferences = text.Text{EN: "References", ZH: "参考"}
	wordFindings   = text.Text{EN: "Findings", ZH: "发现"}
	wordEvidence   = text.Text{EN: "Evidence", ZH: "证据"}
	wordByVersion  = text.Text{EN: "By versions alone (packets cannot show these)", ZH: "仅凭版本判断（抓包中看不到）"}
	wordChecked    = text.Text{EN: "Checked, nothing found", ZH: "已检查，未发现"}
	wordNotChecked = text.Text{EN: "Not checked", ZH: "未检查"}
	wordCaptures   = text.Text{EN: "Captures", ZH: "抓包"}
	wordProblems   = text.Text{EN: "Problems in the captures", ZH: "抓包中的问题"}
	wordSummary    = text.Text{EN: "What one notices", ZH: "现象"}
	wordCause      = text.Text{EN: "What happens", ZH: "原因"}
	wordWire       = text.Text{EN: "What packets show", ZH: "报文表现"}
	wordLookalikes = text.Text{EN: "What looks the same, and how to tell", ZH: "相似现象及区分方法"}
	wordAffected   = text.Text{EN: "Affected versions", ZH: "受影响版本"}
	wordNotes      = text.Text{EN: "Where sources disagree", ZH: "资料之间的分歧"}
	wordChecksums  = text.Text{EN: "Checksums, by verdict", ZH: "校验和判定"}
)

// Heads of columns.
var (
	headID       = text.Text{EN: "ID", ZH: "编号"}
	headSeverity = text.Text{EN: "SEVERITY", ZH: "级别"}
	headRule     = text.Text{EN: "RULE", ZH: "规则"}
	headFinding  = text.Text{EN: "FINDING", ZH: "内容"}
	headFrame    = text.Text{EN: "FRAME", ZH: "帧"}
	headTime     = text.Text{EN: "TIME", ZH: "时间"}
	headGap      = text.Text{EN: "GAP", ZH: "间隔"}
	headPort     = text.Text{EN: "PORT", ZH: "外层端口"}
	headOuterSum = text.Text{EN: "OUTER CHECKSUM", ZH: "外层校验和"}
	headTCPSum   = text.Text{EN: "TCP CHECKSUM", ZH: "TCP 校验和"}
	headIssue    = text.Text{EN: "ISSUE", ZH: "问题"}
	headWhat     = text.Text{EN: "WHAT", ZH: "说明"}
	headLevel    = text.Text{EN: "LEVEL", ZH: "层级"}
	headProtocol = text.Text{EN: "PROTOCOL", ZH: "协议"}
	headVerdicts = text.Text{EN: "VERDICTS", ZH: "判定"}
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

// word returns the word of words for k, or its own name for one that has none.
func word[K comparable](p *page, words map[K]text.Text, k K) string {
	if t, ok := words[k]; ok {
		return t.In(p.Lang)
	}
	return fmt.Sprint(k)
}

// A noun is counted.
type noun struct{ one, many, zh string }

var (
	nounFrame   = noun{"frame", "frames", "个帧"}
	nounByte    = noun{"byte", "bytes", "字节"}
	nounCapture = noun{"capture", "captures", "个抓包文件"}
	nounFlow    = noun{"flow", "flows", "条流"}
	nounRule    = noun{"rule", "rules", "条规则"}
	nounFinding = noun{"finding", "findings", "个发现"}
	nounInput   = noun{"input", "inputs", "个输入"}

	nounFragment  = noun{"fragment", "fragments", "个分片"}
	nounSYN       = noun{"SYN retransmission", "SYN retransmissions", "次 SYN 重传"}
	nounPortReuse = noun{"port reuse", "port reuses", "次端口复用"}
)

// count returns "1 frame", "20 frames" or "20个帧".
func (p *page) count(n int64, w noun) string {
	switch {
	case p.Lang == text.Chinese:
		return fmt.Sprintf("%d%s", n, w.zh)
	case n == 1:
		return "1 " + w.one
	}
	return fmt.Sprintf("%d %s", n, w.many)
}

// these returns the pronoun before a count of n.
func (p *page) these(n int) string {
	if n == 1 {
		return p.sprintf("this", "这")
	}
	return p.sprintf("these", "这")
}

// sprintf formats in the language of the page.
func (p *page) sprintf(en, zh string, args ...any) string {
	return text.Sprintf(en, zh, args...).In(p.Lang)
}
