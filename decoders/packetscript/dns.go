package packetscript

import (
	"net/netip"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// A dns is a DNS message (RFC 1035) over UDP with one question.
type dns struct {
	id        uint16
	answer    bool
	typ       layers.DNSType
	name      string
	code      layers.DNSResponseCode
	truncated bool
	addrs     []netip.Addr
}

var dnsTypes = map[string]layers.DNSType{
	"A": layers.DNSTypeA, "AAAA": layers.DNSTypeAAAA, "CNAME": layers.DNSTypeCNAME,
	"PTR": layers.DNSTypePTR, "SRV": layers.DNSTypeSRV, "TXT": layers.DNSTypeTXT,
}

var dnsCodes = map[string]layers.DNSResponseCode{
	"noerror": layers.DNSResponseCodeNoErr, "servfail": layers.DNSResponseCodeServFail,
	"nxdomain": layers.DNSResponseCodeNXDomain, "refused": layers.DNSResponseCodeRefused,
}

func (d *dns) clone() body                    { c := *d; return &c }
func (d *dns) proto(*level) layers.IPProtocol { return layers.IPProtocolUDP }
func (d *dns) sumAt() int                     { return 6 }
func (d *dns) options() string                { return "tc, " }

// option takes tc, the bit of a truncated answer.
func (d *dns) option(w *words) (bool, error) {
	if !w.accept("tc") {
		return false, nil
	}
	d.truncated = true
	return true, nil
}

func (d *dns) layers(l *level, _ []byte) ([]gopacket.SerializableLayer, error) {
	name := []byte(strings.TrimSuffix(d.name, "."))
	m := &layers.DNS{
		ID: d.id, QR: d.answer, RD: true, RA: d.answer, TC: d.truncated, ResponseCode: d.code,
		Questions: []layers.DNSQuestion{{Name: name, Type: d.typ, Class: layers.DNSClassIN}},
	}
	for _, a := range d.addrs {
		rr := layers.DNSResourceRecord{Name: name, Type: layers.DNSTypeA, Class: layers.DNSClassIN, TTL: 30, IP: a.AsSlice()}
		if a.Is6() {
			rr.Type = layers.DNSTypeAAAA
		}
		m.Answers = append(m.Answers, rr)
	}
	return udpLayers(l, m)
}

// dns takes what follows the word dns:
//
//	ID query TYPE NAME
//	ID answer TYPE NAME [CODE] [ADDRESS ...]
func (w *words) dns() (*dns, error) {
	d := new(dns)
	var err error
	if d.id, err = w.uint16("a DNS message ID"); err != nil {
		return nil, err
	}
	switch {
	case w.accept("query"):
	case w.accept("answer"):
		d.answer = true
	default:
		return nil, w.expected("query or answer")
	}
	var ok bool
	if d.typ, ok = dnsTypes[w.peek(0)]; !ok {
		return nil, w.expected("A, AAAA, CNAME, PTR, SRV or TXT")
	}
	w.pos++
	if d.name = w.peek(0); !validName(d.name) {
		return nil, w.expected("a domain name")
	}
	w.pos++
	if !d.answer {
		return d, nil
	}
	if d.code, ok = dnsCodes[w.peek(0)]; ok {
		w.pos++
	}
	for {
		a, err := netip.ParseAddr(w.peek(0))
		if err != nil {
			return d, nil
		}
		w.pos++
		d.addrs = append(d.addrs, a)
	}
}

// validName reports whether gopacket can write the name: labels of 1 to 63
// bytes (RFC 1035 section 2.3.4).
func validName(name string) bool {
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if len(label) < 1 || len(label) > 63 {
			return false
		}
	}
	return true
}
