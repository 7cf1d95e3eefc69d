package main

import (
	"fmt"
	"os"
	"os/exec"
)

// A flood is more flows than are followed at once, piped into pcapdiag.
type flood struct {
	flows  int      // in the capture
	bounds []string // options that bound what is followed; none for the default
	taken  sample
}

// floodOf returns the floods of the page.
func (b *bench) floodOf() []flood {
	n := 10_000_000
	if b.small {
		n /= 10
	}
	return []flood{
		{flows: n, bounds: []string{"--max-flows", "10000"}},
		{flows: n, bounds: []string{"--max-flows", "100000"}},
		{flows: n, bounds: []string{"--max-memory", "256MiB"}},
		{flows: n},
	}
}

// floods runs each flood once: the memory is what counts, and it varies little.
func (b *bench) floods() error {
	fmt.Fprintln(os.Stderr, "# Floods")
	for _, f := range b.floodOf() {
		taken, err := b.flood(f)
		if err != nil {
			return err
		}
		f.taken = taken
		b.flooded = append(b.flooded, f)
		fmt.Fprintf(os.Stderr, "%d flows %v: %v, %d MB\n", f.flows, f.bounds, taken.wall, taken.rss>>20)
	}
	return nil
}

// flood pipes a capture into pcapdiag: it would fill the disk.
func (b *bench) flood(f flood) (sample, error) {
	write := exec.Command(b.write, "-packets", fmt.Sprint(3*f.flows), "-flows", fmt.Sprint(f.flows), "-small", "-")
	pipe, err := write.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	if err := write.Start(); err != nil {
		return sample{}, err
	}
	args := append([]string{b.pcapdiag, "analyze", "-o", "json", "--fail-on", "never", "-"}, f.bounds...)
	taken, err := measure(args, nil, pipe)
	if waited := write.Wait(); err == nil {
		err = waited
	}
	return taken, err
}
