package dnsretry

import (
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// A send is one packet of a query.
type send struct {
	time  capture.Timestamp
	frame uint32
	id    uint16
	port  uint16 // of the client
}

// A query is what a client asks a server, however often it sends it.
type query struct {
	typ           dns.Type
	sends         uint8
	late          bool // an answer to the first send came after the second one left
	first, latest send
	second        capture.Timestamp // of the second send; valid iff sends > 1
	answered      flow.Moment
}

// answeredBefore reports whether q was answered before t.
func (q *query) answeredBefore(t capture.Timestamp) bool {
	return q.answered.Seen() && q.answered.Time < t
}

// lost returns the number of sends that no answer came to, as far as that can
// be told: one answer is for one of them.
func (q *query) lost() int {
	n := int(q.sends)
	if q.answered.Seen() {
		n--
	}
	return n
}

// shown is what a report needs to name a lookup.
type shown struct {
	flow finding.FlowRef
	name string // escaped; "" as long as no query of it was sent again
}

// A lookup is one client asking one server for one name: A, AAAA or both, or
// one other type.
type lookup struct {
	key           lookupKey
	used          bool
	server        *server
	answersBefore uint32 // server.answers when the lookup began
	last          capture.Timestamp
	queries       [2]query
	shown         shown
}

// query returns the query of type t; its sends are 0 where there was none.
func (l *lookup) query(t dns.Type) *query {
	if t == dns.TypeAAAA {
		return &l.queries[1]
	}
	return &l.queries[0]
}

// done reports whether all that was asked is answered.
func (l *lookup) done() bool {
	for i := range l.queries {
		if q := &l.queries[i]; q.sends > 0 && !q.answered.Seen() {
			return false
		}
	}
	return true
}

// over reports whether a query of type t from port begins another lookup: the
// client asks from a new socket for what it has been answered. What it has
// not been answered, it has given up.
func (l *lookup) over(t dns.Type, port uint16) bool {
	q := l.query(t)
	return q.answered.Seen() && q.latest.port != port
}

// resent reports whether a query was sent again.
func (l *lookup) resent() bool { return l.queries[0].sends > 1 || l.queries[1].sends > 1 }

// twin reports whether A and AAAA left one socket together.
func (l *lookup) twin() bool {
	a, b := &l.queries[0], &l.queries[1]
	if a.sends == 0 || b.sends == 0 || a.first.port != b.first.port {
		return false
	}
	return max(a.first.time.Sub(b.first.time), b.first.time.Sub(a.first.time)) < twinWindow
}

// count counts a lookup that went well.
func (l *lookup) count() {
	if !l.done() {
		return // not sent again, so nothing is known of it
	}
	if l.twin() {
		l.server.twins++
		return
	}
	for i := range l.queries {
		if l.queries[i].sends > 0 {
			l.server.singles++
		}
	}
}

// kind says what happened to a lookup of which a query was sent again.
func (l *lookup) kind() finding.DNSRetryKind {
	a, b := &l.queries[0], &l.queries[1]
	if l.twin() && (a.sends > 1) != (b.sends > 1) {
		lost, other := a, b
		if b.sends > 1 {
			lost, other = b, a
		}
		switch {
		case lost.late || !other.answeredBefore(lost.second):
		case lost.answered.Seen():
			return finding.DNSTwinRace
		case lost.typ == dns.TypeAAAA:
			return finding.DNSNoAAAA
		}
	}
	switch {
	case a.late || b.late:
		return finding.DNSLate
	case l.server.answers > l.answersBefore:
		return finding.DNSSomeLost
	}
	return finding.DNSSilent
}
