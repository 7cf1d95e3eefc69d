package flow_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
	"github.com/pcapdiag/pcapdiag/decoders/packetscript"
)

// TestGenevePortsAreAnyPorts: Geneve chooses source ports from 1 up, so two
// packets whose checksums are right for port 300 are evidence there, and none
// for VXLAN.
func TestGenevePortsAreAnyPorts(t *testing.T) {
	const script = `
0 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 300 10.244.0.0:51000 > 10.244.2.9:80 S
1 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 300 10.244.0.0:51000 > 10.244.2.9:80 S
2 vxlan 1 10.0.0.1:3255 > 10.0.0.2:8472 sum for-port 300 10.244.0.0:51000 > 10.244.2.9:80 S`
	s, err := packetscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*capture.Frame)
		want   []checksum.Verdict
	}{
		{"vxlan", func(*capture.Frame) {}, []checksum.Verdict{checksum.Bad, checksum.Bad, checksum.Bad}},
		{"geneve", toGeneve, []checksum.Verdict{checksum.Bad, checksum.NATOnLCO, checksum.NATOnLCO}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := flow.NewTable(0, func(*flow.Flow) {})
			decoder, p := decoders.NewDecoder(decoders.Options{}), new(decoders.Packet)
			var got []checksum.Verdict
			for _, f := range s.Frames() {
				tt.change(&f)
				decoder.Decode(&f, p)
				if encap := p.Inner().Encap.String(); encap != tt.name {
					t.Fatalf("frame %d is %s", f.Number, encap)
				}
				table.Track(p, table.Place(p))
				got = append(got, p.Tunnel().L4Sum.Verdict)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("verdicts %v, want %v", got, tt.want)
			}
		})
	}
}

// toGeneve makes a Geneve packet of a VXLAN packet: another port, another
// header of the same length. The checksum follows the change (RFC 1624), so
// that it stays as wrong as it was.
func toGeneve(f *capture.Frame) {
	const (
		udp    = 14 + 20
		header = udp + 8
	)
	set := func(at int, value uint16) {
		sum := binary.BigEndian.Uint16(f.Data[udp+6:])
		sum = ^checksum.Add(checksum.Sub(^sum, binary.BigEndian.Uint16(f.Data[at:])), value)
		binary.BigEndian.PutUint16(f.Data[udp+6:], sum)
		binary.BigEndian.PutUint16(f.Data[at:], value)
	}
	set(udp+2, decoders.GenevePort)
	set(header, 0)        // no options
	set(header+2, 0x6558) // Ethernet inside
}
