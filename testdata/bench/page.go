package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

// pageHead is the part of the page that no run changes.
const pageHead = "" +
	"# Performance\n\n" +
	"<!-- written by: make bench PAGE=docs/performance.md -->\n\n" +
	"`make bench` writes captures with `testdata/bench/write`, the same bytes each time, and runs pcapdiag and what else is installed over them, one after the other in each round, with the captures in the page cache. Figures are medians of the rounds. Times of other machines differ; the ratios say more.\n\n" +
	"The mix is what a node of a cluster sees: 70 % of the flows in VXLAN on ports 8472 and 4789, a quarter of these without outer UDP checksum, 19 % in IPIP, 1 % in IPIP in VXLAN; 5 % with a VLAN tag, 8 % IPv6 inside and 3 % outside; 85 % TCP, 14 % UDP, half of it DNS, and 1 % ICMP. One packet in a thousand has a wrong checksum, 2 % of the TCP connections lose SYNs, 0.5 % use a tuple again. `TestCountsWhatWasWritten` holds the report to these. Captures named after flows have small packets only.\n\n"

// profile is the part that people write: where the time goes.
//
//go:embed profile.md
var profile string

// markdown returns the page.
func (b *bench) markdown() []byte {
	var w bytes.Buffer
	w.WriteString(pageHead)
	fmt.Fprintf(&w, "%s\n\n", b.system)
	if b.small {
		w.WriteString("**Captures of a tenth (`SMALL=1`): what is fixed counts ten times as much, so the goals mean little here.**\n\n")
	}
	b.goals(&w)
	w.WriteString(profile)
	for _, s := range sections {
		b.table(&w, s)
	}
	b.flows(&w)
	b.programs(&w)
	return w.Bytes()
}

// goals writes the table of the goals.
func (b *bench) goals(w *bytes.Buffer) {
	w.WriteString("## Goals\n\nFor an idle machine with two processors. Less is better in every row.\n\n| | must | goal | measured | |\n|---|---:|---:|---:|---|\n")
	for _, g := range goals {
		got, ok := g.measure(b.results)
		if !ok {
			fmt.Fprintf(w, "| %s | %s%s | %s%s | | not measured: a program is not installed |\n", g.what, part(g.must), g.unit, part(g.want), g.unit)
			continue
		}
		fmt.Fprintf(w, "| %s | %s%s | %s%s | %s%s | %s |\n", g.what, part(g.must), g.unit, part(g.want), g.unit, part(got), g.unit, g.reached(got))
	}
	w.WriteString("\nRead, decode, track and detect allocate nothing per packet: `TestPacketsAllocateNothing`. " +
		"No verdict is traded for speed: `TestSameReportHoweverItRuns`.\n\n")
}

// figure prints a number with about three digits.
func figure(x float64) string {
	switch size := math.Abs(x); {
	case size >= 100:
		return fmt.Sprintf("%.0f", x)
	case size >= 10:
		return fmt.Sprintf("%.1f", x)
	case size >= .1:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// part prints a ratio, a small one as a fraction.
func part(x float64) string {
	if x > 0 && x < .1 {
		return fmt.Sprintf("1/%.0f", 1/x)
	}
	return figure(x)
}

// table writes what was measured in a section.
func (b *bench) table(w *bytes.Buffer, s section) {
	fmt.Fprintf(w, "## %s\n\n| capture | command | time, ms | processor, ms | memory, MB | packets/s | MB/s | ÷ capinfos -c | runs |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n", s.name)
	for _, c := range s.captures {
		for _, name := range s.commands {
			r, ok := b.results[[2]string{c.name, name}]
			if !ok {
				continue
			}
			rate, bytesRate, ratio := "", "", ""
			if n := r.truth.Packets * max(1, c.points); n > 0 {
				rate = figure(float64(n)/wall(r)/1e6) + " M"
				bytesRate = figure(float64(r.size) * float64(max(1, c.points)) / wall(r) / 1e6)
			}
			if x, ok := over(c.name, name, "capinfos -c", wall)(b.results); ok {
				ratio = part(x)
			}
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s | %s | %d |\n", c.name, name,
				figure(wall(r)*1000), figure(cpu(r)*1000), figure(float64(r.rss)/(1<<20)), rate, bytesRate, ratio, r.runs)
		}
	}
	w.WriteString("\n")
}

// flows writes what a flow takes, and what the bounds of their number do.
func (b *bench) flows(w *bytes.Buffer) {
	w.WriteString("## Memory of flows\n\n")
	few, many := b.results[[2]string{fewName, two}], b.results[[2]string{manyName, two}]
	fmt.Fprintf(w, "From %d to %d flows the peak grows by **%.0f bytes per flow**, all detectors included.\n\n",
		few.truth.Flows, many.truth.Flows, float64(many.rss-few.rss)/float64(many.truth.Flows-few.truth.Flows))
	w.WriteString("More flows than are followed at once, through a pipe, three packets each. The report names the evictions (`flows-evicted`); `TestEvictionInventsNothing` holds it to find nothing else because of them.\n\n" +
		"| flows | bound | memory, MB | time with the writing, s |\n|---:|---:|---:|---:|\n")
	for _, f := range b.flooded {
		bounds := "the defaults"
		if len(f.bounds) > 0 {
			bounds = "`" + strings.Join(f.bounds, " ") + "`"
		}
		fmt.Fprintf(w, "| %d | %s | %s | %s |\n", f.flows, bounds, figure(float64(f.taken.rss)/(1<<20)), figure(f.taken.wall.Seconds()))
	}
	w.WriteString("\n")
}

// programs writes what the commands do.
func (b *bench) programs(w *bytes.Buffer) {
	w.WriteString("## Commands\n\n| | command | does |\n|---|---|---|\n")
	for _, c := range commands {
		does := c.does
		if !c.installed() {
			does += "; not installed here"
		}
		fmt.Fprintf(w, "| %s | `%s` | %s |\n", c.name, c.shown(), does)
	}
	w.WriteString("\nMemory is the resident set at its peak, as the kernel reports it for a child that has ended; for programs that take less than about 10 MB it is that of the program that measures.\n")
}

// system says what the figures are from.
func system() string {
	cpu := "unknown processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(info); m != nil {
			cpu = string(m[1])
		}
	}
	load := "unknown"
	if l, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(l), " ")
	}
	return fmt.Sprintf("pcapdiag %s, %s; %d processors (%s), Linux %s, load before the run %s; %s, %s.",
		first("git", "describe", "--tags", "--always", "--dirty"), runtime.Version(), runtime.NumCPU(), cpu, first("uname", "-r"), load,
		first("tcpdump", "--version"), first("capinfos", "--version"))
}

// first returns the first line that a command prints.
func first(command ...string) string {
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil && len(out) == 0 {
		return command[0] + " not installed"
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSuffix(line, ".")
}
