package flow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
)

// TestPeers numbers hosts, endpoints and services by what flows have in common.
func TestPeers(t *testing.T) {
	rows := []struct {
		name, line string
		want       flow.Peers
	}{
		{"the first", "10.0.0.1:1000 > 10.0.0.2:80 S", flow.Peers{Service: 1, Endpoint: 1, Client: 1, Server: 2}},
		{"another port of the client", "10.0.0.1:1001 > 10.0.0.2:80 S", flow.Peers{Service: 1, Endpoint: 1, Client: 1, Server: 2}},
		{"another port of the server", "10.0.0.1:1000 > 10.0.0.2:443 S", flow.Peers{Service: 2, Endpoint: 2, Client: 1, Server: 2}},
		{"another client", "10.0.0.3:1000 > 10.0.0.2:80 S", flow.Peers{Service: 3, Endpoint: 1, Client: 3, Server: 2}},
		{"another protocol", "10.0.0.1:1000 > 10.0.0.2:80 udp length 5", flow.Peers{Service: 4, Endpoint: 3, Client: 1, Server: 2}},
		{"a server that is a client", "10.0.0.2:1000 > 10.0.0.1:80 S", flow.Peers{Service: 5, Endpoint: 4, Client: 2, Server: 1}},
		{"an answer that comes first", "10.0.0.2:80 > 10.0.0.3:1001 S. seq 5 ack 1", flow.Peers{Service: 3, Endpoint: 1, Client: 3, Server: 2}},
		{"a tunnel", "vxlan 7 10.0.0.1:1000 > 10.0.0.2:80 S", flow.Peers{Service: 6, Endpoint: 5, Client: 4, Server: 5}},
	}
	var script strings.Builder
	for i := range rows {
		fmt.Fprintf(&script, "%d %s\n", i, rows[i].line)
	}
	table := flow.NewTable(0, func(*flow.Flow) {})
	eachPacket(t, script.String(), func(p *decoders.Packet) {
		row := &rows[p.Number-1]
		f, _, _ := table.Track(p, table.Place(p))
		got := table.Peers(f)
		if got != row.want {
			t.Fatalf("%s: %+v, want %+v", row.name, got, row.want)
		}
		if s := table.Service(got.Service); s != f.Service() {
			t.Errorf("%s: service %v, of the flow %v", row.name, s, f.Service())
		}
		if e := table.Endpoint(got.Endpoint); e != f.Endpoint() || table.Number(e) != got.Endpoint {
			t.Errorf("%s: endpoint %v, of the flow %v", row.name, e, f.Endpoint())
		}
		client, _ := f.Client()
		if c, s := table.Host(got.Client), table.Host(got.Server); c.Addr != client || s != f.Endpoint().Host() {
			t.Errorf("%s: hosts %v and %v", row.name, c, s)
		}
	})
}

// TestMaxTunnels has more ends of tunnels than have numbers.
func TestMaxTunnels(t *testing.T) {
	table := flow.NewTable(0, func(*flow.Flow) {})
	p := one(t, "0 vxlan 1 10.0.0.1:1000 > 10.0.0.2:80 S")
	var f *flow.Flow
	for i := range flow.MaxPeers + 1 {
		p.Outer().Src, p.Inner().SrcPort = addr(1<<20+i), uint16(i)
		p.Inner().Src = addr(i >> 16)
		f, _, _ = table.Track(p, table.Place(p))
		if i == 7 && table.Outer(f) != [2]decoders.Addr{p.Outer().Src, p.Outer().Dst} {
			t.Errorf("%v, want those of the packet", table.Outer(f))
		}
	}
	if table.Outer(f) != [2]decoders.Addr{} || table.Unnumbered != 1 {
		t.Errorf("%v, %d flows without a number", table.Outer(f), table.Unnumbered)
	}
}

// TestMaxPeers has more clients than get numbers: what they talk to is known all
// the same.
func TestMaxPeers(t *testing.T) {
	table := flow.NewTable(0, func(*flow.Flow) {})
	p := one(t, "0 10.0.0.1:1000 > 10.0.0.2:80 S")
	var last flow.Peers
	for i := range flow.MaxPeers + 1 {
		p.Inner().Src = addr(1<<20 + i)
		f, _, _ := table.Track(p, table.Place(p))
		last = table.Peers(f)
	}
	if want := (flow.Peers{Endpoint: 1, Server: 2}); last != want || table.Unnumbered != 1 {
		t.Errorf("%+v, want %+v; %d flows without a number", last, want, table.Unnumbered)
	}
}
