package transcript

import (
	"strings"
	"time"
)

// lastYear is the last one that nanoseconds since 1970 can tell in full.
const lastYear = 2261

// timestamp takes the time that a line begins with, and the space behind it.
//
//	16:30:56.705718                 without -t, and -ttttt
//	1590395456.705718               -tt
//	2020-05-25 16:30:56.705718      -tttt
func timestamp(c *cursor) (clock Clock, at time.Duration, ok bool) {
	rest := *c
	clock = OfDay
	var day time.Time
	if len(rest) > 10 && rest[4] == '-' && rest[10] == ' ' {
		d, err := time.Parse(time.DateOnly, string(rest[:10]))
		if err != nil || d.Year() < 1970 || d.Year() > lastYear {
			return NoClock, 0, false
		}
		clock, day, rest = Dated, d, rest[11:]
	}
	first, ok := rest.number(33)
	if !ok {
		return NoClock, 0, false
	}
	at = time.Duration(first) * time.Second
	if rest.lit(":") {
		minute, ok1 := rest.number(8)
		colon := rest.lit(":")
		second, ok2 := rest.number(8)
		if !ok1 || !ok2 || !colon || first > 23 || minute > 59 || second > 60 {
			return NoClock, 0, false
		}
		at = time.Duration(first)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	} else if clock == Dated {
		return NoClock, 0, false
	} else {
		clock = Dated
	}
	nanos, ok := rest.fraction()
	if !ok || !rest.lit(" ") {
		return NoClock, 0, false
	}
	*c = cursor(strings.TrimLeft(string(rest), " "))
	at += nanos
	if !day.IsZero() {
		at += time.Duration(day.Unix()) * time.Second
	}
	return clock, at, true
}

// fraction takes ".705718" or ".705718123".
func (c *cursor) fraction() (time.Duration, bool) {
	rest := *c
	if !rest.lit(".") {
		return 0, false
	}
	n := len(rest)
	v, ok := rest.number(32)
	switch n -= len(rest); {
	case !ok, n != 6 && n != 9:
		return 0, false
	case n == 6:
		v *= 1000
	}
	*c = rest
	return time.Duration(v), true
}

// directions are the words of "-i any": from this host, to it, and to groups
// or others.
var directions = [...]struct {
	word string
	dir  Dir
}{{"In ", In}, {"Out ", Out}, {"B ", In}, {"M ", In}, {"P ", UnknownDir}}

// arrival takes what "-i any" prints in front of a packet: interface and
// direction since tcpdump 4.99, the direction alone with -e before.
//
//	eth0  Out IP 10.244.1.7.41000 > …
//	  In 02:42:0a:00:64:03 ethertype IPv4 (0x0800), …
func arrival(c *cursor) (iface string, dir Dir) {
	rest := *c
	for range 2 {
		for _, d := range directions {
			if after := rest; after.lit(d.word) {
				*c = cursor(strings.TrimLeft(string(after), " "))
				return iface, d.dir
			}
		}
		iface = rest.word()
		rest = cursor(strings.TrimLeft(string(rest), " "))
	}
	return "", UnknownDir
}
