package diagnosis

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/nodeinfo"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// A Clue is what a file beside the captures says of a documented issue. It
// proves nothing alone: the file may be of another node, or another day.
type Clue struct {
	Issue string    // ID in the catalogue
	For   bool      // it speaks for the issue; against it otherwise
	Text  text.Text // what it is and why it matters
}

// A clueRule says what facts of one name mean.
type clueRule struct {
	name  string // of the fact; behind the device where it has one
	issue string
	judge func(value string) (speaks, against bool)
	text  text.Text // with one %s for the fact, "NAME = VALUE"
}

// Judgements of values.
func is(want string) func(string) (bool, bool) {
	return func(v string) (bool, bool) { return v == want, false }
}
func isNot(want string) func(string) (bool, bool) {
	return func(v string) (bool, bool) { return false, v == want }
}
func counts(v string) (bool, bool) {
	n, err := strconv.ParseUint(v, 10, 64)
	return err == nil && n > 0, false
}
func countsNot(v string) (bool, bool) { return false, v == "0" }

// clueRules are tried in this order. Facts of devices count where the device is
// a tunnel's.
var clueRules = [...]clueRule{
	{nodeinfo.KubePostrouting, vxlanDoubleSNATIssue, is(nodeinfo.PostroutingOld), text.Text{
		EN: "%s: packets keep the mark of services when a tunnel wraps them, and are translated once more",
		ZH: "%s：报文被隧道封装后仍带有 Service 标记，会被再次转换",
	}},
	{nodeinfo.KubePostrouting, vxlanDoubleSNATIssue, is(nodeinfo.PostroutingBoth), text.Text{
		EN: "%s: the node was upgraded without a reboot, and the rule in front still translates tunnel packets",
		ZH: "%s：节点升级后未重启，旧规则仍会转换隧道报文",
	}},
	{nodeinfo.KubePostrouting, vxlanDoubleSNATIssue, isNot(nodeinfo.PostroutingFixed), text.Text{
		EN: "%s: the mark is taken off before NAT, so tunnel packets are not translated (Kubernetes PR 92035)",
		ZH: "%s：标记在 NAT 之前已清除，隧道报文不会被转换（Kubernetes PR 92035）",
	}},
	{nodeinfo.RandomFully, vxlanDoubleSNATIssue, isNot("no"), text.Text{
		EN: "%s: translating a tunnel packet a second time changes nothing without it",
		ZH: "%s：没有该选项时，再次转换隧道报文不会带来任何变化",
	}},
	{nodeinfo.TxChecksum, vxlanDoubleSNATIssue, is("on"), text.Text{
		EN: "%s: checksums of the tunnel device are left to the card, which NAT relies on wrongly",
		ZH: "%s：隧道设备的校验和留给网卡计算，NAT 会因此误判",
	}},
	{nodeinfo.TxChecksum, vxlanDoubleSNATIssue, isNot("off"), text.Text{
		EN: "%s: with the offload off the tunnel device finishes its checksums, and NAT leaves them right",
		ZH: "%s：关闭卸载后由隧道设备算好校验和，NAT 不会改错",
	}},
	{nodeinfo.UDPChecksum, vxlanDoubleSNATIssue, is("udpcsum"), text.Text{
		EN: "%s: the device sends outer checksums, and NAT still breaks these on kernels that have the fix for absent ones",
		ZH: "%s：该设备发送外层校验和；即使内核已修复“无校验和”的情形，NAT 仍会改错它",
	}},
	{"UdpInCsumErrors", vxlanDoubleSNATIssue, counts, text.Text{
		EN: "%s: this node has dropped UDP packets with wrong checksums",
		ZH: "%s：该节点丢弃过校验和错误的 UDP 报文",
	}},
	{"net.ipv4.vs.conn_reuse_mode", "ipvs-conn-reuse-syn-drop", is("1"), text.Text{
		EN: "%s: IPVS gives up the old entry when a tuple is used again, and below Linux 5.9 drops the first SYN",
		ZH: "%s：元组被重用时 IPVS 会放弃旧表项，低于 5.9 的内核会丢弃首个 SYN",
	}},
	{"net.ipv4.vs.conn_reuse_mode", "ipvs-conn-reuse-syn-drop", isNot("0"), text.Text{
		EN: "%s: IPVS forwards a SYN that hits an old entry, it does not drop it",
		ZH: "%s：命中旧表项的 SYN 会被直接转发，不会丢弃",
	}},
	{"net.ipv4.vs.conn_reuse_mode", "ipvs-conn-reuse-stale-rs", is("0"), text.Text{
		EN: "%s: a SYN that hits an old entry goes to the old backend, also to one that is being removed",
		ZH: "%s：命中旧表项的 SYN 会发往原来的后端，即使它正被移除",
	}},
	{"net.ipv4.vs.conn_reuse_mode", "ipvs-conn-reuse-stale-rs", isNot("1"), text.Text{
		EN: "%s: a tuple used again is scheduled anew",
		ZH: "%s：被重用的元组会重新调度",
	}},
	{nodeinfo.InsertFailed, "snat-port-race", counts, text.Text{
		EN: "%s: packets were dropped because another connection had taken their translated tuple",
		ZH: "%s：有报文因转换后的元组已被其他连接占用而丢弃",
	}},
	{nodeinfo.InsertFailed, "snat-port-race", countsNot, text.Text{
		EN: "%s: no packet was dropped for a tuple that was taken",
		ZH: "%s：没有报文因元组被占用而丢弃",
	}},
	{nodeinfo.RandomFully, "snat-port-race", isNot("yes"), text.Text{
		EN: "%s: source ports are drawn at random, which makes the race unlikely",
		ZH: "%s：源端口随机选择，竞争的可能性很小",
	}},
	{nodeinfo.InsertFailed, "dns-conntrack-race-5s", counts, text.Text{
		EN: "%s: packets were dropped because an entry of the same tuple came first",
		ZH: "%s：有报文因同一元组的表项先被建立而丢弃",
	}},
	{nodeinfo.InsertFailed, "dns-conntrack-race-5s", countsNot, text.Text{
		EN: "%s: no packet lost the race for its entry",
		ZH: "%s：没有报文在建立表项的竞争中丢失",
	}},
	{nodeinfo.Dropped, "conntrack-table-full", counts, text.Text{
		EN: "%s: conntrack has dropped packets, as it does when its table is full",
		ZH: "%s：conntrack 丢弃过报文，表满时即会如此",
	}},
	{"TcpExtListenOverflows", "listen-overflow", counts, text.Text{
		EN: "%s: a queue of connections not yet accepted was full on this node",
		ZH: "%s：该节点上有监听队列曾经溢出",
	}},
	{"TcpExtListenOverflows", "listen-overflow", countsNot, text.Text{
		EN: "%s: no such queue was full on this node",
		ZH: "%s：该节点上没有监听队列溢出",
	}},
	{"TcpExtIPReversePathFilter", "tunnel-one-way", counts, text.Text{
		EN: "%s: the reverse path filter has dropped packets on this node",
		ZH: "%s：反向路径过滤在该节点上丢弃过报文",
	}},
	{"TcpExtIPReversePathFilter", "syn-ack-lost", counts, text.Text{
		EN: "%s: the reverse path filter has dropped packets on this node",
		ZH: "%s：反向路径过滤在该节点上丢弃过报文",
	}},
	{"TcpInCsumErrors", "calico-ipip-inner-csum", counts, text.Text{
		EN: "%s: this node has dropped TCP segments with wrong checksums",
		ZH: "%s：该节点丢弃过校验和错误的 TCP 报文段",
	}},
	{"net.ipv4.tcp_tw_recycle", "nat-tuple-collision", is("1"), text.Text{
		EN: "%s: this node drops SYNs whose timestamps go back, as those of several clients behind one address do",
		ZH: "%s：该节点会丢弃时间戳回跳的 SYN，多个客户端共用一个地址时即会如此",
	}},
	{"net.netfilter.nf_conntrack_tcp_be_liberal", "conntrack-invalid-rst", isNot("1"), text.Text{
		EN: "%s: segments outside the window are translated all the same",
		ZH: "%s：窗口外的报文段同样会被转换",
	}},
}

// tunnelDevices are the VXLAN devices of flannel and Calico.
var tunnelDevices = [...]string{"flannel.1", "vxlan.calico"}

// Clues returns what facts say of documented issues.
func Clues(facts []nodeinfo.Fact) []Clue {
	var list []Clue
	for _, f := range facts {
		device, name, ofDevice := cutDevice(f.Name)
		if ofDevice && !isTunnel(device) {
			continue
		}
		for _, r := range clueRules {
			if r.name != name {
				continue
			}
			speaks, against := r.judge(f.Value)
			if speaks || against {
				what := f.Name + " = " + f.Value
				list = append(list, Clue{Issue: r.issue, For: speaks, Text: text.Sprintf(r.text.EN, r.text.ZH, what)})
			}
		}
	}
	return list
}

// cutDevice splits the name of a fact that has a device in front.
func cutDevice(name string) (device, rest string, ok bool) {
	for _, suffix := range [...]string{nodeinfo.TxChecksum, nodeinfo.UDPChecksum} {
		if device, ok := strings.CutSuffix(name, " "+suffix); ok {
			return device, suffix, true
		}
	}
	return "", name, false
}

func isTunnel(device string) bool { return slices.Contains(tunnelDevices[:], device) }
