package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/testdata/bench/traffic"
)

// A capture is one file that is measured.
type capture struct {
	name     string
	shape    traffic.Shape
	compress []string // command that writes the compressed file to standard output; nil for none
	points   int      // times that it is given, as if taken at so many points; 0 means once
}

// A section is some captures and the commands that are compared on them. Its
// captures are deleted behind it.
type section struct {
	name     string
	captures []capture
	commands []string
}

// Captures that more than one part of the page is about.
const (
	mixName    = "mix"
	largeName  = "mix-large"
	fewName    = "10 k flows"
	manyName   = "1 M flows"
	shortName  = "0.5 M packets"
	longName   = "5 M packets"
	pcapName   = "pcap"
	pcapngName = "pcapng"
	emptyName  = "empty"
)

// mix is the capture that most goals are about.
var mix = traffic.Shape{Packets: 1_000_000, Flows: 10_000}

// sections are measured one after the other.
var sections = []section{
	{"Beside other programs", []capture{
		{name: mixName, shape: mix},
		{name: largeName, shape: traffic.Shape{Packets: 1_630_000, Flows: 105_000}},
	}, []string{"pcapdiag", "pcapdiag, GOMAXPROCS=1", "pcapdiag, table", "pcapdiag, table, GOMAXPROCS=1", "cat", "capinfos -c", "tcpdump -w", "tcptrace", "tcpdump -vv", "tshark -z expert"}},
	{"Formats and compression", []capture{
		{name: pcapName, shape: mix},
		{name: pcapngName, shape: traffic.Shape{Packets: mix.Packets, Flows: mix.Flows, Pcapng: true}},
		{name: "pcap.gz", shape: mix, compress: []string{"gzip", "-1", "-c"}},
		{name: "pcap.zst", shape: mix, compress: []string{"zstd", "-q", "-c"}},
	}, []string{"pcapdiag", "pcapdiag, table", "cat", "capinfos -c"}},
	{"Growth with flows", []capture{
		{name: fewName, shape: traffic.Shape{Packets: 3_000_000, Flows: 10_000, Small: true}},
		{name: "100 k flows", shape: traffic.Shape{Packets: 3_000_000, Flows: 100_000, Small: true}},
		{name: manyName, shape: traffic.Shape{Packets: 3_000_000, Flows: 1_000_000, Small: true}},
	}, []string{"pcapdiag", "pcapdiag, GOMAXPROCS=1", "pcapdiag, table", "cat", "capinfos -c", "tcpdump -w"}},
	{"Growth with packets", []capture{
		{name: shortName, shape: traffic.Shape{Packets: 500_000, Flows: 10_000}},
		{name: longName, shape: traffic.Shape{Packets: 5_000_000, Flows: 10_000}},
	}, []string{"pcapdiag", "pcapdiag, table", "capinfos -c"}},
	{"Growth with capture points", []capture{
		{name: "1 point", shape: points, points: 1},
		{name: "2 points", shape: points, points: 2},
		{name: "4 points", shape: points, points: 4},
	}, []string{"pcapdiag", "pcapdiag, GOMAXPROCS=1"}},
	{"Start", []capture{{name: emptyName, shape: traffic.Shape{Flows: 1}}},
		[]string{"pcapdiag", "capinfos -c", "tcpdump -w", "tshark -z expert"}},
}

// points is the capture that several points give.
var points = traffic.Shape{Packets: 200_000, Flows: 10_000}

// A result is what a command took on a capture.
type result struct {
	sample
	truth traffic.Truth
	size  int64 // of the file
	runs  int
}

// results are found by capture and command.
type results map[[2]string]result

// Rounds, and those of them in which slow commands take part.
func (b *bench) rounds() (all, slow int) {
	if b.small {
		return 3, 1
	}
	return 9, 3
}

// section writes the captures, runs the commands in rounds and deletes them.
func (b *bench) section(s section) error {
	fmt.Fprintln(os.Stderr, "#", s.name)
	var files [][]string
	var about []result
	for _, c := range s.captures {
		paths, r, err := b.create(c)
		if err != nil {
			return err
		}
		files, about = append(files, paths), append(about, r)
		if b.keep == "" {
			for _, p := range paths {
				defer os.Remove(p)
			}
		}
	}
	samples := map[[2]string][]sample{}
	rounds, slow := b.rounds()
	for round := range rounds {
		for i, c := range s.captures {
			for _, name := range s.commands {
				cmd := find(name)
				if !cmd.installed() || cmd.slow && (round >= slow || !b.takesSlow(c)) {
					continue
				}
				got, err := measure(cmd.line(b.pcapdiag, files[i]), cmd.env, nil)
				if err != nil {
					return err
				}
				key := [2]string{c.name, name}
				samples[key] = append(samples[key], got)
				fmt.Fprintf(os.Stderr, "%d %s, %s: %v\n", round, c.name, name, got.wall)
			}
		}
	}
	for i, c := range s.captures {
		for _, name := range s.commands {
			key := [2]string{c.name, name}
			if len(samples[key]) > 0 {
				r := about[i]
				r.sample, r.runs = median(samples[key]), len(samples[key])
				b.results[key] = r
			}
		}
	}
	return nil
}

// takesSlow reports whether slow commands are run on c: tcpdump takes minutes
// for a million flows, and what these are slow at shows on one capture.
func (b *bench) takesSlow(c capture) bool { return c.name == mixName || c.shape.Packets == 0 }

// create writes a capture, and copies where it is taken at several points.
func (b *bench) create(c capture) (paths []string, r result, err error) {
	shape := c.shape
	if b.small {
		shape.Packets, shape.Flows = shape.Packets/10, max(1, shape.Flows/10)
	}
	path := filepath.Join(b.dir, strings.ReplaceAll(c.name, " ", "-"))
	args := []string{"-packets", fmt.Sprint(shape.Packets), "-flows", fmt.Sprint(shape.Flows),
		fmt.Sprintf("-small=%v", shape.Small), fmt.Sprintf("-pcapng=%v", shape.Pcapng), path}
	truth, err := exec.Command(b.write, args...).Output()
	if err != nil {
		return nil, r, err
	}
	if err := json.Unmarshal(truth, &r.truth); err != nil {
		return nil, r, err
	}
	if c.compress != nil {
		if err := compress(c.compress, path); err != nil {
			return nil, r, err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, r, err
	}
	r.size = info.Size()
	paths = []string{path}
	for i := 1; i < c.points; i++ {
		other := fmt.Sprintf("%s-%d", path, i)
		if err := os.Link(path, other); err != nil {
			return nil, r, err
		}
		paths = append(paths, other)
	}
	return paths, r, nil
}

// compress replaces a file by what the command makes of it.
func compress(command []string, path string) error {
	out, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	defer out.Close()
	var said bytes.Buffer
	cmd := exec.Command(command[0], append(command[1:], path)...)
	cmd.Stdout, cmd.Stderr = out, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%q: %w\n%s", command, err, said.Bytes())
	}
	return os.Rename(path+".tmp", path)
}
