package packetscript

import (
	"encoding/binary"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// A tcp is a TCP header (RFC 9293 section 3.1) and its payload.
type tcp struct {
	flags          string // tcpdump's letters
	seq, ack       uint32
	hasSeq, hasAck bool // written in the script
	window         uint16
	mss            uint16
	hasMSS         bool
	wscale         uint8
	hasWScale      bool
	sackOK         bool
	tsVal, tsEcr   uint32
	hasTS          bool
	data           data
}

// flagLetters are the control bits as tcpdump writes them; . is ACK.
const flagLetters = "SFRP.UEW"

// tcpFlags reports whether s is a set of TCP flags.
func tcpFlags(s string) bool { return s != "" && strings.Trim(s, flagLetters) == "" }

func (t *tcp) has(flag string) bool { return strings.Contains(t.flags, flag) }

func (t *tcp) clone() body { c := *t; return &c }

func (t *tcp) proto(*level) layers.IPProtocol { return layers.IPProtocolTCP }

func (t *tcp) sumAt() int { return 16 }

func (t *tcp) options() string { return "seq, ack, win, mss, wscale, sackOK, ts, length, payload, " }

func (t *tcp) option(w *words) (ok bool, err error) {
	start := w.pos
	word := w.peek(0)
	w.pos++
	switch word {
	case "seq":
		t.seq, err = w.uint32("a sequence number")
		t.hasSeq = true
	case "ack":
		t.ack, err = w.uint32("an acknowledgment number")
		t.hasAck = true
	case "win":
		t.window, err = w.uint16("a window")
	case "mss":
		t.mss, err = w.uint16("an MSS")
		t.hasMSS = true
	case "wscale":
		var n uint64
		n, err = w.number("a window scale", 255)
		t.wscale, t.hasWScale = uint8(n), true
	case "sackOK":
		t.sackOK = true
	case "ts":
		t.tsVal, t.tsEcr, err = w.timestamps()
		t.hasTS = true
	default:
		w.pos = start
		return t.data.option(w)
	}
	return true, err
}

// timestamps takes VAL/ECR.
func (w *words) timestamps() (val, ecr uint32, err error) {
	v, e, _ := strings.Cut(w.peek(0), "/")
	sub := words{list: []string{v, e}}
	if val, err = sub.uint32(""); err == nil {
		ecr, err = sub.uint32("")
	}
	if err != nil {
		return 0, 0, w.expected("timestamps VALUE/ECHO")
	}
	w.pos++
	return val, ecr, nil
}

// length returns the sequence numbers that t takes.
func (t *tcp) length() uint32 {
	n := uint32(t.data.size())
	if t.has("S") {
		n++
	}
	if t.has("F") {
		n++
	}
	return n
}

func (t *tcp) layers(l *level, _ []byte) ([]gopacket.SerializableLayer, error) {
	h := &layers.TCP{
		SrcPort: layers.TCPPort(l.sport), DstPort: layers.TCPPort(l.dport),
		Seq: t.seq, Ack: t.ack, Window: t.window,
		SYN: t.has("S"), FIN: t.has("F"), RST: t.has("R"), PSH: t.has("P"), ACK: t.has("."),
		URG: t.has("U"), ECE: t.has("E"), CWR: t.has("W"), Options: t.tcpOptions(),
	}
	if err := h.SetNetworkLayerForChecksum(l.network()); err != nil {
		return nil, err
	}
	return []gopacket.SerializableLayer{h, payload(t.data.bytes(t.seq))}, nil
}

// tcpOptions returns the options in the order and with the padding of Linux
// (tcp_options_write in net/ipv4/tcp_output.c): SACK permitted fills the two
// bytes in front of the timestamps where both are sent.
func (t *tcp) tcpOptions() (list []layers.TCPOption) {
	add := func(kind layers.TCPOptionKind, data ...byte) {
		list = append(list, layers.TCPOption{OptionType: kind, OptionData: data})
	}
	pad := func() { add(layers.TCPOptionKindNop) }
	if t.hasMSS {
		add(layers.TCPOptionKindMSS, binary.BigEndian.AppendUint16(nil, t.mss)...)
	}
	switch {
	case t.sackOK:
		if !t.hasTS {
			pad()
			pad()
		}
		add(layers.TCPOptionKindSACKPermitted)
	case t.hasTS:
		pad()
		pad()
	}
	if t.hasTS {
		ts := binary.BigEndian.AppendUint32(nil, t.tsVal)
		add(layers.TCPOptionKindTimestamps, binary.BigEndian.AppendUint32(ts, t.tsEcr)...)
	}
	if t.hasWScale {
		pad()
		add(layers.TCPOptionKindWindowScale, t.wscale)
	}
	return list
}
