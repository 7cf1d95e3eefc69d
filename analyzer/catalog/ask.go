package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// What to ask for, by component. The keys of --context are named as they are
// typed.
var (
	askKernel     = text.Text{EN: "the node's kernel, from uname -r (kernel=)", ZH: "节点内核版本，用 uname -r 查看（kernel=）"}
	askKubernetes = text.Text{EN: "the version of kube-proxy on the node (kubernetes=)", ZH: "节点上 kube-proxy 的版本（kubernetes=）"}
	askIPTables   = text.Text{EN: "the version of the iptables that kube-proxy uses, from iptables -V (iptables=)", ZH: "kube-proxy 所用 iptables 的版本，用 iptables -V 查看（iptables=）"}
	askProxy      = text.Text{EN: "the mode of kube-proxy: iptables, ipvs or nftables (proxy=)", ZH: "kube-proxy 的模式：iptables、ipvs 或 nftables（proxy=）"}
	askCNI        = text.Text{EN: "the network plugin and its version (cni=NAME@VERSION)", ZH: "网络插件及其版本（cni=名称@版本）"}
	askChangelog  = text.Text{
		EN: "whether the change log of this kernel build names the fix (rpm -q --changelog kernel, or apt changelog)",
		ZH: "该内核构建的变更日志是否包含此修复（rpm -q --changelog kernel 或 apt changelog）",
	}
)

func askPlugin(name string) text.Text {
	return text.Sprintf("the version of %[1]s (cni=%[1]s@VERSION)", "%[1]s 的版本（cni=%[1]s@版本）", name)
}
