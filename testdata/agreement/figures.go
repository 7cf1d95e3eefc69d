package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// figures are the counts of one capture, by name.
type figures map[string]int

func (f figures) add(g figures) {
	for name, n := range g {
		f[name] += n
	}
}

// timeout bounds one run of tshark.
const timeout = 2 * time.Minute

// errUnreadable says that a program could not read a capture at all.
var errUnreadable = errors.New("not readable")

// ours returns what pcapdiag counts.
func ours(ctx context.Context, path string) (figures, *analyzer.Report, error) {
	in := analyzer.Input{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	r, err := analyzer.Analyze(ctx, []analyzer.Input{in}, analyzer.Options{})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	f := figures{"frames": r.Stats.Frames, "fragments": r.Stats.Fragments, "syn retransmissions": r.Stats.SYNRetransmissions, "port reuses": r.Stats.PortReuses}
	for e, n := range r.Stats.Levels {
		f["levels in "+asTsharkTunnel(decoders.Encap(e))] += n
	}
	for _, c := range r.Stats.Checksums {
		for v, n := range c.Counts {
			if word := asTshark(checksum.Verdict(v)); word != "" {
				f[c.Level+" "+c.Protocol+" "+word] += n
			}
		}
	}
	return f, r, nil
}

// doubted returns how many checksums are wrong as they stand, but
// unverifiable to pcapdiag: it doubts what they were compared with (a datagram
// above 1,500 bytes, a wrong IP header, a source route, a length that is
// guessed). tshark calls them bad. They are told from those with bytes
// missing, which tshark does not verify either, by the expected value: it is
// only there where all bytes were summed.
func doubted(path string) map[string]int {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	r, err := capture.Open(file, capture.Options{})
	if err != nil {
		return nil
	}
	found := map[string]int{}
	d, p := decoders.NewDecoder(decoders.Options{}), new(decoders.Packet)
	var frame capture.Frame
	for r.Next(&frame) == nil {
		d.Decode(&frame, p)
		levels := p.Levels()
		for i := range levels {
			where := analyzer.LevelName(i, len(levels)) + " "
			if levels[i].IPSum.Verdict == checksum.Unverifiable {
				found[where+"ipv4"]++ // all of the header is there, or it would be no level
			}
			if s := levels[i].L4Sum; s.Verdict == checksum.Unverifiable && s.Expected != 0 {
				found[where+levels[i].Proto.String()]++
			}
		}
	}
	return found
}

// asTsharkTunnel returns the word under which tshark counts an encapsulation:
// VXLAN-GPE is VXLAN to it, and NVGRE is GRE.
func asTsharkTunnel(e decoders.Encap) string {
	switch e {
	case decoders.EncapVXLANGPE:
		return decoders.EncapVXLAN.String()
	case decoders.EncapNVGRE:
		return decoders.EncapGRE.String()
	}
	return e.String()
}

// asTshark returns tshark's word for a verdict. It knows neither offload nor
// what NAT leaves behind: all that is wrong as it stands is bad.
func asTshark(v checksum.Verdict) string {
	switch v {
	case checksum.None:
		return ""
	case checksum.Good:
		return "good"
	case checksum.Absent:
		return "absent"
	case checksum.Unverifiable:
		return "unverified"
	}
	return "bad"
}

// fields are what tshark is asked for, in this order.
var fields = []string{
	"frame.protocols", "frame.encap_type", "ip.flags.mf", "ip.frag_offset", "ipv6.fraghdr.more", "ipv6.fraghdr.offset",
	"arp.proto.type", "arp.hw.size", "arp.proto.size", "eth.type", "gre.proto", "_ws.expert.message",
	"ip.dst", "ipv6.dst", "arp.dst.proto_ipv4", "ip.src", "ipv6.src", "ip.id", "frame.time_epoch", "tcp.srcport", "tcp.dstport", "ip.opt.type",
	"arp.hw.type", "udp.dstport", "vxlan.flags", "geneve.version", "gre.flags.checksum", "gre.checksum.status", "ip.fragment.overlap", "ipv6.fragment.overlap",
	"dvmrp.checksum.status", "mrdisc.checksum.status", "msnip.checksum.status", "rgmp.checksum.status",
	"ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status", "sctp.checksum.status", "igmp.checksum.status",
	"tcp.stream", "tcp.flags.syn", "tcp.flags.ack", "tcp.seq_raw", "tcp.analysis.reused_ports", "frame.cap_len", "frame.len", "_ws.malformed", "ip.len", "pppoe.code", "ah.length", "ieee8021ah.isid",
}

// A row is one frame as tshark prints it: for each field its values.
type row map[string][]string

// theirs returns what tshark counts, and what it says of the capture that
// explains differences.
func theirs(ctx context.Context, path string) (*counter, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	args := []string{"-n", "-r", path, "-d", "udp.port==8472,vxlan",
		"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "udplite.check_checksum:TRUE", "-o", "sctp.checksum:CRC 32c",
		"-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	cmd := exec.CommandContext(ctx, "tshark", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := newCounter()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		c.frame(parseRow(lines.Text()))
	}
	err = cmd.Wait()
	if err != nil && c.f["frames"] == 0 {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return c, nil
}

func parseRow(line string) row {
	r := row{}
	for i, column := range strings.Split(line, "\t") {
		if column != "" && i < len(fields) {
			r[fields[i]] = strings.Split(column, ",")
		}
	}
	return r
}

// number returns the first value of a field, 0 where it is missing.
func (r row) number(field string) int {
	if len(r[field]) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(r[field][0])
	return n
}

// last returns the last value of a field, that of the innermost header, or "".
func (r row) last(field string) string {
	v := r[field]
	if len(v) == 0 {
		return ""
	}
	return v[len(v)-1]
}

// setAt reports whether the value i of a flag or number is there and not 0.
func (r row) setAt(field string, i int) bool {
	v := r[field]
	return i < len(v) && v[i] != "0" && v[i] != "False" && v[i] != ""
}

// set reports whether any value of a flag is set.
func (r row) set(field string) bool {
	for i := range r[field] {
		if r.setAt(field, i) {
			return true
		}
	}
	return false
}
