package correlate

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// without returns lines without those of the given numbers, from 1.
func without(lines string, numbers ...int) string {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(lines) {
		n++
		drop := false
		for _, d := range numbers {
			drop = drop || n == d
		}
		if !drop {
			b.WriteString(line)
		}
	}
	return b.String()
}

// bulk is count segments of size bytes, one each millisecond from the fifth
// second on, and the IP identification that each adds.
func bulk(count, size, ids int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "%.3f 10.0.0.1:1 > 10.0.0.2:80 . seq %d ack 1 length %d ts 1/1 id %d ttl 64\n", 5+float64(i)/1000, 1+i*size, size, 100+i*ids)
	}
	return b.String()
}

const requests = `4.1 10.0.0.1:7 > 10.0.0.2:53 udp payload "one" id 1
4.2 10.0.0.2:53 > 10.0.0.1:7 udp payload "two" id 2
4.3 10.0.0.1:7 > 10.0.0.2:53 udp payload "three" id 3
4.4 10.0.0.2:53 > 10.0.0.1:7 udp payload "four" id 4
4.5 10.0.0.1:7 > 10.0.0.2:53 udp payload "five" id 5
`

// ladder is a SYN that is sent again, with or without timestamps to tell them
// apart.
const (
	ladder = `3 10.0.0.1:1 > 10.0.0.2:80 S id 50 ts 3000/0
4 10.0.0.1:1 > 10.0.0.2:80 S id 51 ts 4000/0
6 10.0.0.1:1 > 10.0.0.2:80 S id 52 ts 6000/0
6.1 10.0.0.2:80 > 10.0.0.1:1 S. id 0 ts 1/6000
`
	alike = `3 10.0.0.1:1 > 10.0.0.2:80 S id 0
4 10.0.0.1:1 > 10.0.0.2:80 S id 0
6 10.0.0.1:1 > 10.0.0.2:80 S id 0
6.1 10.0.0.2:80 > 10.0.0.1:1 S. id 0
`
)

// since returns the lines from a second on, until those before it.
func since(lines string, second float64) string { return keep(lines, second, 1e9) }
func until(lines string, second float64) string { return keep(lines, -1, second) }

func keep(lines string, from, to float64) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		number, _, _ := strings.Cut(line, " ")
		if at, err := strconv.ParseFloat(number, 64); err == nil && at >= from && at < to {
			b.WriteString(line)
		}
	}
	return b.String()
}

// around puts lines into a capture that runs from second 0 to 9.
func around(base, lines string) string { return until(base, 9) + lines + since(base, 9) }

func TestLosses(t *testing.T) {
	a, b, c := func(s string) string { return around(atA, s) }, func(s string) string { return around(atB, s) }, func(s string) string { return around(atC, s) }
	const link = "path a b\nlink a b: matched "
	runSolve(t, []solveTest{
		{"both directions", []string{a(requests), b(without(requests, 3, 2))}, link + `[12 11], lost [1 0]
  loss a b: 21 of 3
`},
		{"an answer", []string{a(without(requests, 2)), b(requests)}, link + `[13 11], lost [0 1]
  loss b a: 20 of 2
`},
		{"a SYN ladder", []string{a(ladder), b(without(ladder, 1, 2))}, link + `[11 11], lost [2 0]
  loss a b: 19 20 of 3, again 2
`},
		{"SYNs that look alike, of which the first ones are lost", []string{a(alike), b(without(alike, 1, 2))}, link + `[11 11], lost [2 0]
  loss a b: 19 20 of 3, again 2
`},
		{"SYNs that look alike, of which the last one is lost", []string{a(alike), b(without(alike, 3))}, link + `[12 11], lost [1 0]
  loss a b: 21 of 3
`},
		{"SYNs from before the other capture began", []string{ladder + since(atA, 6.0), without(ladder, 1, 2) + since(atB, 6.0)},
			"path a b\nlink a b: matched [5 5], lost [2 0]\n  loss a b: 1 2 of 3, outside 2, again 2\n"},
		{"datagrams from before the other capture began are no loss", []string{a(requests), since(requests, 4.5) + since(atB, 5.0)},
			link + "[6 5], lost [0 0]\n"},
		{"a capture that ends early loses nothing", []string{a(requests), until(atB, 4.05) + until(requests, 4.2)},
			link + "[6 5], lost [0 0]\n"},
		{"a retransmission does not undo a loss", []string{
			a("4 10.0.0.1:1 > 10.0.0.2:80 P. seq 1 ack 1 length 9 ts 1/1 id 50\n4.5 10.0.0.1:1 > 10.0.0.2:80 P. seq 1 ack 1 length 9 ts 2/1 id 51\n"),
			b("4.5 10.0.0.1:1 > 10.0.0.2:80 P. seq 1 ack 1 length 9 ts 2/1 id 51\n")}, link + `[11 10], lost [1 0]
  loss a b: 19 of 2, again 1
`},
		{"super-packets of the sender, segments on the wire", []string{a(bulk(3, 3000, 3)), b(bulk(9, 1000, 1))},
			link + "[13 10], lost [0 0]\n"},
		{"segments on the wire, merged by the receiver", []string{a(bulk(9, 1000, 1)), b(bulk(3, 3000, 3))},
			link + "[19 10], lost [0 0]\n"},
		{"a segment of a super-packet is lost", []string{a(bulk(3, 3000, 3)), b(without(bulk(9, 1000, 1), 5))}, link + `[12 10], lost [1 0]
  loss a b: 20 of 3
`},
		{"the first segment of a super-packet is lost", []string{a(bulk(3, 3000, 3)), b(without(bulk(9, 1000, 1), 4))}, link + `[12 10], lost [1 0]
  loss a b: 20 of 3
`},
		{"the capture in the middle missed packets", []string{a(requests), b(without(requests, 3)), c(requests)}, `
path a b c
link a b: matched [12 12], lost [0 0], missed [1 0]
link b c: matched [12 12], lost [0 0]
`},
		{"the other capture missed what was acknowledged", []string{
			a("4 10.0.0.1:1 > 10.0.0.2:80 P. seq 1 ack 1 length 9 ts 1/1 id 50\n4.1 10.0.0.1:1 > 10.0.0.2:80 P. seq 10 ack 1 length 9 ts 2/1 id 51\n4.5 10.0.0.2:80 > 10.0.0.1:1 . seq 1 ack 19 ts 1/1 id 60\n"),
			b("4.1 10.0.0.1:1 > 10.0.0.2:80 P. seq 10 ack 1 length 9 ts 2/1 id 51\n4.5 10.0.0.2:80 > 10.0.0.1:1 . seq 1 ack 19 ts 1/1 id 60\n")},
			link + "[11 11], lost [0 0], missed [1 0]\n"},
		{"the other capture shows one direction only", []string{
			"1 10.0.0.1:1 > 10.0.0.2:80 S seq 1 ts 1/0 id 1 ttl 64\n1.2 10.0.0.1:1 > 10.0.0.2:80 F. seq 2 ack 8 ts 2/0 id 3 ttl 64\n1.4 10.0.0.1:1 > 10.0.0.2:80 . seq 3 ack 8 ts 3/0 id 5 ttl 64",
			"1 10.0.0.1:1 > 10.0.0.2:80 S seq 1 ts 1/0 id 1 ttl 63\n1.1 10.0.0.2:80 > 10.0.0.1:1 S. seq 7 ack 2 id 2\n1.2 10.0.0.1:1 > 10.0.0.2:80 F. seq 2 ack 8 ts 2/0 id 3 ttl 63\n1.3 10.0.0.2:80 > 10.0.0.1:1 F. seq 8 ack 3 id 4\n1.4 10.0.0.1:1 > 10.0.0.2:80 . seq 3 ack 8 ts 3/0 id 5 ttl 63"},
			link + "[3 0], lost [0 0], missed [0 2]\n"},
		{"the other capture shows the answers to keep-alives only", []string{
			"1 10.0.0.1:1 > 10.0.0.2:80 . seq 1 ack 8 ts 1/1 id 1 ttl 64\n1.1 10.0.0.2:80 > 10.0.0.1:1 . seq 8 ack 2 ts 1/1 id 2 ttl 63\n2 10.0.0.1:1 > 10.0.0.2:80 . seq 1 ack 8 ts 2/1 id 3 ttl 64\n2.1 10.0.0.2:80 > 10.0.0.1:1 . seq 8 ack 2 ts 2/1 id 4 ttl 63\n",
			"1.1 10.0.0.2:80 > 10.0.0.1:1 . seq 8 ack 2 ts 1/1 id 2 ttl 64\n2.1 10.0.0.2:80 > 10.0.0.1:1 . seq 8 ack 2 ts 2/1 id 4 ttl 64\n"},
			link + "[0 2], lost [0 0], missed [1 0]\n"},
		{"the other capture shows the answers to datagrams only", []string{
			"1 10.0.0.1:1 > 10.0.0.2:9 udp payload \"a\" id 1 ttl 64\n1.1 10.0.0.2:9 > 10.0.0.1:1 udp payload \"b\" id 2 ttl 63\n1.2 10.0.0.1:1 > 10.0.0.2:9 udp payload \"c\" id 3 ttl 64\n1.3 10.0.0.2:9 > 10.0.0.1:1 udp payload \"d\" id 4 ttl 63\n",
			"1.1 10.0.0.2:9 > 10.0.0.1:1 udp payload \"b\" id 2 ttl 64\n1.3 10.0.0.2:9 > 10.0.0.1:1 udp payload \"d\" id 4 ttl 64\n"},
			link + "[0 2], lost [0 0], missed [1 0]\n"},
		{"lost behind the middle", []string{a(requests), b(requests), c(without(requests, 3))}, `
path a b c
link a b: matched [13 12], lost [0 0]
link b c: matched [12 12], lost [1 0]
  loss b c: 21 of 3
`},
		{"the whole of a connection", []string{a("4 10.9.0.1:7 > 10.9.0.2:80 S id 50\n5 10.9.0.1:7 > 10.9.0.2:80 S id 51\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n"),
			b("6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n")}, link + `[11 10], lost [2 0]
  loss a b: 19 20 of 2, again 1, whole
`},
		{"another service, which a capture filter may leave out", []string{a("4 10.9.0.1:7 > 10.9.0.2:81 S id 50\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n"),
			b("6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n")}, link + "[11 10], lost [0 0]\n"},
		{"another service in the tunnel, where no filter looks", []string{a("4 vxlan 1 10.0.1.1:7 > 10.0.2.2:81 S id 50\n6 vxlan 1 10.0.1.1:8 > 10.0.2.2:80 S id 52 ttl 64\n"),
			b("6 vxlan 1 10.0.1.1:8 > 10.0.2.2:80 S id 52 ttl 63\n")}, `
path a b
path a/vxlan b/vxlan
link a b: matched [10 10], lost [0 0]
link a/vxlan b/vxlan: matched [1 0], lost [1 0]
  loss a/vxlan b/vxlan: 19 of 1, whole
`},
		{"a connection that is answered takes another way", []string{a("4 10.9.0.1:7 > 10.9.0.2:80 S id 50\n4 10.9.0.2:80 > 10.9.0.1:7 S. id 51\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n"),
			b("6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n")}, link + "[11 10], lost [0 0]\n"},
		{"a connection of the same name, of which other packets are remembered", []string{
			a("4 10.9.0.1:7 > 10.9.0.2:80 . seq 1 ack 1 length 5 id 50\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n"),
			b("5 10.9.0.1:7 > 10.9.0.2:80 . seq 90 ack 1 length 5 id 51\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n")}, link + "[11 10], lost [0 0]\n"},
		{"a capture that begins with the answer knows the client all the same", []string{a(requests), b(without(requests, 1))}, link + `[12 12], lost [1 0]
  loss a b: 19 of 3
`},
		{"the table forgot a flow that goes on", []string{
			"0 10.0.0.1:7 > 10.0.0.2:9 udp payload \"a\" id 1 ttl 64\n500 10.0.0.5:7 > 10.0.0.2:9 udp\n501 10.0.0.5:7 > 10.0.0.2:9 udp\n502 10.0.0.1:7 > 10.0.0.2:9 udp payload \"b\" id 2 ttl 64",
			"0 10.0.0.1:7 > 10.0.0.2:9 udp payload \"a\" id 1 ttl 63\n502 10.0.0.1:7 > 10.0.0.2:9 udp payload \"b\" id 2 ttl 63"},
			link + "[2 0], lost [0 0]\n"},
		{"a tuple used again is another connection", []string{
			a("4 10.0.0.1:1 > 10.0.0.2:80 S seq 5 id 50\n5 10.0.0.1:1 > 10.0.0.2:80 S seq 900 id 51\n"),
			b("4 10.0.0.1:1 > 10.0.0.2:80 S seq 5 id 50\n5 10.0.0.1:1 > 10.0.0.2:80 S seq 900 id 51\n")}, link + "[12 10], lost [0 0]\n"},
		{"copies at the interfaces of one point", []string{a(requests), b(requests + "4.5001 dup\n")}, link + "[13 12], lost [0 0]\n"},
		{"a small snaplen leaves little of the payload", []string{a(requests), "snap 46\n" + b(requests)}, link + "[13 12], lost [0 0]\n"},
		{"what tells: the checksum before the port", []string{
			a("3 vxlan 1 10.1.0.1:500 > 10.1.0.2 sum 0xffff 10.0.0.1:1 > 10.0.0.2:80 S id 1 ts 1/0\n4 vxlan 1 10.1.0.1:500 > 10.1.0.2 sum 0xffff 10.0.0.1:1 > 10.0.0.2:80 S id 2 ts 2/0\n6 vxlan 1 10.1.0.1:501 > 10.1.0.2 sum 0 10.0.0.1:1 > 10.0.0.2:80 S id 3 ts 3/0 ttl 64\n"),
			b("6 vxlan 1 10.1.0.1:501 > 10.1.0.2 sum 0 10.0.0.1:1 > 10.0.0.2:80 S id 3 ts 3/0 ttl 63\n")}, `
path a b
path a/vxlan b/vxlan
link a b: matched [10 10], lost [0 0]
link a/vxlan b/vxlan: matched [1 0], lost [2 0]
  loss a/vxlan b/vxlan: 19 20 of 3, again 2; outer checksum 0xffff (nat-on-zero), else 0x0000 (absent)
`},
		{"what tells: the size", []string{
			a("4 10.0.0.1:7 > 10.0.0.2:9 udp length 50 id 1\n4.1 10.0.0.1:7 > 10.0.0.2:9 udp length 1400 id 2\n4.2 10.0.0.1:7 > 10.0.0.2:9 udp length 1450 id 3\n"),
			b("4 10.0.0.1:7 > 10.0.0.2:9 udp length 50 id 1\n")}, link + `[11 10], lost [2 0]
  loss a b: 20 21 of 3; datagram size >= 1428 B, else <= 78 B
`},
	})
}

// TestCollision has two pods behind one translated tuple.
func TestCollision(t *testing.T) {
	runSolve(t, []solveTest{{"one after the other", []string{
		"0 10.244.1.5:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 64\n9 10.244.1.6:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 64",
		"0 10.0.0.1:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 63\n9 10.0.0.1:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 63"}, `
path a b
link a b: matched [2 0], lost [0 0]
nat 10.244.1.5:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
nat 10.244.1.6:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
collision 10.0.0.1:4000 of 10.244.1.5 and 10.244.1.6
`}, {"the same client again", []string{
		"0 10.244.1.5:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 64\n9 10.244.1.5:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 64",
		"0 10.0.0.1:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 63\n9 10.0.0.1:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 63"}, `
path a b
link a b: matched [2 0], lost [0 0]
nat 10.244.1.5:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
nat 10.244.1.5:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
`}, {"long after the other", []string{
		"0 10.244.1.5:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 64\n900 10.244.1.6:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 64",
		"0 10.0.0.1:4000 > 1.1.1.1:80 S seq 5 id 1 ts 1/0 ttl 63\n900 10.0.0.1:4000 > 1.1.1.1:80 S seq 6 id 2 ts 2/0 ttl 63"}, `
path a b
link a b: matched [2 0], lost [0 0]
nat 10.244.1.5:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
nat 10.244.1.6:4000 > 1.1.1.1:80 = 10.0.0.1:4000 > 1.1.1.1:80
`}})
}

// TestFinding looks at how sure a loss is said to be.
func TestFinding(t *testing.T) {
	a, b := around(atA, ladder), around(atB, without(ladder, 1, 2))
	long := "1 10.0.0.1:1 > 10.0.0.2:80 S id 40 ts 1000/0\n" + ladder
	for _, tt := range []struct {
		name    string
		scripts []string
		change  func(*recording)
		message string
		level   finding.Severity
		open    string
	}{
		{"two lost", []string{a, b}, nil,
			"2 of 3 SYNs seen at a are missing at b", finding.Info, "[capture-drops]"},
		{"three lost", []string{around(atA, long), b}, nil,
			"3 of 4 SYNs seen at a are missing at b", finding.Warning, "[capture-drops]"},
		{"a capture that counts its drops, and had none", []string{a, b}, func(r *recording) { r.points[1].HasDrops = true },
			"2 of 3 SYNs seen at a are missing at b", finding.Info, "[]"},
		{"a capture that had drops", []string{around(atA, long), b},
			func(r *recording) { r.points[1].HasDrops, r.points[1].Drops = true, 7 },
			"3 of 4 SYNs seen at a are missing at b; but the capture at b itself lost 7 packets", finding.Info, "[capture-drops]"},
		{"fewer drops than losses", []string{around(atA, long), b},
			func(r *recording) { r.points[1].HasDrops, r.points[1].Drops = true, 2 },
			"3 of 4 SYNs seen at a are missing at b; but the capture at b itself lost 2 packets", finding.Warning, "[capture-drops]"},
		{"the snaplen cut frames", []string{a, b}, func(r *recording) { r.points[1].HasDrops = true; r.Cut(1) },
			"2 of 3 SYNs seen at a are missing at b; but the snaplen of b hides what 1 of its frames are", finding.Info, "[snaplen]"},
		{"one packet of many", []string{around(atA, requests), around(atB, without(requests, 3))}, func(r *recording) { r.points[1].HasDrops = true },
			"1 of 3 packets seen at a is missing at b", finding.Info, "[]"},
		{"before the other capture began", []string{ladder + since(atA, 6.0), without(ladder, 1, 2) + since(atB, 6.0)},
			func(r *recording) { r.points[1].HasDrops = true },
			"2 of 3 SYNs seen at a are missing at b; all of them were sent before the first or after the last frame of b, which may not have been capturing then",
			finding.Info, "[capture-not-running]"},
		{"all of it", []string{
			around(atA, "4 10.9.0.1:7 > 10.9.0.2:80 S id 50\n5 10.9.0.1:7 > 10.9.0.2:80 S id 51\n6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n"),
			around(atB, "6 10.9.0.1:8 > 10.9.0.2:80 S id 52\n")}, func(r *recording) { r.points[1].HasDrops = true },
			"the whole connection, 2 SYNs seen at a, is missing at b", finding.Info, "[other-interface]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := record(t, tt.scripts...)
			if tt.change != nil {
				tt.change(r)
			}
			list := r.Solve(r.points, nil).Findings(func(site int) string { return string(rune('a' + site)) })
			if len(list) != 1 {
				t.Fatalf("%d findings", len(list))
			}
			f := list[0]
			facts := f.Facts.(*finding.LossFacts)
			if f.Message.EN != tt.message || f.Severity != tt.level || fmt.Sprint(facts.Open) != tt.open {
				t.Errorf("%v: %s; open %s", f.Severity, f.Message.EN, facts.Open)
			}
			if len(facts.Open)+len(facts.RuledOut) != 5 || len(f.Evidence) != facts.Lost || f.Flow.CommunityID == "" {
				t.Errorf("%+v, %d frames, %+v", facts, len(f.Evidence), f.Flow)
			}
		})
	}
}
