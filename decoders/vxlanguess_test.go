package decoders

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/internal/hextest"
)

// TestVXLANGuess sends UDP payloads to one port and tells which of them are
// decoded as VXLAN.
func TestVXLANGuess(t *testing.T) {
	const (
		header = `08000000 00000100`
		vxlan  = header + innerEthernet6 + no6
		ipv4   = header + `020000000012 020000000011 0800 4500 0014 0000 0000 40 3b 66ad 0a000001 0a000002`
		arp    = header + arpWhoHas
	)
	for _, tt := range []struct {
		name     string
		payloads []string
		want     string // a letter for each: v for VXLAN, u for UDP
	}{
		{"three agree", []string{vxlan, vxlan, vxlan, vxlan}, "uuvv"},
		{"IPv4 and IPv6 inside", []string{vxlan, ipv4, ipv4}, "uuv"},
		{"others in between do not matter", []string{vxlan, "00", "0801", vxlan, "", vxlan, header, vxlan}, "uuuuuvuv"},
		{"ARP alone shows too little", []string{arp, arp, arp, arp}, "uuuu"},
		{"ARP once the port is known", []string{vxlan, vxlan, vxlan, arp}, "uuvv"},
		{"reserved flag set", repeat(`0c000000 00000100` + innerEthernet6 + no6), "uuuu"},
		{"reserved bits in front of the VNI set", repeat(`08000001 00000100` + innerEthernet6 + no6), "uuuu"},
		{"reserved byte behind the VNI set", repeat(`08000000 00000101` + innerEthernet6 + no6), "uuuu"},
		{"EtherType not known", repeat(header + `020000000012 020000000011 88cc` + no6), "uuuu"},
		{"group as the sender", repeat(header + `020000000012 030000000011 86dd` + no6), "uuuu"},
		{"no sender", repeat(header + `020000000012 000000000000 86dd` + no6), "uuuu"},
		{"IPv6 header with another length", repeat(vxlan + `00`), "uuuu"},
		{"IPv4 header with wrong checksum", repeat(strings.Replace(ipv4, "66ad", "0001", 1)), "uuuu"},
		{"IPv4 header cut", repeat(ipv4[:len(ipv4)-2]), "uuuu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, p := NewDecoder(Options{}), new(Packet)
			var got strings.Builder
			for i, payload := range tt.payloads {
				n := len(hextest.Bytes(t, payload)) + udpLen
				row := decodeRow{link: capture.LinkIPv6,
					frame: fmt.Sprintf("60000000 %04x 11 %s 9c40 3039 %04x 0000 %s", n, v6, n, payload)}
				f := row.data(t)
				f.Number = i + 1
				if d.Decode(f, p); p.Inner().Encap == EncapVXLAN {
					got.WriteByte('v')
				} else {
					got.WriteByte('u')
				}
			}
			if got.String() != tt.want {
				t.Errorf("got %s, want %s", &got, tt.want)
			}
			first, count := strings.IndexByte(tt.want, 'v')+1, strings.Count(tt.want, "v")
			switch r := d.Remarks(); {
			case count == 0 && len(r) == 0:
			case len(r) != 1 || r[0].Code != RemarkVXLANGuessed || r[0].Count != count || r[0].FirstFrame != first ||
				!strings.Contains(r[0].Detail, "UDP port 12345"):
				t.Errorf("remarks %+v", r)
			}
		})
	}
}

func repeat(payload string) []string { return []string{payload, payload, payload, payload} }

// TestVXLANGuessNamesFewPorts: a capture full of such ports fills no memory.
func TestVXLANGuessNamesFewPorts(t *testing.T) {
	d, p := NewDecoder(Options{}), new(Packet)
	row := decodeRow{link: capture.LinkIPv6,
		frame: `60000000 0046 11` + v6 + `9c40 3039 0046 0000 08000000 00000100` + innerEthernet6 + no6}
	f := row.data(t)
	for port := range 100 {
		f.Data[42], f.Data[43] = 0x40, byte(port)
		for range vxlanAgree {
			d.Decode(f, p)
		}
		if p.Inner().Encap != EncapVXLAN {
			t.Fatalf("port %d: %s", port, found(p))
		}
	}
	if len(d.guesses.ports) != maxGuesses {
		t.Errorf("%d ports named", len(d.guesses.ports))
	}
}
