package main

import (
	"os/exec"
	"slices"
	"strings"
)

// A command is one of those compared.
type command struct {
	name string
	args []string // FILE stands for the capture, PCAPDIAG for the program
	env  []string
	slow bool // takes seconds where the others take fractions: fewer rounds, and only where it is asked for
	does string
}

// commands are compared in this order in each round.
var commands = []command{
	{name: "pcapdiag", args: []string{"PCAPDIAG", "analyze", "-o", "json", "--fail-on", "never", "FILE"},
		does: "everything: all detectors, diagnoses, the report as JSON"},
	{name: "pcapdiag, GOMAXPROCS=1", args: []string{"PCAPDIAG", "analyze", "-o", "json", "--fail-on", "never", "FILE"}, env: []string{"GOMAXPROCS=1"},
		does: "the same on one processor"},
	{name: "pcapdiag, table", args: []string{"PCAPDIAG", "analyze", "-o", "table", "--fail-on", "never", "FILE"},
		does: "the same as text, without the SHA-256 of the file"},
	{name: "pcapdiag, table, GOMAXPROCS=1", args: []string{"PCAPDIAG", "analyze", "-o", "table", "--fail-on", "never", "FILE"}, env: []string{"GOMAXPROCS=1"},
		does: "that on one processor"},
	{name: "cat", args: []string{"cat", "FILE"},
		does: "reads"},
	{name: "capinfos -c", args: []string{"capinfos", "-c", "FILE"},
		does: "walks the records and counts them"},
	{name: "tcpdump -w", args: []string{"tcpdump", "-r", "FILE", "-w", "/dev/null"},
		does: "walks the records and copies them"},
	{name: "tcptrace", args: []string{"tcptrace", "-n", "FILE"},
		does: "follows TCP connections outside tunnels"},
	{name: "tcpdump -vv", args: []string{"tcpdump", "-nn", "-vv", "-r", "FILE"}, slow: true,
		does: "prints every packet, tunnels included, and verifies checksums"},
	{name: "tshark -z expert", args: []string{"tshark", "-n", "-q", "-z", "expert",
		"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
		"-d", "udp.port==8472,vxlan", "-r", "FILE"}, slow: true,
		does: "decodes all levels, verifies checksums, notes SYNs sent again and ports used again"},
}

// find returns the command with a name.
func find(name string) command {
	return commands[slices.IndexFunc(commands, func(c command) bool { return c.name == name })]
}

// installed reports whether the program is there.
func (c *command) installed() bool {
	if c.args[0] == "PCAPDIAG" {
		return true
	}
	_, err := exec.LookPath(c.args[0])
	return err == nil
}

// line returns the arguments for the given files.
func (c *command) line(pcapdiag string, files []string) []string {
	var args []string
	for _, a := range c.args {
		switch a {
		case "PCAPDIAG":
			args = append(args, pcapdiag)
		case "FILE":
			args = append(args, files...)
		default:
			args = append(args, a)
		}
	}
	return args
}

// shown returns the arguments as the page shows them.
func (c *command) shown() string {
	return strings.Join(append(slices.Clone(c.env), c.line("pcapdiag", []string{"FILE"})...), " ")
}
