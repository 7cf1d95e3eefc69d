package udpreply

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

const (
	maxKept    = 64 // runs kept of each server
	rememberOf = 16 // clients of each server remembered as answered, the latest

	// minSpan is the shortest time between two datagrams that are two
	// requests, and not one in two parts.
	minSpan = time.Second
)

// A peer is a source port of a client.
type peer struct {
	addr decoders.Addr
	port uint16
}

// A service is what is known of one server.
type service struct {
	at       flow.Endpoint     // valid once all flows have ended
	answers  uint32            // datagrams that it sent to clients
	from, to capture.Timestamp // first and last answer; valid iff answers > 0
	answered [rememberOf]peer  // clients that it answered, in a ring
	next     uint8
	lost     []lost // runs that say something, at most maxKept
	moreLost int    // those beyond
}

// remember notes a client that was answered.
func (s *service) remember(p peer) {
	s.answered[s.next] = p
	s.next = (s.next + 1) % rememberOf
}

// answeredPort reports whether s answered this source port of late.
func (s *service) answeredPort(p peer) bool {
	for _, q := range s.answered {
		if q == p {
			return true
		}
	}
	return false
}

// answeredClient reports whether s answered another port of the client of p.
func (s *service) answeredClient(p peer) bool {
	for _, q := range s.answered {
		if q.addr == p.addr && q.port != p.port {
			return true
		}
	}
	return false
}

// A run is the datagrams that one flow sends one after the other without an
// answer.
type run struct {
	service                        *service
	first, before, last            capture.Timestamp // of the first datagram, the last but one and the last
	firstFrame, beforeFrame, frame uint32
	requests                       uint32
	answers                        uint32 // service.answers when the run began
	others                         uint32 // answers of the service to other ports until the last datagram
	fresh                          bool   // the flow had no answer before the run
	unreachable                    bool   // a router said that there is no such host
}

// span returns the time between the first and the last datagram.
func (r *run) span() time.Duration { return r.last.Sub(r.first) }

// A lost is a run that has ended.
type lost struct {
	run
	end    finding.RunEnd
	pause  time.Duration // in front of the datagram that was answered again; valid iff end is RunAnswered
	client peer
	ref    finding.FlowRef
}
