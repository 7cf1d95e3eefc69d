package correlate

import (
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// A Collision is two connections of different clients that have one name
// behind NAT, one soon after the other.
type Collision struct {
	Site           int
	Proto          decoders.Proto
	Client, Server End // the name
	VNI            uint32
	Outer          [2]decoders.Addr
	Clients        [2]End        // before translation
	After          time.Duration // from the last packet of the first connection to the first of the second
	Last           flow.Moment   // of the first connection
	Opening        Opening       // of the second
}

// An Opening is how a TCP connection begins, as seen at one site.
type Opening struct {
	ISN       uint32
	SYNs      []flow.Moment // that of the connection and those sent again, at most headPackets
	Challenge flow.Moment   // the ACK of another connection that the server gave before it answered, if any
	Answer    flow.Moment   // the SYN-ACK, if there was one
}

// MaxCollisions bounds the collisions listed.
const MaxCollisions = 50

// stillHeld is how long a tuple used again meets what the other end, and the
// NAT itself, remember of the connection before: TIME_WAIT of nf_conntrack and
// IPVS.
const stillHeld = 120 * time.Second

// An origin is who had a translated name last, and until when.
type origin struct {
	client End
	last   flow.Moment
}

// Flow names the second connection of a collision, as it is seen at its site.
func (r *Result) Flow(c *Collision) finding.FlowRef {
	return r.Sites[c.Site].ref(c.Proto, c.Client, c.Server, c.VNI, c.Outer)
}

// collide looks for the client that had the name of f before.
func (s *solver) collide(res *Result, f *seen, client End, origins map[loner]origin) {
	key := f.loner(f.site())
	before, known := origins[key]
	began, ended := f.sightings[0].moment(), f.sightings[len(f.sightings)-1].moment()
	origins[key] = origin{client, ended}
	after := began.Time.Sub(before.last.Time)
	if !known || before.client == client || f.client == client || after > stillHeld || len(res.Collisions) == MaxCollisions {
		return
	}
	res.Collisions = append(res.Collisions, Collision{
		Site: s.number(f.site()), Proto: f.key.Proto, Client: f.client, Server: f.server, VNI: f.key.VNI, Outer: f.outer,
		Clients: [2]End{before.client, client},
		After:   after, Last: before.last, Opening: f.opening(),
	})
}

func (x *sighting) moment() flow.Moment { return flow.Moment{Frame: x.frame, Time: x.time} }

// opening returns how s begins; nothing where its SYN was not seen.
func (s *seen) opening() (o Opening) {
	for i := range s.sightings {
		x := &s.sightings[i]
		switch mine := x.acks && x.ack == o.ISN+1; {
		case x.syn:
			o.ISN = x.seq
			o.SYNs = append(o.SYNs, x.moment())
		case x.dir == flow.ToServer, len(o.SYNs) == 0, o.Answer.Seen():
		case mine && x.turns:
			o.Answer = x.moment()
		case x.acks && !mine && !x.turns && x.length == 0 && !o.Challenge.Seen():
			o.Challenge = x.moment()
		}
	}
	return o
}
