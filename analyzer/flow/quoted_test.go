package flow_test

import (
	"fmt"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// TestQuoted tells which flow the last packet of a script quotes: its first
// frame, and the direction of the packet quoted.
func TestQuoted(t *testing.T) {
	const syn, answer = "0 10.0.0.1:1000 > 10.0.0.2:80 S\n", "1 10.0.0.2:80 > 10.0.0.1:1000 S.\n"
	const inside = "0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:80 S\n"
	for _, tt := range []struct{ name, script, want string }{
		{"packet of the client", syn + "2 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1", "1 >"},
		{"packet of the server", syn + answer + "2 10.0.0.9 > 10.0.0.2 icmp time-exceeded quote 2", "1 <"},
		{"IPv6", "0 [fd00::1]:1000 > [fd00::2]:80 S\n1 fd00::9 > fd00::1 icmp frag-needed 1280 quote 1", "1 >"},
		{"echo request", "0 10.0.0.1 > 10.0.0.2 icmp echo 7\n1 10.0.0.9 > 10.0.0.1 icmp unreachable net quote 1", "1 >"},
		{"second connection of the tuple", syn + "1 10.0.0.1:1000 > 10.0.0.2:80 S seq 9\n2 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1", "2 >"},
		{"error inside the tunnel of the flow", inside + "1 vxlan 1 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1", "1 >"},
		{"error inside another tunnel", inside + "1 vxlan 2 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1", "none"},
		{"underlay refuses the tunnel packet", inside + "1 192.168.9.9 > 192.168.0.1 icmp frag-needed 1400 quote 1 outer", "1 >"},
		{"another capture point", "0 @a 10.0.0.1:1000 > 10.0.0.2:80 S\n1 @b 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1", "none"},
		{"later fragment, which has no ports", "0 10.0.0.1:1000 > 10.0.0.2:80 udp\n1 10.0.0.1:1000 > 10.0.0.2:80 udp length 2000 frag 1480:528\n2 10.0.0.9 > 10.0.0.1 icmp time-exceeded quote 2", "none"},
		{"no error", syn + answer, "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := flow.NewTable(0, func(*flow.Flow) {})
			var got string
			eachPacket(t, tt.script, func(p *decoders.Packet) {
				table.Track(p, table.Place(p))
				got = "none"
				if f, dir := table.Quoted(p); f != nil {
					got = fmt.Sprint(f.FirstFrame, " ", words(dir, 0))
				}
			})
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestQuotedIsNoTraffic: an error adds no flow, and no packet to the one that
// it quotes.
func TestQuotedIsNoTraffic(t *testing.T) {
	var ended []flow.Flow
	table := flow.NewTable(0, func(f *flow.Flow) { ended = append(ended, *f) })
	eachPacket(t, `
0 10.0.0.1:1000 > 10.0.0.2:80 S
1 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1
2 10.0.0.9 > 10.0.0.1 icmp unreachable host quote 1`, func(p *decoders.Packet) { table.Track(p, table.Place(p)) })
	table.Close(func() bool { return false })
	if len(ended) != 1 || ended[0].Packets != [2]uint32{1, 0} {
		t.Errorf("flows %+v", ended)
	}
}
