package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// A Seed is a document that the catalogue was first collected from. Issues
// refer to it by Name.
type Seed struct {
	Name  string    `json:"name"`
	Title text.Text `json:"title"`
	URL   string    `json:"url,omitempty"` // "" where only a copy of the text was at hand
}

// Seeds are the documents, by Name.
var Seeds = [...]Seed{
	{"ack-faq", text.Text{
		EN: "Alibaba Cloud ACK: container network FAQ (Terway, Flannel, kube-proxy, IPv6)",
		ZH: "阿里云 ACK：容器网络 FAQ（Terway、Flannel、kube-proxy、IPv6）",
	}, "https://help.aliyun.com/en/ack/ack-managed-and-ack-dedicated/user-guide/faq-about-container-networks"},
	{"cce-ipvs", text.Text{
		EN: "Huawei Cloud CCE: conn_reuse_mode in IPVS forwarding mode",
		ZH: "华为云 CCE：IPVS 转发模式下 conn_reuse_mode 问题说明",
	}, "https://support.huaweicloud.com/cce_faq/cce_faq_00409.html"},
	{"daocloud-en", text.Text{
		EN: "DaoCloud: known network component issues and kernel compatibility (English)",
		ZH: "DaoCloud：网络组件已知问题与内核兼容性（英文版）",
	}, "https://github.com/DaoCloud/DaoCloud-docs/blob/main/docs/en/docs/network/intro/issues.md"},
	{"daocloud-zh", text.Text{
		EN: "DaoCloud: known network component issues and kernel compatibility (Chinese)",
		ZH: "DaoCloud：网络组件已知问题与内核兼容性（中文版）",
	}, "https://github.com/DaoCloud/DaoCloud-docs/blob/main/docs/zh/docs/network/intro/issues.md"},
	{"vxlan-63s", text.Text{
		EN: "zhangguanzhang's blog: 63 seconds of delay to services over VXLAN",
		ZH: "zhangguanzhang 的博客：VXLAN 模式下访问 Service 延迟 63 秒",
	}, ""},
}

// isSeed reports whether name is one of Seeds.
func isSeed(name string) bool {
	for _, s := range Seeds {
		if s.Name == name {
			return true
		}
	}
	return false
}
