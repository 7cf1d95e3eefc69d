package nodeinfo

import (
	"encoding/json"
	"regexp"
	"strings"
)

// readEthtool reads "ethtool -k", of one device or of several.
//
//	Features for flannel.1:
//	tx-checksumming: on
//		tx-checksum-ip-generic: on
func readEthtool(_, content string) *Source {
	if !strings.HasPrefix(firstLine(content), "Features for ") {
		return nil
	}
	s := &Source{Kind: "ethtool -k"}
	device := ""
	for line := range strings.Lines(content) {
		line = strings.TrimSpace(line)
		if d, ok := strings.CutPrefix(line, "Features for "); ok {
			device = strings.TrimSuffix(d, ":")
			continue
		}
		if value, ok := strings.CutPrefix(line, TxChecksum+": "); ok {
			value, _, _ = strings.Cut(value, " ") // "off [fixed]"
			s.add(device+" "+TxChecksum, value)
		}
	}
	return s
}

// Lines of "ip -d link".
var (
	linkLine  = regexp.MustCompile(`^[0-9]+: ([^:@\s]+)[:@].*<.*> mtu [0-9]+`)
	vxlanLine = regexp.MustCompile(`^\s+vxlan (?:id|external)\b.*\b(no)?udpcsum\b`)
)

// readIPLink reads "ip -d link" and "ip -d addr".
//
//	7: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN …
//	    link/ether 7e:1b:7b:2a:58:11 brd ff:ff:ff:ff:ff:ff promiscuity 0
//	    vxlan id 1 local 10.0.100.3 dev eth0 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300 noudpcsum …
func readIPLink(_, content string) *Source {
	if !linkLine.MatchString(firstLine(content)) {
		return nil
	}
	s := &Source{Kind: "ip -d link"}
	var names []string
	device := ""
	for line := range strings.Lines(content) {
		line = strings.TrimRight(line, "\r\n")
		if m := linkLine.FindStringSubmatch(line); m != nil {
			device = m[1]
			names = append(names, device)
			continue
		}
		if m := vxlanLine.FindStringSubmatch(line); m != nil && device != "" {
			s.add(device+" "+UDPChecksum, m[1]+UDPChecksum)
		}
	}
	s.plugin(names)
	return s
}

// readIPLinkJSON reads "ip -d -j link" and "ip -d -j addr", also behind other
// lines, as in ip-resources.txt of Retina.
func readIPLinkJSON(_, content string) *Source {
	var list string
	for line := range strings.Lines(content) {
		if strings.HasPrefix(line, "[{") && strings.Contains(line, `"ifname"`) && strings.Contains(line, `"link_type"`) {
			list = line
			break
		}
	}
	var links []struct {
		Name string `json:"ifname"`
		Info struct {
			Kind string `json:"info_kind"`
			Data struct {
				UDPChecksum *bool `json:"udp_csum"`
			} `json:"info_data"`
		} `json:"linkinfo"`
	}
	if list == "" {
		return nil
	}
	s := &Source{Kind: "ip -d -j addr"}
	if json.Unmarshal([]byte(list), &links) != nil { // cut
		return s
	}
	var names []string
	for _, l := range links {
		names = append(names, l.Name)
		if on := l.Info.Data.UDPChecksum; l.Info.Kind == "vxlan" && on != nil {
			s.add(l.Name+" "+UDPChecksum, map[bool]string{true: "udpcsum", false: "noudpcsum"}[*on])
		}
	}
	s.plugin(names)
	return s
}

// plugin takes the network plugin from the names that it gives its devices,
// without a version. Canal is flannel's network with Calico's interfaces.
func (s *Source) plugin(names []string) {
	var flannel, vxlanCalico, cali bool
	for _, n := range names {
		flannel = flannel || n == "flannel.1"
		vxlanCalico = vxlanCalico || n == "vxlan.calico"
		cali = cali || strings.HasPrefix(n, "cali")
	}
	switch {
	case flannel && cali && !vxlanCalico:
		s.set("cni", "canal")
	case flannel && !vxlanCalico:
		s.set("cni", "flannel")
	case vxlanCalico && !flannel:
		s.set("cni", "calico")
	}
}
