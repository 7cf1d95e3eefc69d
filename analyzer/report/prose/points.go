package prose

import (
	"fmt"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// Path returns sites in the order in which packets pass them.
func Path(r *analyzer.Report, sites []int) string {
	var names []string
	for _, s := range sites {
		names = append(names, r.SiteName(s))
	}
	return strings.Join(names, " → ")
}

// Direction sums up the packets that went one way over a link; 0 is forward.
func (p Prose) Direction(l *correlate.Link, way int) string {
	arrow, total := [...]string{"→", "←"}[way], l.Matched[way]+l.Lost[way]
	if total == 0 && l.Missed[way] == 0 {
		return arrow + " " + p.Sprintf("no packet", "没有报文")
	}
	s := arrow + " " + p.Sprintf("%[2]s, none lost", "%[2]s，无丢失", l.Lost[way], p.Count(int64(total), Packets))
	if l.Lost[way] > 0 {
		s = arrow + " " + p.Sprintf("%[2]s, %[1]d lost", "%[2]s，丢失 %[1]d 个", l.Lost[way], p.Count(int64(total), Packets))
	}
	if d := l.Difference[way]; d != nil {
		s += p.Sprintf(" (%s: %s on all lost, %s on the others)", "（%s：丢失的均为 %s，其余为 %s）", p.In(d.Property), d.Lost, d.Arrived)
	}
	if n := l.Missed[way]; n > 0 {
		s += p.Sprintf("; %d missed by the capture", "；抓包漏掉 %d 个", n)
	}
	if d := l.Delay[way]; d.N > 0 {
		s += p.Sprintf("; delay %s, 99%% below %s", "；时延 %s，99%% 低于 %s", Span(d.P50), Span(d.P99))
	}
	return s
}

// LinkClock says how far the clocks of a link are apart; "" where both are one.
func (p Prose) LinkClock(r *analyzer.Report, l *correlate.Link) string {
	c, sites := l.Clock, r.Correlation.Sites
	to := r.Points[sites[l.To].Point].Name
	switch {
	case sites[l.From].Point == sites[l.To].Point || c == correlate.Clock{Known: true, Steady: true}:
		return ""
	case !c.Known:
		return p.Sprintf("clocks not comparable: no packet both there and back", "时钟无法比较：没有双向都出现的报文")
	}
	var s string
	switch {
	case c.Offset.Abs() <= c.Uncertainty:
		s = p.Sprintf("clocks equal within %s", "时钟相差不超过 %s", Span(c.Offset.Abs()+c.Uncertainty))
	case c.Offset < 0:
		s = p.Sprintf("clock of %s %s behind, ± %s", "%s 的时钟慢 %s，± %s", to, Span(-c.Offset), Span(c.Uncertainty))
	default:
		s = p.Sprintf("clock of %s %s ahead, ± %s", "%s 的时钟快 %s，± %s", to, Span(c.Offset), Span(c.Uncertainty))
	}
	if c.Drift != 0 {
		s += p.Sprintf(", drifting %.1f ppm", "，漂移 %.1f ppm", c.Drift*1e6)
	}
	if !c.Steady {
		s += p.Sprintf("; one of the clocks was set meanwhile", "；期间其中一个时钟被调整过")
	}
	return s
}

// OneClock says whose clock the times of a report are by; "" where all points
// have one.
func (p Prose) OneClock(r *analyzer.Report) string {
	for _, c := range r.Correlation.Clocks {
		if c.Differs() {
			return p.Sprintf("Times in this report are by the clock of %s.", "本报告中的时间均以 %s 的时钟为准。",
				r.Points[r.Correlation.Sites[r.Correlation.Path[0]].Point].Name)
		}
	}
	return ""
}

// MaxTranslations is the number of translated connections in a report for
// people: enough to see what NAT does. The JSON report has more.
const MaxTranslations = 8

// Translation names a connection that NAT changed: the client, the service, the
// backend, and what the backend takes for the client.
func (p Prose) Translation(c correlate.Connection) string {
	s := c.Proto.String() + " " + end(c.Client, c.Proto)
	if c.Service != c.Backend {
		s += " → " + end(c.Service, c.Proto)
	}
	s += " → " + end(c.Backend, c.Proto)
	if c.Source != c.Client {
		s += p.Sprintf(", seen there as %s", "，在那里显示为 %s", end(c.Source, c.Proto))
	}
	return s
}

// Collision names the two clients behind one name.
func (p Prose) Collision(r *analyzer.Report, c correlate.Collision) string {
	return p.Sprintf("%[1]s → %[2]s at %[3]s was %[4]s, and %[6]s later %[5]s",
		"%[3]s 处的 %[1]s → %[2]s 先是 %[4]s，%[6]s 后是 %[5]s",
		end(c.Client, c.Proto), end(c.Server, c.Proto), r.SiteName(c.Site),
		end(c.Clients[0], c.Proto), end(c.Clients[1], c.Proto), Span(c.After))
}

// Apart says why two captures cannot be compared.
func (p Prose) Apart(r *analyzer.Report, a correlate.Apart) string {
	first, second := FileName(r, a.A), FileName(r, a.B)
	if a.NoOverlap {
		return p.Sprintf("%s and %s were not captured at the same time: %s apart by their own clocks",
			"%s 与 %s 的抓包时间不重叠：按各自时钟相隔 %s", first, second, Span(a.Gap))
	}
	s := p.Sprintf("%s and %s have no packet in common", "%s 与 %s 没有共同的报文", first, second)
	if a.Cut > 0 {
		s += p.Sprintf("; the snaplen hides what %d of their frames are", "；snaplen 使其中 %d 个帧无法识别", a.Cut)
	}
	return s
}

func end(e correlate.End, p decoders.Proto) string { return finding.Endpoint(e.Addr, e.Port, p) }

// Span returns a duration in the unit that suits it: "17 µs", "7.131 ms".
func Span(d time.Duration) string {
	switch a := d.Abs(); {
	case a < time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/1e3)
	case a < time.Second:
		return fmt.Sprintf("%.3f ms", float64(d)/1e6)
	case a >= time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// A Group is findings of one rule about one connection, as several points show
// it.
type Group struct {
	Finding *finding.Finding // the one that says most
	Others  []*finding.Finding
}

// Groups puts together the findings that are of the same rule about the same
// connection, in the order of the report.
func Groups(r *analyzer.Report) []Group {
	byID := map[string]*finding.Finding{}
	for i := range r.Findings {
		byID[r.Findings[i].ID] = &r.Findings[i]
	}
	done := map[string]bool{}
	var list []Group
	for i := range r.Findings {
		f := &r.Findings[i]
		if done[f.ID] {
			continue
		}
		all := []*finding.Finding{f}
		done[f.ID] = true
		for _, id := range f.Same {
			if g := byID[id]; g != nil && !done[id] && g.Severity == f.Severity {
				all = append(all, g)
				done[id] = true
			}
		}
		g := Group{Finding: f}
		for _, x := range all {
			if len(x.Message.EN) > len(g.Finding.Message.EN) {
				g.Finding = x
			}
		}
		for _, x := range all {
			if x != g.Finding {
				g.Others = append(g.Others, x)
			}
		}
		list = append(list, g)
	}
	return list
}

// Group returns the message of a group, and where else the same was seen.
func (p Prose) Group(r *analyzer.Report, g Group) string {
	s := p.In(g.Finding.Message)
	var others []string
	for _, f := range g.Others {
		others = append(others, p.Sprintf("%s (%s)", "%s（%s）", r.Points[f.Flow.Point].Name, f.ID))
	}
	if len(others) > 0 {
		s += p.Sprintf("; the same at %s", "；同样见于 %s", strings.Join(others, ", "))
	}
	return s
}
