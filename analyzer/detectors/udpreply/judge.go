package udpreply

import (
	"net/netip"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

const (
	// staleFrom is how long a port must go without an answer to be stuck: the
	// time that conntrack remembers an unanswered UDP packet
	// (nf_conntrack_udp_timeout). An entry that lives on was refreshed.
	staleFrom = 30 * time.Second

	// staleRequests is the number of datagrams that such a run has at least.
	staleRequests = 5

	// stalePorts is the number of ports used again in vain from which on they
	// are no coincidence.
	stalePorts = 3

	// lostFrom is the number of requests in a row from which on their loss is
	// worth a word, silentFor how long a server answers nobody before it
	// counts as gone.
	lostFrom  = 3
	silentFor = 5 * time.Second

	// streamGap is the mean gap below which datagrams are a stream, voice for
	// instance, and no requests that wait for answers.
	streamGap = 200 * time.Millisecond
)

// A siblingKey is what servers of one service behind its NAT have in common.
type siblingKey struct {
	network netip.Prefix
	point   uint16
	port    uint16
	encap   decoders.Encap
	vni     uint32
}

// siblingOf returns the key of a server's siblings: private addresses of one
// /16 (IPv4) or /48 (IPv6), as the pods of a cluster have. It reports false
// for other addresses.
func siblingOf(e flow.Endpoint) (siblingKey, bool) {
	a := e.Server.Netip()
	bits := 48
	if a.Is4() {
		bits = 16
	}
	network, err := a.Prefix(bits)
	return siblingKey{network, e.Point, e.Port, e.Encap, e.VNI}, err == nil && e.Server.Private()
}

// findSiblings names the servers, and files those that answer under what they
// have in common.
func (d *detector) findSiblings() {
	for number, s := range d.services.All() {
		s.at = d.pass.Endpoint(number)
		if group, ok := siblingOf(s.at); ok && s.answers > 0 {
			d.siblings[group] = append(d.siblings[group], s)
		}
	}
}

// sibling returns the server that answered while r went on at s, of several that
// with the smallest address; nil without one. A client that talks to both from
// one port chose between them itself: NAT sends a port to one backend.
func (d *detector) sibling(s *service, r *lost) (best *service) {
	group, private := siblingOf(s.at)
	if !private {
		return nil
	}
	for _, o := range d.siblings[group] {
		if o == s || o.from > r.last || o.to < r.first || o.answeredPort(r.client) {
			continue
		}
		if best == nil || o.at.Server.Less(best.at.Server) {
			best = o
		}
	}
	return best
}

// judge decides what the runs at one server are.
func (d *detector) judge(s *service) {
	if stale, sibling := d.stale(s); len(stale) > 0 {
		d.report(StaleRule, finding.Warning, s, stale, sibling)
		return
	}
	if s.answers == 0 || s.at.Port == dns.Port {
		return
	}
	var unanswered []*lost
	severity := finding.Info
	for i := range s.lost {
		r := &s.lost[i]
		if r.unreachable || r.requests < lostFrom || r.span()/time.Duration(r.requests-1) < streamGap {
			continue
		}
		unanswered = append(unanswered, r)
		if r.first > s.to && r.span() >= silentFor {
			severity = finding.Warning
		}
	}
	if len(unanswered) > 0 {
		d.report(NoReplyRule, severity, s, unanswered, "")
	}
}

// stale returns the runs of ports that are stuck to a backend that is gone,
// and the sibling that answered meanwhile where the server itself did not.
func (d *detector) stale(s *service) (stale []*lost, sibling string) {
	var here, reused, gone []*lost
	for i := range s.lost {
		r := &s.lost[i]
		long := r.span() >= staleFrom && r.requests >= staleRequests
		switch {
		case r.others > 0 && r.fresh && !s.answeredClient(r.client):
			// This client gets no answer at all: a policy, not a port.
		case r.others > 0 && long:
			here = append(here, r)
		case r.others > 0 && !r.fresh:
			reused = append(reused, r)
		case r.fresh && r.first.Sub(d.pass.Began()) > staleFrom:
			return nil, "" // new ports are sent there as well: the backend is in use
		case r.others == 0 && long:
			if o := d.sibling(s, r); o != nil {
				gone, sibling = append(gone, r), o.at.Server.String()
			}
		}
	}
	switch {
	case len(here) > 0:
		return append(here, reused...), ""
	case len(reused) >= stalePorts:
		return reused, ""
	}
	return gone, sibling
}
