package main

// A goal is a figure that is aimed at. What is smaller is better.
type goal struct {
	what       string
	must, want float64
	unit       string
	measure    func(results) (float64, bool)
}

// How pcapdiag is run.
const (
	two      = "pcapdiag"
	one      = "pcapdiag, GOMAXPROCS=1"
	tableTwo = "pcapdiag, table"
	tableOne = "pcapdiag, table, GOMAXPROCS=1"
)

// goals are those of the project, for an idle machine of two processors. The
// programs compared with make no SHA-256, which JSON has to have: where that
// counts, there is a row without it.
var goals = []goal{
	{"mix: time ÷ capinfos -c", 1.5, 1.0, "", over(mixName, two, "capinfos -c", wall)},
	{"mix, as a table: time ÷ capinfos -c", 1.5, 1.0, "", over(mixName, tableTwo, "capinfos -c", wall)},
	{"mix-large: time ÷ capinfos -c", 1.5, 1.0, "", over(largeName, two, "capinfos -c", wall)},
	{"mix: processor time ÷ capinfos -c", 2.2, 1.5, "", over(mixName, two, "capinfos -c", cpu)},
	{"mix, one processor: time ÷ capinfos -c", 2.2, 1.5, "", over(mixName, one, "capinfos -c", wall)},
	{"mix, one processor, as a table: time ÷ capinfos -c", 2.2, 1.5, "", over(mixName, tableOne, "capinfos -c", wall)},
	{"mix: time ÷ tcpdump -w", 0.9, 0.6, "", over(mixName, two, "tcpdump -w", wall)},
	{"mix, as a table: time ÷ tcpdump -w", 0.9, 0.6, "", over(mixName, tableTwo, "tcpdump -w", wall)},
	{"mix: time ÷ tshark -z expert", 1. / 40, 1. / 70, "", over(mixName, two, "tshark -z expert", wall)},
	{"mix, as a table: time ÷ tshark -z expert", 1. / 40, 1. / 70, "", over(mixName, tableTwo, "tshark -z expert", wall)},
	{"mix: time ÷ tcpdump -vv", 1. / 25, 1. / 40, "", over(mixName, two, "tcpdump -vv", wall)},
	{"1 M flows: time ÷ capinfos -c", 3.0, 2.0, "", over(manyName, two, "capinfos -c", wall)},
	{"1 M flows, as a table: time ÷ capinfos -c", 3.0, 2.0, "", over(manyName, tableTwo, "capinfos -c", wall)},
	{"time of 1 M flows ÷ of 10 k flows", 3.5, 2.5, "", grown(fewName, manyName)},
	{"time of 5 M packets ÷ of 0.5 M packets", 10.5, 10, "", grown(shortName, longName)},
	{"memory at 10 k flows", 48, 32, " MB", memory(mixName, two)},
	{"memory of 5 M packets − of 0.5 M packets", 4, 2, " MB", func(r results) (float64, bool) {
		short, a := memory(shortName, two)(r)
		long, b := memory(longName, two)(r)
		return long - short, a && b
	}},
	{"memory at 1 M flows", 320, 224, " MB", memory(manyName, two)},
	{"memory at 1 M flows, as a table", 320, 224, " MB", memory(manyName, tableTwo)},
	{"empty capture: time", 30, 15, " ms", func(r results) (float64, bool) {
		got, ok := r[[2]string{emptyName, two}]
		return wall(got) * 1000, ok
	}},
	{"pcapng, as a table: time ÷ capinfos -c", 1.5, 1.0, "", over(pcapngName, tableTwo, "capinfos -c", wall)},
	{"pcapng: time ÷ capinfos -c", 1.5, 1.0, "", over(pcapngName, two, "capinfos -c", wall)},
	{"time of pcapng ÷ of pcap", 1.15, 1.15, "", grown(pcapName, pcapngName)},
}

// wall and cpu are in seconds.
func wall(r result) float64 { return r.wall.Seconds() }
func cpu(r result) float64  { return r.cpu.Seconds() }

// over returns a figure of one command over that of another on the same capture.
func over(capture, command, other string, figure func(result) float64) func(results) (float64, bool) {
	return func(r results) (float64, bool) {
		a, ok := r[[2]string{capture, command}]
		b, there := r[[2]string{capture, other}]
		return figure(a) / figure(b), ok && there
	}
}

// grown returns the time on one capture over that on a smaller one.
func grown(from, to string) func(results) (float64, bool) {
	return func(r results) (float64, bool) {
		a, ok := r[[2]string{from, two}]
		b, there := r[[2]string{to, two}]
		return wall(b) / wall(a), ok && there
	}
}

// memory returns the megabytes that a command takes at its peak.
func memory(capture, command string) func(results) (float64, bool) {
	return func(r results) (float64, bool) {
		got, ok := r[[2]string{capture, command}]
		return float64(got.rss) / (1 << 20), ok
	}
}

// reached says how a figure stands to the goal.
func (g *goal) reached(got float64) string {
	switch {
	case got <= g.want:
		return "reached"
	case got <= g.must:
		return "must only"
	}
	return "**missed**"
}
