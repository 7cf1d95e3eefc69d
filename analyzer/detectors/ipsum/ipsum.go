package ipsum

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/damage"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// Rule is the one rule of this package.
var Rule = &finding.Rule{
	ID:    "ip-header-checksum-bad",
	Title: text.Text{EN: "IPv4 header checksum wrong", ZH: "IPv4 首部校验和错误"},
	Summary: text.Text{
		EN: "The header checksum of an IPv4 packet is wrong at some level. Routers and receivers drop it. A checksum of 0, which a sender leaves to its network card, is not reported.",
		ZH: "某一层 IPv4 首部校验和有误，路由器和接收端会丢弃该报文。发送端留给网卡填写的 0 值不报告。",
	},
}

// Detector finds wrong IPv4 header checksums.
var Detector = &analyzer.Detector{Name: "ipsum", Rules: []*finding.Rule{Rule}, Start: start}

// A sender is what faulty packets are grouped by.
type sender struct {
	src   decoders.Addr
	level string
	point int
}

type detector struct {
	pass *analyzer.Pass
	log  *damage.Log[sender]
}

func start(pass *analyzer.Pass) analyzer.Hooks {
	d := &detector{pass: pass, log: damage.NewLog[sender](func() {
		pass.Problem("bad-ip-senders-capped", "more senders of wrong IPv4 headers than are remembered")
	})}
	event := func(ev *analyzer.Event) { d.log.Flow(ev.Packet, ev.Flow, ev.Dir) }
	return analyzer.Hooks{
		Packets: analyzer.TraitFault, Packet: d.packet,
		Events: analyzer.TraitFault, Event: event,
		FlowEnd: d.log.FlowEnd, WatchedOnly: true, End: d.end,
	}
}

func (d *detector) packet(p *decoders.Packet) {
	levels := p.Levels()
	for i := range levels {
		lv := &levels[i]
		if lv.IPSum.Verdict == checksum.Bad {
			d.log.Add(sender{lv.Src, analyzer.LevelName(i, len(levels)), p.Point}, p, lv.IPSum,
				func() finding.FlowRef { return d.pass.PacketRef(p) },
				func() finding.Evidence { return d.pass.Evidence(p, "") })
		}
	}
}

func (d *detector) end() {
	if _, ipv4, _ := d.pass.Verified(); !ipv4 {
		d.pass.NotChecked(Rule, text.Text{EN: "no IPv4 packet in this capture", ZH: "抓包中没有 IPv4 报文"})
		return
	}
	d.log.Groups(func(key sender, g *damage.Group) {
		d.pass.Report(finding.Finding{
			Rule: Rule, Severity: finding.Warning, Flow: g.Ref,
			Message: text.Sprintf("wrong IPv4 header checksum on %[5]s from %[2]s: %#04[3]x, right would be %#04[4]x",
				"来自 %[2]s 的 %[1]d 个报文 IPv4 首部校验和错误：%#04[3]x，应为 %#04[4]x",
				g.Packets, key.src, g.Sum.Field, g.Sum.Expected, text.Count(g.Packets, "packet")),
			Facts: &finding.ChecksumFacts{Kind: finding.KindCorrupt, Protocol: "ipv4", Level: key.level,
				Packets: g.Packets, Field: g.Sum.Field, Expected: g.Sum.Expected},
			Evidence: g.Evidence(), More: g.Packets - len(g.Evidence()),
		})
	})
}
