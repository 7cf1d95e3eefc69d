package diagnosis

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

func TestDNSConntrackRace(t *testing.T) {
	retry := func(change func(*finding.DNSRetryFacts)) finding.Finding {
		f := &finding.DNSRetryFacts{Kind: finding.DNSTwinRace, Lookups: 3, SinglesAnswered: 9, ShortestWait: 5, LongestWait: 5.01}
		change(f)
		return found("dns-retry", finding.Warning, "none", f)
	}
	lost := func(server string) finding.Finding {
		f := found("packet-lost-between-points", finding.Warning, "none", &finding.LossFacts{Towards: "server"})
		f.Flow.Server = server
		return f
	}
	same := func(*finding.DNSRetryFacts) {}
	once := func(f *finding.DNSRetryFacts) { f.Lookups = 1 }
	judged(t, dnsConntrackRace, []judgement{
		{"three twins, single queries answered", []finding.Finding{retry(same)}, High},
		{"no single query to compare with", []finding.Finding{retry(func(f *finding.DNSRetryFacts) { f.SinglesAnswered = 0 })}, Medium},
		{"other queries lost as well", []finding.Finding{retry(func(f *finding.DNSRetryFacts) { f.OthersLost = 1 })}, Medium},
		{"one twin", []finding.Finding{retry(once)}, Low},
		{"one twin, and the query is lost between two points", []finding.Finding{retry(once), lost("10.96.0.10:53")}, High},
		{"one twin, and something else is lost between two points", []finding.Finding{retry(once), lost("10.96.0.10:8125")}, Low},
		{"AAAA never answered", []finding.Finding{retry(func(f *finding.DNSRetryFacts) { f.Kind = finding.DNSNoAAAA })}, ConfidenceUnknown},
		{"silent server", []finding.Finding{retry(func(f *finding.DNSRetryFacts) { f.Kind = finding.DNSSilent })}, ConfidenceUnknown},
		{"nothing", nil, ConfidenceUnknown},
	})
}

func TestDNSNdots(t *testing.T) {
	judged(t, dnsNdots, []judgement{
		{"a lookup multiplied", []finding.Finding{found("dns-search-amplification", finding.Info, "none", &finding.DNSSearchFacts{})}, Certain},
		{"nothing", nil, ConfidenceUnknown},
	})
}
