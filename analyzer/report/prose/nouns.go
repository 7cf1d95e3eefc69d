package prose

// A Noun is counted.
type Noun struct{ one, many, zh string }

// The nouns.
var (
	Frames   = Noun{"frame", "frames", "个帧"}
	Bytes    = Noun{"byte", "bytes", "字节"}
	Files    = Noun{"file", "files", "个文件"}
	Captures = Noun{"capture", "captures", "个抓包文件"}
	Flows    = Noun{"flow", "flows", "条流"}
	Rules    = Noun{"rule", "rules", "条规则"}
	Findings = Noun{"finding", "findings", "个发现"}
	Packets  = Noun{"packet", "packets", "个报文"}
	Inputs   = Noun{"input", "inputs", "个输入"}

	Fragments  = Noun{"fragment", "fragments", "个分片"}
	SYNs       = Noun{"SYN retransmission", "SYN retransmissions", "次 SYN 重传"}
	PortReuses = Noun{"port reuse", "port reuses", "次端口复用"}
)
