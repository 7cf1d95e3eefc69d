package refused

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	scanFrom  = 10 // closed ports of one server from which on they are a scan
	scanTries = 2  // refusals of one port up to which it is part of one
)

// A scan is the closed ports of one host that were tried once or twice.
type scan struct {
	ports, connections int
	first              *endpoint
	last               capture.Timestamp
}

func (s *scan) isScan() bool { return s != nil && s.ports >= scanFrom }

// idle reports whether e looks as if nobody ever served there.
func (e *endpoint) idle() bool {
	return e.refused <= scanTries && e.before+e.between+e.later == 0
}

// scans counts the closed ports of each host.
func (d *detector) scans() map[flow.Host]*scan {
	all := map[flow.Host]*scan{}
	for number, e := range d.endpoints.All() {
		if e.refused == 0 || !e.idle() {
			continue
		}
		h := d.pass.Endpoint(number).Host()
		s := all[h]
		if s == nil {
			s = &scan{first: e}
			all[h] = s
		}
		s.ports++
		s.connections += e.refused
		s.last = max(s.last, e.last.Time)
	}
	return all
}

// reportScans reports the hosts that were scanned, in the order in which their
// ports were met.
func (d *detector) reportScans(scans map[flow.Host]*scan) {
	for number := range d.endpoints.All() {
		h := d.pass.Endpoint(number).Host()
		s := scans[h]
		if !s.isScan() {
			continue
		}
		delete(scans, h)
		d.pass.Report(finding.Finding{
			Rule: Rule, Severity: finding.Info, Flow: s.first.ref,
			Facts: &finding.RefusedFacts{Connections: s.connections, Clients: len(s.first.clients), Ports: s.ports, After: s.first.after, Window: finding.NewWindow(s.first.first.Time, s.last)},
			Message: text.Sprintf("%d ports of %s refuse, each tried once or twice: a scan, not a service that is down",
				"%[2]s 的 %[1]d 个端口拒绝连接，每个只尝试一两次：是扫描，而非服务故障", s.ports, h.Addr),
			Evidence: s.first.samples, More: s.connections - len(s.first.samples),
		})
	}
}
