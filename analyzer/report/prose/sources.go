package prose

import (
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/bundle"
)

// Source says what a file beside the captures tells of the cluster, what of it
// is used, and what speaks for or against documented issues: one line each.
func (p Prose) Source(s analyzer.ContextSource) []string {
	var lines []string
	if c := Context(s.Context); c != "" {
		lines = append(lines, c+" ("+p.used(s)+")")
	}
	var facts []string
	for _, f := range s.Facts {
		facts = append(facts, f.Name+" = "+f.Value)
	}
	if len(facts) > 0 {
		lines = append(lines, strings.Join(facts, "; "))
	}
	for _, m := range s.Remarks {
		lines = append(lines, p.In(m))
	}
	for _, c := range s.Clues {
		if c.For {
			lines = append(lines, p.Sprintf("for %s: %s", "支持 %s：%s", c.Issue, p.In(c.Text)))
			continue
		}
		lines = append(lines, p.Sprintf("against %s: %s", "不支持 %s：%s", c.Issue, p.In(c.Text)))
	}
	return lines
}

// used says what of the context of s the report takes.
func (p Prose) used(s analyzer.ContextSource) string {
	switch {
	case len(s.Used) > 0:
		return p.Sprintf("used: %s", "采用：%s", strings.Join(s.Used, ", "))
	case len(s.Remarks) > 0:
		return p.Sprintf("not used", "未采用")
	}
	return p.Sprintf("agrees", "一致")
}

// reasonWords say why something in an archive was left out.
var reasonWords = map[bundle.Reason]text.Text{
	bundle.Link:              {EN: "link", ZH: "链接"},
	bundle.Special:           {EN: "device or pipe", ZH: "设备或管道"},
	bundle.Encrypted:         {EN: "encrypted", ZH: "已加密"},
	bundle.Unsupported:       {EN: "compression not known", ZH: "压缩方式未知"},
	bundle.Damaged:           {EN: "damaged", ZH: "已损坏"},
	bundle.TooDeep:           {EN: "nested too deep", ZH: "嵌套过深"},
	bundle.Cut:               {EN: "cut, what follows is missing", ZH: "不完整，其后的内容缺失"},
	bundle.TooMany:           {EN: "too many files, the rest was left", ZH: "文件过多，其余未读"},
	bundle.TooMuch:           {EN: "too large, the rest was left", ZH: "过大，其余未读"},
	bundle.Ratio:             {EN: "unpacks to far too much, the rest was left", ZH: "解压后过大，其余未读"},
	analyzer.NotRecognised:   {EN: "not recognised", ZH: "无法识别"},
	analyzer.TooManyCaptures: {EN: "too many captures", ZH: "抓包过多"},
	analyzer.ReadInPart:      {EN: "only its beginning was read", ZH: "只读取了开头部分"},
}

// Archive returns what an archive holds.
func (p Prose) Archive(a analyzer.Archive) string {
	format := a.Format
	if a.Compression != "" {
		format += " (" + a.Compression + ")"
	}
	return p.Sprintf("%s, %s, %d of them captures", "%s，%s，其中 %d 个抓包", format, p.Count(int64(a.Files), Files), a.Captures)
}

// Skipped says what was left out of an archive, and why.
func (p Prose) Skipped(a analyzer.Archive) []string {
	var lines []string
	for _, s := range a.Skipped {
		line := p.In(reasonWords[s.Reason])
		if s.Name != "" {
			line += ": " + s.Name
		}
		if s.Detail != "" {
			line += " (" + s.Detail + ")"
		}
		lines = append(lines, p.Sprintf("left out: %s", "未读取：%s", line))
	}
	if a.More > 0 {
		lines = append(lines, p.Sprintf("left out: %d more", "未读取：另有 %d 个", a.More))
	}
	return lines
}
