package catalog

import (
	"strings"
	"testing"
)

func TestParseContext(t *testing.T) {
	for name, tt := range map[string]struct {
		flags []string
		want  Context
	}{
		"nothing": {nil, Context{}},
		"every key": {
			[]string{"kernel=3.10.0-957.el7.x86_64,kubernetes=v1.18.2,cni=calico@3.19.1,proxy=ipvs,iptables=1.8.4,os=CentOS 7.6,pod-cidr=10.244.0.0/16,service-cidr=10.96.0.0/12,node-cidr=10.0.100.0/24,load-balancer=203.0.113.9+2001:db8::9"},
			Context{"3.10.0-957.el7.x86_64", "v1.18.2", "calico@3.19.1", "ipvs", "1.8.4", "CentOS 7.6", "10.244.0.0/16", "10.96.0.0/12", "10.0.100.0/24", "203.0.113.9+2001:db8::9"},
		},
		"the flag several times":      {[]string{"kernel=5.4.41", "proxy=nftables"}, Context{Kernel: "5.4.41", Proxy: "nftables"}},
		"the same value twice":        {[]string{"kernel=5.4.41", "kernel=5.4.41"}, Context{Kernel: "5.4.41"}},
		"spaces and an empty pair":    {[]string{" proxy = ipvs , ,"}, Context{Proxy: "ipvs"}},
		"a value with an equals sign": {[]string{"os=NAME=Ubuntu"}, Context{OS: "NAME=Ubuntu"}},
		"a bare network plugin":       {[]string{"cni=flannel"}, Context{CNI: "flannel"}},
		"two network plugins":         {[]string{"cni=calico@3.26.1+spiderpool@0.8.0"}, Context{CNI: "calico@3.26.1+spiderpool@0.8.0"}},
		"a four-part plugin version":  {[]string{"cni=flannel@v0.15.1.11-7e95fe23-aliyun"}, Context{CNI: "flannel@v0.15.1.11-7e95fe23-aliyun"}},
		"dual stack":                  {[]string{"pod-cidr=10.244.0.0/16+fd00:10:244::/56"}, Context{PodCIDR: "10.244.0.0/16+fd00:10:244::/56"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := ParseContext(tt.flags...); err != nil || got != tt.want {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestParseContextRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ flags, want string }{
		"unknown key":    {"kernl=5.4", `context: unknown key "kernl"; allowed are kernel, kubernetes, cni, proxy, iptables, os, pod-cidr, service-cidr, node-cidr, load-balancer`},
		"no equals sign": {"kernel", "context: kernel has no value; give it as kernel=VALUE"},
		"no value":       {"proxy=", "context: proxy has no value; give it as proxy=VALUE"},
		"kernel":         {"kernel=abc", `context: kernel: "abc" is no kernel release; give it as uname -r prints it, such as 5.15.0-91-generic`},
		"kubernetes":     {"kubernetes=latest", `context: kubernetes: "latest" is no version; give it as 1.18.2 or v1.18.2`},
		"load balancer":  {"load-balancer=203.0.113.0/24", `context: load-balancer: "203.0.113.0/24" is no address; give it as 203.0.113.9, several joined by +`},
		"proxy":          {"proxy=ipset", `context: proxy: "ipset" is no mode of kube-proxy; allowed are iptables, ipvs, nftables`},
		"plugin name":    {"cni=calcio@3.19.1", `context: cni: "calcio" is not known; allowed are antrea, `},
		"plugin version": {"cni=calico@three", `context: cni: version of calico: "three" is no version; give it as 1.18.2 or v1.18.2`},
		"pod-cidr":       {"pod-cidr=10.244.0.0", `context: pod-cidr: "10.244.0.0" is no prefix; give it as 10.244.0.0/16, several joined by +`},
		"two values":     {"kernel=5.4,kernel=5.7", `context: kernel is given twice, as "5.4" and as "5.7"; keep one`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseContext(tt.flags)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got error %v\nwant %s", err, tt.want)
			}
			if got != (Context{}) {
				t.Errorf("an error and %+v", got)
			}
		})
	}
}

func TestParseContextFile(t *testing.T) {
	got, err := ParseContextFile("cluster.txt", []byte("# node1\n\nkernel = 5.4.0-26-generic\r\nproxy=ipvs"))
	if want := (Context{Kernel: "5.4.0-26-generic", Proxy: "ipvs"}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	_, err = ParseContextFile("cluster.txt", []byte("kernel=5.4\n\nproxy=x\n"))
	if err == nil || !strings.HasPrefix(err.Error(), `cluster.txt:3: context: proxy: "x" is no mode`) {
		t.Errorf("got error %v, want one that names line 3", err)
	}
}

func TestContextOver(t *testing.T) {
	file := Context{Kernel: "5.4", Proxy: "ipvs"}
	flag := Context{Kernel: "5.7", CNI: "flannel"}
	if got, want := flag.Over(file), (Context{Kernel: "5.7", Proxy: "ipvs", CNI: "flannel"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if file.Kernel != "5.4" || flag.Proxy != "" {
		t.Errorf("Over changed its operands: %+v, %+v", file, flag)
	}
}

func TestCIDRs(t *testing.T) {
	got, err := CIDRs("10.244.3.7/16+fd00:10:244::/56")
	if err != nil || len(got) != 2 || got[0].String() != "10.244.0.0/16" || got[1].String() != "fd00:10:244::/56" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := CIDRs(""); err != nil || got != nil {
		t.Errorf("an empty list: %v, %v", got, err)
	}
}

func TestAddrs(t *testing.T) {
	got, err := Addrs("203.0.113.9+2001:db8::9")
	if err != nil || len(got) != 2 || got[0].String() != "203.0.113.9" || got[1].String() != "2001:db8::9" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := Addrs(""); err != nil || got != nil {
		t.Errorf("an empty list: %v, %v", got, err)
	}
}

func FuzzContext(f *testing.F) {
	f.Add("kernel=5.4,proxy=ipvs")
	f.Add("cni=calico@3.26.1+spiderpool")
	f.Add("pod-cidr=10.244.0.0/16+fd00::/64,kernel")
	c, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ctx, err := ParseContext(s)
		if err != nil {
			return
		}
		lines := strings.ReplaceAll(s, ",", "\n")
		if again, err := ParseContextFile("f", []byte(lines)); !strings.ContainsAny(s, "\n\r#") && (err != nil || again != ctx) {
			t.Errorf("%q as a flag is %+v, as a file %+v, %v", s, ctx, again, err)
		}
		for _, m := range c.MatchAll(ctx) {
			if m.Why.EN == "" || m.Why.ZH == "" || (m.Status != StatusUnknown && len(m.Ask) > 0) {
				t.Errorf("%s for %+v: %+v", m.Issue.ID, ctx, m)
			}
		}
	})
}
