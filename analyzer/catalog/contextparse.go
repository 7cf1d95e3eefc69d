package catalog

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// A contextKey is one key of --context.
type contextKey struct {
	name  string
	field func(*Context) *string
	check func(value string) error
}

// contextKeys are the keys, in the order in which they are documented.
var contextKeys = [...]contextKey{
	{"kernel", func(c *Context) *string { return &c.Kernel }, checkKernel},
	{"kubernetes", func(c *Context) *string { return &c.Kubernetes }, checkVersion},
	{"cni", func(c *Context) *string { return &c.CNI }, checkCNI},
	{"proxy", func(c *Context) *string { return &c.Proxy }, checkProxy},
	{"iptables", func(c *Context) *string { return &c.IPTables }, checkVersion},
	{"os", func(c *Context) *string { return &c.OS }, func(string) error { return nil }},
	{"pod-cidr", func(c *Context) *string { return &c.PodCIDR }, checkCIDRs},
	{"service-cidr", func(c *Context) *string { return &c.ServiceCIDR }, checkCIDRs},
	{"node-cidr", func(c *Context) *string { return &c.NodeCIDR }, checkCIDRs},
	{"load-balancer", func(c *Context) *string { return &c.LoadBalancer }, checkAddrs},
}

// proxyModes are the modes of kube-proxy that can be named.
var proxyModes = []string{"iptables", "ipvs", "nftables"}

// cniNames are the network plugins that can be named. A name that is not in
// the list is refused, since a typing error would read as "not affected";
// "other" stands for all the rest.
var cniNames = []string{
	"antrea", "aws-vpc-cni", "calico", "canal", "cilium", "flannel", "kube-ovn", "kube-router",
	"multus", "other", "ovn-kubernetes", "spiderpool", "terway", "weave",
}

// Each calls f with the name of each key, as --context has it, and its value in
// c, which f may change.
func (c *Context) Each(f func(key string, value *string)) {
	for _, k := range contextKeys {
		f(k.name, k.field(c))
	}
}

// ParseContext reads the values of --context, "kernel=5.4.0,proxy=ipvs". The
// flag may be given several times; a key that is given two different values is
// an error, since which one was meant cannot be known.
func ParseContext(flags ...string) (Context, error) {
	var c Context
	for _, flag := range flags {
		for _, pair := range strings.Split(flag, ",") {
			if pair = strings.TrimSpace(pair); pair == "" {
				continue
			}
			if err := c.set(pair); err != nil {
				return Context{}, fmt.Errorf("context: %w", err)
			}
		}
	}
	return c, nil
}

// ParseContextFile reads the file of --context-file: the same KEY=VALUE pairs,
// one a line. Empty lines and lines that start with # are skipped. The name is
// for errors, which start with it and the line.
func ParseContextFile(name string, data []byte) (Context, error) {
	var c Context
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := c.set(line); err != nil {
			return Context{}, fmt.Errorf("%s:%d: context: %w", name, number, err)
		}
	}
	return c, nil
}

// set checks and stores one KEY=VALUE pair.
func (c *Context) set(pair string) error {
	name, value, found := strings.Cut(pair, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	i := slices.IndexFunc(contextKeys[:], func(k contextKey) bool { return k.name == name })
	if i < 0 {
		return fmt.Errorf("unknown key %q; allowed are %s", name, allowedKeys())
	}
	key := contextKeys[i]
	if !found || value == "" {
		return fmt.Errorf("%s has no value; give it as %s=VALUE", name, name)
	}
	if err := key.check(value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if old := *key.field(c); old != "" && old != value {
		return fmt.Errorf("%s is given twice, as %q and as %q; keep one", name, old, value)
	}
	*key.field(c) = value
	return nil
}

func allowedKeys() string {
	names := make([]string, len(contextKeys))
	for i, k := range contextKeys {
		names[i] = k.name
	}
	return strings.Join(names, ", ")
}

func checkKernel(value string) error {
	_, err := ParseKernel(value)
	return err
}

func checkVersion(value string) error {
	_, err := parseVersion(value)
	return err
}

func checkProxy(value string) error {
	if !slices.Contains(proxyModes, value) {
		return fmt.Errorf("%q is no mode of kube-proxy; allowed are %s", value, strings.Join(proxyModes, ", "))
	}
	return nil
}

func checkCNI(value string) error {
	for _, p := range plugins(value) {
		if !slices.Contains(cniNames, p.name) {
			return fmt.Errorf("%q is not known; allowed are %s, each with or without @VERSION, several joined by +",
				p.name, strings.Join(cniNames, ", "))
		}
		if p.version == "" {
			continue
		}
		if _, err := parseVersion(p.version); err != nil {
			return fmt.Errorf("version of %s: %w", p.name, err)
		}
	}
	return nil
}

func checkCIDRs(value string) error {
	_, err := CIDRs(value)
	return err
}

// CIDRs splits a list of prefixes as Context holds them, joined by +:
// "10.244.0.0/16+fd00:10:244::/56". An empty list has none.
func CIDRs(list string) ([]netip.Prefix, error) {
	if list == "" {
		return nil, nil
	}
	var prefixes []netip.Prefix
	for _, s := range strings.Split(list, "+") {
		p, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("%q is no prefix; give it as 10.244.0.0/16, several joined by +", s)
		}
		prefixes = append(prefixes, p.Masked())
	}
	return prefixes, nil
}

func checkAddrs(value string) error {
	_, err := Addrs(value)
	return err
}

// Addrs splits a list of addresses as Context holds them, joined by +:
// "203.0.113.9+2001:db8::9". An empty list has none.
func Addrs(list string) ([]netip.Addr, error) {
	if list == "" {
		return nil, nil
	}
	var addrs []netip.Addr
	for _, s := range strings.Split(list, "+") {
		a, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("%q is no address; give it as 203.0.113.9, several joined by +", s)
		}
		addrs = append(addrs, a)
	}
	return addrs, nil
}

// Uses reports whether the cluster is known to have a network plugin.
func (c Context) Uses(name string) bool {
	return slices.ContainsFunc(plugins(c.CNI), func(p plugin) bool { return p.name == name })
}

// A plugin is one network plugin of a cluster; version may be "".
type plugin struct{ name, version string }

// plugins splits Context.CNI: "calico@3.26.1+spiderpool@0.8.0". An empty one
// has none.
func plugins(cni string) []plugin {
	if cni == "" {
		return nil
	}
	var all []plugin
	for _, s := range strings.Split(cni, "+") {
		name, version, _ := strings.Cut(strings.TrimSpace(s), "@")
		all = append(all, plugin{name, version})
	}
	return all
}
