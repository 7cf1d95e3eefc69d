package main

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// analysisFlags are the flags of all commands that analyse captures: how they
// are read.
type analysisFlags struct {
	context     []string
	contextFile string
	vxlanPorts  []int
	genevePorts []int
	maxFlows    int
	maxMemory   string
	join        bool
}

// add adds the flags to cmd.
func (f *analysisFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.context, "context", nil,
		"what is known of the cluster: `KEY=VALUE,...` of kernel, kubernetes, cni, proxy, iptables, os, pod-cidr, service-cidr, node-cidr, load-balancer")
	flags.StringVar(&f.contextFile, "context-file", "", "read the same from `FILE`, one a line; --context goes over it")
	flags.IntSliceVar(&f.vxlanPorts, "vxlan-port", nil, "take UDP `PORT` for VXLAN, besides 4789 and 8472")
	flags.IntSliceVar(&f.genevePorts, "geneve-port", nil, "take UDP `PORT` for Geneve, besides 6081")
	flags.IntVar(&f.maxFlows, "max-flows", 0, "follow at most `N` flows at a time; the report says if that was too few (0 means the built-in bound)")
	flags.StringVar(&f.maxMemory, "max-memory", "", "follow only as many flows at a time as fit into `SIZE` of memory, such as 512MiB; the report says if that was too few")
	flags.BoolVar(&f.join, "join", false, "read all files as one capture, ordered by time, whatever their names")
}

// options turns the flags into the options of the analysis.
func (a *app) options(f analysisFlags) (analyzer.Options, error) {
	o := analyzer.Options{Detectors: a.detectors, MaxFlows: f.maxFlows, Join: f.join, Version: version(), Spool: newSpool}
	if f.maxFlows < 0 {
		return o, withHint(fmt.Errorf("--max-flows %d is negative", f.maxFlows), "leave it out for the default")
	}
	o.Catalog = a.catalog
	var err error
	if o.MaxMemory, err = memory(f.maxMemory); err != nil {
		return o, err
	}
	if o.VXLANPorts, err = udpPorts("--vxlan-port", f.vxlanPorts); err != nil {
		return o, err
	}
	if o.GenevePorts, err = udpPorts("--geneve-port", f.genevePorts); err != nil {
		return o, err
	}
	if o.Context, err = readContext(f.context, f.contextFile); err != nil {
		return o, err
	}
	base, err := a.config.Cluster()
	o.Context = o.Context.Over(base)
	return o, err
}

// memory returns the bytes of --max-memory, 0 where it was not given.
func memory(size string) (int64, error) {
	if size == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(size)
	switch {
	case err != nil || n > math.MaxInt64:
		return 0, withHint(fmt.Errorf("--max-memory %q is no size", size), "a number with a unit, such as 512MiB or 2GB")
	case n < analyzer.MinMemory:
		return 0, withHint(fmt.Errorf("--max-memory %s is too little", size), "at least %s", humanize.IBytes(analyzer.MinMemory))
	}
	debug.SetMemoryLimit(int64(n)) // the garbage collector tries harder near it
	return int64(n), nil
}

// share returns what each of n analyses at a time may take of a limit of memory.
func share(limit int64, n int) int64 {
	if limit == 0 {
		return 0
	}
	return max(limit/int64(n), analyzer.MinMemory)
}

// udpPorts checks the ports given with a flag.
func udpPorts(flag string, given []int) ([]uint16, error) {
	var ports []uint16
	for _, p := range given {
		if p < 1 || p > math.MaxUint16 {
			return nil, withHint(fmt.Errorf("%s %d is no UDP port", flag, p), "ports are 1 to 65535")
		}
		ports = append(ports, uint16(p))
	}
	return ports, nil
}
