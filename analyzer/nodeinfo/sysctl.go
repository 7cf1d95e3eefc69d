package nodeinfo

import (
	"regexp"
	"strings"
)

// sysctls are the parameters that bear on documented issues.
var sysctls = map[string]bool{
	"net.core.txrehash":                         true,
	"net.ipv4.ip_local_port_range":              true,
	"net.ipv4.tcp_syn_linear_timeouts":          true,
	"net.ipv4.tcp_syn_retries":                  true,
	"net.ipv4.tcp_tw_recycle":                   true,
	"net.ipv4.tcp_tw_reuse":                     true,
	"net.ipv4.vs.conn_reuse_mode":               true,
	"net.ipv4.vs.conntrack":                     true,
	"net.ipv4.vs.expire_nodest_conn":            true,
	"net.netfilter.nf_conntrack_count":          true,
	"net.netfilter.nf_conntrack_max":            true,
	"net.netfilter.nf_conntrack_tcp_be_liberal": true,
	"net.netfilter.nf_conntrack_udp_timeout":    true,
}

// sysFile finds the parameter in a path below a copy of /proc/sys/net: Retina
// calls the folder proc-sys-net.
var sysFile = regexp.MustCompile(`(?:^|/)(?:proc/sys/net|proc-sys-net)/(.+)$`)

// readSysFile reads a file below /proc/sys/net, told by its path.
func readSysFile(name, content string) *Source {
	m := sysFile.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	s := &Source{Kind: "/proc/sys/net"}
	key := "net." + strings.ReplaceAll(m[1], "/", ".")
	value := strings.Join(strings.Fields(content), " ")
	if sysctls[key] && value != "" && len(value) <= 64 {
		s.add(key, value)
	}
	return s
}

// sysctlLine is a line of sysctl: "net.ipv4.vs.conn_reuse_mode = 1".
var sysctlLine = regexp.MustCompile(`^((?:net|kernel|vm|fs|dev|user|abi|debug)[./][\w./*:@-]+)\s*=\s*(.*)$`)

// readSysctl reads what sysctl prints.
func readSysctl(_, content string) *Source {
	if !sysctlLine.MatchString(firstLine(content)) {
		return nil
	}
	s := &Source{Kind: "sysctl -a"}
	for line := range strings.Lines(content) {
		m := sysctlLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		key := strings.ReplaceAll(m[1], "/", ".")
		value := strings.Join(strings.Fields(m[2]), " ")
		if key == "kernel.osrelease" {
			s.set("kernel", value)
		}
		if sysctls[key] && value != "" && len(value) <= 64 {
			s.add(key, value)
		}
	}
	return s
}
