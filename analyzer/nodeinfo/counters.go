package nodeinfo

import (
	"path"
	"strconv"
	"strings"
)

// counters are those of nstat that bear on documented issues. All count from
// the boot of the node.
var counters = map[string]bool{
	"TcpExtIPReversePathFilter": true,
	"TcpExtListenDrops":         true,
	"TcpExtListenOverflows":     true,
	"TcpExtTCPChallengeACK":     true,
	"TcpExtTCPSynRetrans":       true,
	"TcpInCsumErrors":           true,
	"UdpInCsumErrors":           true,
	"Udp6InCsumErrors":          true,
	"UdpNoPorts":                true,
}

// readNstat reads "nstat -az".
//
//	#kernel
//	IpInReceives                    15013              0.0
//	UdpInCsumErrors                 6                  0.0
func readNstat(_, content string) *Source {
	first := strings.Fields(firstLine(content))
	if len(first) == 0 || first[0] != "#kernel" && !(len(first) == 3 && strings.HasPrefix(first[0], "Ip") && isNumber(first[1])) {
		return nil
	}
	s := &Source{Kind: "nstat -az"}
	for line := range strings.Lines(content) {
		f := strings.Fields(line)
		if len(f) >= 2 && counters[f[0]] && isNumber(f[1]) {
			s.add(f[0], f[1])
		}
	}
	return s
}

// readCounters reads /proc/net/snmp and /proc/net/netstat: names in one line,
// values in the next, both behind the same prefix.
//
//	Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors
//	Udp: 3406 40 6 3411 0 0 6
func readCounters(_, content string) *Source {
	s := &Source{}
	switch first := firstLine(content); {
	case strings.HasPrefix(first, "Ip: Forwarding "):
		s.Kind = "/proc/net/snmp"
	case strings.HasPrefix(first, "TcpExt: Syncookies"):
		s.Kind = "/proc/net/netstat"
	default:
		return nil
	}
	var prefix string
	var names []string
	for line := range strings.Lines(content) {
		p, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		values := strings.Fields(rest)
		if p != prefix || len(values) != len(names) {
			prefix, names = p, values
			continue
		}
		for i, name := range names {
			if counters[prefix+name] && isNumber(values[i]) {
				s.add(prefix+name, values[i])
			}
		}
		prefix = ""
	}
	return s
}

// readConntrack reads "conntrack -S" and /proc/net/stat/nf_conntrack: one line
// for each processor, which are added up.
//
//	cpu=0   	found=7 invalid=0 insert=0 insert_failed=3 drop=3 early_drop=0 error=0 search_restart=0
//
//	entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop …
//	000000d1  00000000 00000007 …
func readConntrack(name, content string) *Source {
	first := strings.Fields(firstLine(content))
	sum := map[string]uint64{}
	s := &Source{Kind: "conntrack -S"}
	switch {
	case len(first) > 1 && strings.HasPrefix(first[0], "cpu=") && strings.Contains(first[1], "="):
		for line := range strings.Lines(content) {
			for _, pair := range strings.Fields(line) {
				key, value, _ := strings.Cut(pair, "=")
				if n, err := strconv.ParseUint(value, 10, 64); err == nil {
					sum[key] += n
				}
			}
		}
	case len(first) > 9 && first[0] == "entries" && path.Base(name) == "nf_conntrack":
		s.Kind = "/proc/net/stat/nf_conntrack"
		rows := 0
		for line := range strings.Lines(content) {
			if rows++; rows == 1 {
				continue
			}
			for i, value := range strings.Fields(line) {
				if n, err := strconv.ParseUint(value, 16, 64); err == nil && i < len(first) {
					sum[first[i]] += n
				}
			}
		}
	default:
		return nil
	}
	for _, f := range [...]struct{ key, name string }{{"insert_failed", InsertFailed}, {"drop", Dropped}} {
		if n, ok := sum[f.key]; ok {
			s.add(f.name, strconv.FormatUint(n, 10))
		}
	}
	return s
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}
