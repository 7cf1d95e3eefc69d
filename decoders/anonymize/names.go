package anonymize

import (
	"crypto/hmac"
	"crypto/sha256"
	"regexp"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/pcapdiag/pcapdiag/decoders/dns"
)

// A namer replaces names. The same label has the same replacement wherever it
// stands, of the same length.
type namer struct{ key []byte }

// letters are what replacements are made of.
const letters = "abcdefghijklmnopqrstuvwxyz234567"

// label overwrites b with the replacement of label.
func (n *namer) label(b []byte, label string) {
	mac := hmac.New(sha256.New, n.key)
	mac.Write([]byte(strings.ToLower(label)))
	sum := mac.Sum(nil)
	for i := range b {
		b[i] = letters[sum[i%len(sum)]%byte(len(letters))]
	}
}

// zones are the ends of names that say nothing of who uses them, beside the
// public suffixes: those that Kubernetes gives.
var zones = []string{"svc.cluster.local", "pod.cluster.local", "cluster.local", "in-addr.arpa", "ip6.arpa"}

// domain replaces the labels of name, which is well-formed, in place. Its end
// stays where it is one that all the world has.
func (n *namer) domain(name dns.Name) {
	var labels []string
	for i := 0; i < len(name) && name[i] != 0; i += 1 + int(name[i]) {
		labels = append(labels, strings.ToLower(string(name[i+1:i+1+int(name[i])])))
	}
	hidden := len(labels) - suffixLabels(strings.Join(labels, "."))
	at := 1
	for i, label := range labels {
		if i < hidden {
			n.label(name[at:at+len(label)], label)
		}
		at += len(label) + 1
	}
}

// usualInterface matches names that tell nothing of a machine.
var usualInterface = regexp.MustCompile(`^(any|lo|(eth|ens|enp|eno|bond|wlan|tun|tap|wg|cni|docker|kube-bridge|br|flannel\.|vxlan|geneve|tunl|team|if|en)[0-9]{0,3}|flannel\.[0-9]+|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali|cilium_(host|net|vxlan|geneve)|nodelocaldns|kube-ipvs0|antrea-(gw|tun)0|ovs-system|genev_sys_6081|vxlan_sys_4789)$`)

// iface returns the replacement of an interface's name. What all nodes have
// stays; of names made for a pod the kind stays.
func (n *namer) iface(name string) string {
	if name == "" || usualInterface.MatchString(name) {
		return name
	}
	prefix := "x"
	for _, p := range []string{"cali", "veth", "lxc", "eni", "tap"} {
		if strings.HasPrefix(name, p) {
			prefix = p
		}
	}
	b := make([]byte, 11)
	n.label(b, name)
	return prefix + string(b)
}

// suffixLabels returns how many labels at the end of host stay.
func suffixLabels(host string) int {
	for _, z := range zones {
		if host == z || strings.HasSuffix(host, "."+z) {
			return strings.Count(z, ".") + 1
		}
	}
	suffix, icann := publicsuffix.PublicSuffix(host)
	if !icann {
		return 0
	}
	return strings.Count(suffix, ".") + 1
}
