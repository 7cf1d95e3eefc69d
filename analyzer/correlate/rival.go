package correlate

import "time"

// A Rival is another client whose SYN to the same service got through the NAT
// in the moment in which one was lost: the two raced for one source port, if
// that is what lost it.
type Rival struct {
	Client End           // before translation
	Source End           // behind it
	Apart  time.Duration // between the two SYNs, at most simultaneous; the uncertainty of the clocks may come on top
}

// simultaneous is how close together two first packets must be for a kernel to
// handle them in parallel.
const simultaneous = time.Millisecond

// rivals fills in the rivals of the SYNs that were lost on their way through a
// source NAT. Rivals may come from other capture points: each veth of a node
// may have a capture of its own.
func (s *solver) rivals(res *Result) {
	bySite := map[site]map[End][]*pass{} // translated connections that arrive at a site, by service
	for i := range res.Links {
		l := &res.Links[i]
		for j := range l.Losses {
			loss := &l.Losses[j]
			if !loss.SNAT || !l.Clock.Known || syns(loss.Lost) == 0 || loss.From != l.From {
				continue
			}
			to := s.sites[loss.To]
			if bySite[to] == nil {
				bySite[to] = s.translatedTo(to)
			}
			for _, p := range bySite[to][loss.Server] {
				loss.meet(p, l.Clock)
			}
		}
	}
}

// translatedTo returns the ways of connections to a site on which the client is
// translated, by the service.
func (s *solver) translatedTo(to site) map[End][]*pass {
	m := map[End][]*pass{}
	for h, l := range s.links {
		if h.to != to {
			continue
		}
		for i := range l.passes {
			if p := &l.passes[i]; !p.reversed && p.from.client != p.to.client {
				m[p.from.server] = append(m[p.from.server], p)
			}
		}
	}
	return m
}

// meet takes the connection of p for the rival if it began nearer than the one
// before. clock is that of the site behind the NAT against the one in front.
func (l *Loss) meet(p *pass, clock Clock) {
	began := &p.to.sightings[0]
	if p.from.client.Addr == l.Client.Addr || !began.syn {
		return
	}
	for _, x := range l.Lost {
		apart := (began.time.Sub(x.Time) - clock.at(x.Time)).Abs()
		if !x.SYN || apart > simultaneous+clock.Uncertainty {
			continue
		}
		if v := l.Rival; v == nil || apart < v.Apart || apart == v.Apart && compareEnds(p.from.client, v.Client) < 0 {
			l.Rival = &Rival{Client: p.from.client, Source: p.to.client, Apart: apart}
		}
	}
}
