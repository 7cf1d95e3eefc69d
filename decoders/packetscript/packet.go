package packetscript

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// A packet is one packet line with all defaults filled in.
type packet struct {
	at        time.Time
	point     int
	link      capture.LinkType
	direction capture.Direction
	levels    []level // outermost first; empty iff raw is set
	raw       []byte  // of a hex line
	snap      int     // bytes kept; 0 means as the file
	pad       bool
}

// packetLine parses a line that begins with a time and appends its frame.
//
//	TIME [@POINT] [in|out] PACKET [OPTION ...]
func (p *parser) packetLine(w *words) (err error) {
	pkt := &packet{link: p.link}
	if pkt.at, err = p.time(w); err != nil {
		return err
	}
	if pkt.point, err = p.point(w); err != nil {
		return err
	}
	switch {
	case w.accept("in"):
		pkt.direction = capture.Inbound
	case w.accept("out"):
		pkt.direction = capture.Outbound
	}
	if err := p.levels(w, pkt); err != nil {
		return err
	}
	if err := pkt.trailingOptions(w); err != nil {
		return err
	}
	if err := p.defaults(pkt); err != nil {
		return err
	}
	return p.append(pkt)
}

// append builds the frame of pkt.
func (p *parser) append(pkt *packet) error {
	data, err := p.frame(pkt)
	if err != nil {
		return err
	}
	p.packets = append(p.packets, pkt)
	f := capture.Frame{
		Number: len(p.packets), Time: capture.Timestamp(pkt.at.UnixNano()), HasTime: true,
		Len: len(data), Link: pkt.link, Point: pkt.point, Data: data,
	}
	// A cooked header says the direction itself; the file does not.
	if pkt.link != capture.LinkSLL && pkt.link != capture.LinkSLL2 {
		f.Direction = pkt.direction
	}
	for _, limit := range []int{p.script.Snaplen, pkt.snap} {
		if limit > 0 {
			f.Data = f.Data[:min(limit, len(f.Data))]
		}
	}
	p.script.frames = append(p.script.frames, f)
	return nil
}

// time takes seconds since the base, up to nanoseconds.
func (p *parser) time(w *words) (time.Time, error) {
	d, err := time.ParseDuration(w.peek(0) + "s")
	if err != nil || strings.Trim(w.peek(0), "0123456789.") != "" {
		return time.Time{}, w.expected("a time in seconds")
	}
	w.pos++
	return p.base.Add(d), nil
}

// point takes @NAME, where points are named, and returns the index of the
// point.
func (p *parser) point(w *words) (int, error) {
	name := ""
	if strings.HasPrefix(w.peek(0), "@") {
		name = w.peek(0)[1:]
	}
	points := p.script.Points
	if len(points) > 0 && (points[0].Name == "") != (name == "") {
		return 0, w.expected("@ and a capture point on every packet line, or on none")
	}
	if name != "" {
		w.pos++
	}
	index := uint32(len(points) + 1)
	if number, ok := strings.CutPrefix(name, "if"); ok {
		if n, err := strconv.ParseUint(number, 10, 32); err == nil {
			index = uint32(n)
		}
	}
	for i, pt := range points {
		switch {
		case pt.Name == name && pt.Link != p.link:
			return 0, fmt.Errorf("expected one link type per capture point, found %s after %s", p.link, pt.Link)
		case pt.Name == name:
			return i, nil
		case pt.Index == index:
			return 0, fmt.Errorf("expected an interface index of its own for %q, found %d again: name it @ifN", name, index)
		}
	}
	p.script.Points = append(points, Point{Name: name, Index: index, Link: p.link})
	return len(points), nil
}

// levels takes the levels of pkt: tunnels, then what is inside them.
func (p *parser) levels(w *words, pkt *packet) error {
	for {
		l, err := w.tunnel()
		if err != nil {
			return err
		}
		if l == nil {
			break
		}
		pkt.levels = append(pkt.levels, *l)
	}
	switch {
	case w.accept("hex"):
		if len(pkt.levels) > 0 {
			w.pos--
			return w.expected("a packet: hex is a whole frame")
		}
		var err error
		pkt.raw, err = hex.DecodeString(w.peek(0))
		if err != nil || len(pkt.raw) == 0 {
			return w.expected("the bytes of the frame in hexadecimal")
		}
		w.pos++
		return nil
	case w.accept("dup"):
		return p.dup(w, pkt)
	case w.accept("arp"):
		a, err := p.arp(w)
		pkt.levels = append(pkt.levels, level{body: a})
		return err
	}
	l, err := p.datagramLevel(w)
	pkt.levels = append(pkt.levels, l)
	return err
}

// dup takes "dup" or "dup N": packet N again, the one before this without a
// number. Inside tunnels it is the innermost level of it alone.
func (p *parser) dup(w *words, pkt *packet) error {
	n := len(p.packets)
	if c := w.peek(0); c != "" && c[0] >= '0' && c[0] <= '9' {
		number, err := w.earlier(n)
		if err != nil {
			return err
		}
		n = number
	}
	if n == 0 {
		return w.expected("an earlier packet to repeat")
	}
	original := p.packets[n-1]
	copied := original.levels
	if len(pkt.levels) > 0 {
		if len(copied) == 0 {
			return w.expected("a packet to repeat that is no hex line")
		}
		copied = copied[len(copied)-1:]
	}
	for _, l := range copied {
		l.body, l.copied = l.body.clone(), true
		pkt.levels = append(pkt.levels, l)
	}
	pkt.raw, pkt.pad = original.raw, original.pad
	return nil
}

// datagramLevel takes "A > B" and the word that says what it carries.
func (p *parser) datagramLevel(w *words) (level, error) {
	l := level{ttl: defaultTTL}
	src, dst, err := w.tuple()
	if err != nil {
		return l, err
	}
	l.src, l.sport = src.addr, src.port
	l.dst, l.dport = dst.addr, dst.port
	ports := src.hasPort && dst.hasPort
	switch {
	case w.accept("icmp"):
		l.body, err = p.icmp(w, &l)
		return l, err
	case w.accept("proto"):
		n, err := w.number("an IP protocol number", 255)
		l.body = &other{number: ipProtocol(n)}
		return l, err
	case !ports:
		return l, w.expected("ports on both addresses, icmp or proto")
	case w.accept("udp"):
		l.body = &udp{}
	case w.accept("dns"):
		l.body, err = w.dns()
	case tcpFlags(w.peek(0)):
		l.body = newTCP(w.peek(0))
		l.df = true // Linux sets it on all of TCP
		w.pos++
	default:
		err = w.expected("TCP flags (S, S., P., ., F., R), udp, dns, icmp or proto")
	}
	return l, err
}

// trailingOptions takes the options at the end of the line: of the innermost
// level, of the outermost with outer- in front, and of the frame.
func (pkt *packet) trailingOptions(w *words) error {
	for !w.done() {
		ok, err := pkt.option(w)
		if err != nil {
			return err
		}
		if !ok {
			what := "snap, pad"
			if n := len(pkt.levels); n > 0 {
				what = pkt.levels[n-1].body.options() + levelOptions + ", " + what
			}
			if len(pkt.levels) > 1 {
				what += ", one of the outermost level with outer- in front"
			}
			return w.expected(what)
		}
	}
	return nil
}

func (pkt *packet) option(w *words) (bool, error) {
	if w.accept("snap") {
		n, err := w.number("the bytes to keep", defaultSnaplen)
		pkt.snap = int(n)
		return true, err
	}
	if w.accept("pad") {
		pkt.pad = true
		return true, nil
	}
	n := len(pkt.levels)
	if n == 0 {
		return false, nil
	}
	if word, ok := strings.CutPrefix(w.peek(0), "outer-"); ok && n > 1 {
		// The word without its prefix is put in place, so that an error
		// shows what stands in the script until it is taken.
		w.list[w.pos] = word
		ok, err := pkt.levels[0].option(w)
		if !ok && err == nil {
			w.list[w.pos] = "outer-" + word
		}
		return ok, err
	}
	return pkt.levels[n-1].option(w)
}
