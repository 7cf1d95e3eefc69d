package diagnosis

import (
	"cmp"
	"slices"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// Input is what a diagnosis starts from.
type Input struct {
	Findings    []finding.Finding
	Catalog     *catalog.Catalog
	Context     catalog.Context
	Clues       []Clue                // what files beside the captures say
	Correlation *correlate.Result     // what several points show together; nil for a single one
	Name        func(site int) string // the word for a site of Correlation
	Point       func(n int) string    // the word for a capture point
}

// A candidate is an issue that packets support, before versions are looked at.
type candidate struct {
	confidence   Confidence
	why, against []text.Text
	missing      []text.Text
	findings     []int
}

// A judge decides from the findings whether one issue is supported, and how
// well. It returns nil where it is not.
type judge struct {
	issue string // ID in the catalogue
	judge func(findings []finding.Finding) *candidate
}

// judges are the issues that packets can show. Adding one: a function and a
// line here.
var judges = []judge{
	{vxlanDoubleSNATIssue, vxlanDoubleSNAT},
	{"calico-ipip-inner-csum", calicoIPIPInnerSum},
	{"dns-conntrack-race-5s", dnsConntrackRace},
	{"dns-ndots-amplification", dnsNdots},
	{"ipvs-udp-stale-backend", ipvsUDPStaleBackend},
	{"udp-stale-conntrack", udpStaleConntrack},
	{"ip-conflict-arp", ipConflict},
	{"gateway-unreachable-arp", gatewayUnreachable},
	{"tunnel-mtu-blackhole", tunnelMTU},
	{"tunnel-one-way", tunnelOneWay},
	{"nic-encap-offload-broken", nicEncapOffload},
	{"service-vip-leak", serviceVIPLeak},
	{"kubeproxy-iptables-backend-mismatch", kubeProxyBackendMismatch},
	{"pod-egress-no-snat", podEgressNoSNAT},
	{"conntrack-invalid-rst", conntrackInvalidRST},
	{"tcp-zero-window", tcpZeroWindow},
	{"syn-ack-lost", synAckLost},
	{"listen-overflow", listenOverflow},
	{"nat-tuple-collision", natTupleCollision},
	{"snat-port-race", snatPortRace},
	{"snat-port-in-nodeport-range", snatPortInNodePortRange},
	{"ipvs-conn-reuse-syn-drop", ipvsConnReuseSYNDrop},
	{"ipvs-conn-reuse-stale-rs", ipvsConnReuseStaleRS},
	{"kubeproxy-partial-sync-lost-endpoint", partialSync},
	{"kubeproxy-reject-no-endpoints", rejectNoEndpoints},
	{"externalip-etp-local", externalIPLocal},
	{"hairpin-missing", hairpinMissing},
	{"netpol-startup-delay", netpolStartupDelay},
	{"ipv6-not-listening", ipv6NotListening},
	{"conntrack-table-full", conntrackTableFull},
	{"security-group-drop", elsewhere},
	{"multi-nic-wrong-route", multiNICWrongRoute},
	{"terway-ipvlan-lb-not-shortcut", elsewhere},
	{"silent-drop", silentDrop},
	{"port-closed", portClosed},
	{"firewall-reject", firewallReject},
	{"packet-loss", packetLoss},
}

// Diagnose returns the documented issues that the findings support, best
// first, and the ordinary causes that none of them outdoes. An issue that the
// versions given exclude is kept, one step less sure and with the exclusion as
// what speaks against it: versions are reported by people, packets are not.
func Diagnose(in Input) []Diagnosis {
	var list []Diagnosis
	for _, j := range judges {
		c := j.judge(in.Findings)
		if join := joiners[j.issue]; join != nil && in.Correlation != nil {
			c = join(&in, c)
		}
		if tell := told[j.issue]; tell != nil {
			c = tell(&in)
		}
		if c == nil {
			continue
		}
		issue := in.Catalog.Get(j.issue)
		if issue == nil {
			continue
		}
		c.complete(in.Findings)
		list = append(list, c.diagnosis(issue, in))
	}
	list = in.withoutOutdone(list)
	for i := range list {
		list[i].weigh(in.Findings)
	}
	slices.SortStableFunc(list, func(a, b Diagnosis) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(b.Severity, a.Severity))
	})
	return list
}

// complete adds what other points show of the same, and says nothing twice.
func (c *candidate) complete(findings []finding.Finding) {
	for _, i := range c.findings {
		for _, id := range findings[i].Same {
			c.findings = append(c.findings, slices.IndexFunc(findings, func(f finding.Finding) bool { return f.ID == id }))
		}
	}
	slices.Sort(c.findings)
	c.findings = slices.Compact(c.findings)
	var why []text.Text
	for _, t := range c.why {
		if !slices.Contains(why, t) {
			why = append(why, t)
		}
	}
	c.why = why
}

// diagnosis adds what the versions say.
func (c *candidate) diagnosis(issue *catalog.Issue, in Input) Diagnosis {
	match := issue.Match(in.Context)
	d := Diagnosis{
		Issue: issue, Confidence: c.confidence, Why: c.why, Against: c.against, Missing: c.missing,
		Versions: match.Status, VersionWhy: match.Why, Findings: c.findings,
	}
	switch match.Status {
	case catalog.StatusNotAffected:
		d.Confidence = max(d.Confidence-1, Low)
		d.Against = append(d.Against, match.Why)
	case catalog.StatusUnknown:
		d.Missing = append(d.Missing, match.Ask...)
	}
	for _, i := range c.findings {
		d.Severity = max(d.Severity, in.Findings[i].Severity)
	}
	d.clues(in.Clues)
	return d
}

// clues adds what files say for and against d. They leave the confidence as it
// is: packets show what happened, files what may have caused it.
func (d *Diagnosis) clues(clues []Clue) {
	for _, c := range clues {
		switch {
		case c.Issue != d.Issue.ID:
		case c.For:
			d.Why = append(d.Why, c.Text)
		default:
			d.Against = append(d.Against, c.Text)
		}
	}
}

// weigh makes d one step less sure where a finding that it rests on is less
// sure than it reads.
func (d *Diagnosis) weigh(findings []finding.Finding) {
	for _, i := range d.Findings {
		if caveat := findings[i].Caveat; !caveat.IsZero() {
			d.Confidence = max(d.Confidence-1, Low)
			d.Against = append(d.Against, caveat)
			return
		}
	}
}

// support adds a finding that supports c with a confidence: the surest one
// counts.
func (c *candidate) support(findings []finding.Finding, i int, confidence Confidence) {
	c.findings = append(c.findings, i)
	c.why = append(c.why, findings[i].Message)
	c.confidence = max(c.confidence, confidence)
}

// of returns the indices of the findings of a rule.
func of(findings []finding.Finding, rule string) []int {
	var list []int
	for i := range findings {
		if findings[i].Rule.ID == rule {
			list = append(list, i)
		}
	}
	return list
}
