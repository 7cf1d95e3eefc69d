package reporttest

import (
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// DoubleSNAT returns a catalogue entry with every field set.
func DoubleSNAT() *catalog.Issue {
	return &catalog.Issue{
		ID:        "vxlan-double-snat-bad-csum",
		Component: "linux",
		Title:     text.Text{EN: "Outer UDP checksum broken by NAT of the tunnel packet", ZH: "隧道报文被再次 NAT，外层 UDP 校验和被破坏"},
		Summary: text.Text{
			EN: "Connections from a node to a service on another node take 63 seconds, or one second on newer kernels. Pod to pod is fine.",
			ZH: "节点访问位于其他节点的 Service 需要 63 秒（较新内核为 1 秒），Pod 之间正常。"},
		Cause: text.Text{
			EN: "The packet keeps its masquerade mark through encapsulation, is masqueraded a second time as a tunnel packet, and NAT changes a UDP checksum of zero.",
			ZH: "报文封装后仍带有 masquerade 标记，作为隧道报文再次被 SNAT，而 NAT 修改了值为零的 UDP 校验和。"},
		Wire: []catalog.Wire{{
			Point: text.Text{EN: "underlay interface of the sender", ZH: "发送端物理网卡"},
			Seen:  text.Text{EN: "SYNs with outer checksum 0xffff, then one with 0 from another port", ZH: "外层校验和为 0xffff 的 SYN，随后换端口且校验和为 0"},
		}},
		Lookalikes: []catalog.Lookalike{{
			What: text.Text{EN: "checksum offload at the sender", ZH: "发送端校验和卸载"},
			Tell: text.Text{EN: "the value follows the pseudo-header, and connections are not slow", ZH: "其值等于伪首部之和，且连接不慢"},
		}},
		Affected: []catalog.Affected{{
			Case: text.Text{EN: "kube-proxy masquerades the tunnel packet", ZH: "kube-proxy 对隧道报文做 masquerade"},
			When: []catalog.Condition{
				{Component: "kubernetes", From: "1.16.10", Fixed: "1.19.0", Backports: []string{"1.16.13", "1.17.9", "1.18.6"}},
				{Component: "kernel", Vendor: []catalog.VendorBuild{{Fixed: "4.15.0-108", Bad: "3.10.0-1127.8.2.el7"}}},
				{Component: "cni", In: []string{"flannel", "canal"}, Out: []string{"weave"}},
			},
			Depends: text.Text{EN: "whether the rules were flushed after the upgrade", ZH: "取决于升级后是否清空了规则"},
		}},
		Confirm: []catalog.Confirm{{
			Command: "ethtool -k flannel.1 | grep tx-checksum-ip-generic",
			Where:   text.Text{EN: "sending node", ZH: "发送端节点"},
			Expect:  text.Text{EN: "on", ZH: "on"},
		}, {
			Command: "conntrack -L -p udp --orig-port-dst 8472 -o extended | awk '$NF != \"\" { print $1, $2, $3 }'",
			Where:   text.Text{EN: "sending node", ZH: "发送端节点"},
			Expect:  text.Text{EN: "an entry whose reply dport is not its original sport", ZH: "回程 dport 与原始 sport 不同的条目"},
		}},
		Fix: []catalog.Fix{{
			Do:      text.Text{EN: "Turn checksum offload of the tunnel device off until the upgrade", ZH: "升级之前关闭隧道网卡的校验和卸载"},
			Command: "ethtool -K flannel.1 tx-checksum-ip-generic off",
			Cost:    text.Text{EN: "1 to 2 Gbit/s at most; gone after a reboot", ZH: "吞吐上限约 1–2 Gbit/s；重启后失效"},
		}, {
			Do:   text.Text{EN: "Upgrade Kubernetes to 1.16.13, 1.17.9, 1.18.6 or later and restart the nodes", ZH: "升级 Kubernetes 至 1.16.13、1.17.9、1.18.6 或更高版本并重启节点"},
			Cost: text.Text{EN: "a rolling restart", ZH: "滚动重启"},
		}},
		References: []catalog.Reference{
			{Title: "kubernetes#88986", URL: "https://github.com/kubernetes/kubernetes/issues/88986"},
			{Title: "netfilter: nat: never update the UDP checksum when it's 0", URL: "https://github.com/torvalds/linux/commit/ea64d8d6c675"},
		},
		Observable: catalog.OnePoint,
		Seeds:      []string{"S4"},
		Notes:      []text.Text{{EN: "A kernel upgrade alone does not help where the outer checksum is on.", ZH: "外层校验和开启时，仅升级内核无效。"}},
	}
}

// OffloadThroughput returns an entry that packets hardly show.
func OffloadThroughput() *catalog.Issue {
	return &catalog.Issue{
		ID:        "calico-vxlan-offload-throughput",
		Component: "calico",
		Title:     text.Text{EN: "VXLAN offload switched off limits throughput", ZH: "关闭 VXLAN 卸载导致吞吐受限"},
		Confirm: []catalog.Confirm{{
			Command: "ethtool -k vxlan.calico | grep tx-checksum-ip-generic",
			Where:   text.Text{EN: "any node", ZH: "任一节点"},
			Expect:  text.Text{EN: "off", ZH: "off"},
		}},
		Observable: catalog.WeakHint,
	}
}

// MemoryLeak returns an entry that packets do not show at all.
func MemoryLeak() *catalog.Issue {
	return &catalog.Issue{
		ID:         "calico-kube-controllers-memleak",
		Component:  "calico",
		Title:      text.Text{EN: "kube-controllers cache out of sync, memory leak", ZH: "kube-controllers 缓存不同步、内存泄漏"},
		Observable: catalog.VersionsOnly,
	}
}
