package main

import "encoding/binary"

// A sample is a capture of testdata/protocols: some frames of one protocol,
// one second apart.
type sample struct {
	name   string
	link   uint32
	frames [][]byte
}

// pcap returns the capture file.
func (s *sample) pcap() []byte {
	const (
		magic   = 0xa1b2c3d4 // microseconds
		version = 4<<16 | 2
		snaplen = 262144
		start   = 1704067200 // 2024-01-01T00:00:00Z
	)
	le := binary.LittleEndian
	var file []byte
	for _, n := range [...]uint32{magic, version, 0, 0, snaplen, s.link} {
		file = le.AppendUint32(file, n)
	}
	for i, f := range s.frames {
		for _, n := range [...]uint32{start + uint32(i), 0, uint32(len(f)), uint32(len(f))} {
			file = le.AppendUint32(file, n)
		}
		file = append(file, f...)
	}
	return file
}

// Link types. https://www.tcpdump.org/linktypes.html
const (
	linkNull      = 0
	linkEthernet  = 1
	linkPPP       = 9
	linkPPPSerial = 50
	linkRaw       = 101
	linkHDLC      = 104
	linkWLAN      = 105
	linkLoop      = 108
	linkSLL       = 113
	linkRadiotap  = 127
	linkNFLOG     = 239
	linkPKTAP     = 258
	linkSLL2      = 276
)

// IP protocols.
const (
	protoIGMP    = 2
	protoIPIP    = 4
	protoUDP     = 17
	protoIPv6    = 41
	protoGRE     = 47
	protoESP     = 50
	protoAH      = 51
	protoSCTP    = 132
	protoUDPLite = 136
	protoMPLS    = 137
)

// Packets that the tunnels carry.
var (
	syn     = frame("10.244.1.7:41000 > 10.244.2.9:80 S")
	partial = frame("10.244.1.7:41000 > 10.244.2.9:80 S sum partial")
	syn6    = frame("[fd00::7]:41000 > [fd00::9]:80 S")
)

// samples returns all of them.
func samples() []sample {
	return append(tunnels(), append(transports(), links()...)...)
}

func tunnels() []sample {
	return []sample{
		{"gre", linkEthernet, gre()},
		{"nvgre", linkEthernet, [][]byte{
			ip4(protoGRE, join(raw("2000 6558 00123401"), syn)), // VSID 0x1234, flow 1
		}},
		{"erspan", linkEthernet, erspan()},
		{"geneve", linkEthernet, geneve()},
		{"ip-in-ip", linkEthernet, [][]byte{
			ip4(protoIPIP, syn[14:]),
			ip4(protoIPv6, syn6[14:]),
			ip6(protoIPv6, syn6[14:]),
			ip6(protoIPIP, syn[14:]),
		}},
		{"vxlan-gpe", linkEthernet, [][]byte{
			udp4(4790, join(raw("0c000001 00002a00"), syn[14:])),
			udp4(4790, join(raw("0c000002 00002a00"), syn6[14:])),
			udp4(4790, join(raw("0c000003 00002a00"), syn)),
			udp4(4790, join(raw("08000000 00002a00"), syn)), // without P as VXLAN
			udp4(4790, join(raw("0c000004 00002a00"), syn)), // NSH
		}},
		{"vxlan-ipv6", linkEthernet, [][]byte{
			ip6(protoUDP, udp(4789, join(raw("08000000 00002a00"), syn))), // no checksum: RFC 6935
			ip6(protoUDP, udp(53, raw("0001"))),                           // not legal elsewhere
		}},
		{"vxlan-port", linkEthernet, vxlanPort()},
		{"mpls", linkEthernet, [][]byte{
			ethernet(0x8847, join(raw("00010040 00020140"), syn[14:])), // labels 16 and 32
			ethernet(0x8847, join(raw("00010140"), syn6[14:])),
			udp4(6635, join(raw("00010140"), syn[14:])),
			ip4(protoGRE, join(raw("0000 8847 00010140"), syn[14:])),
			ip4(protoMPLS, join(raw("00010140"), syn[14:])),
		}},
		{"qinq-pppoe", linkEthernet, [][]byte{
			ethernet(0x88a8, join(raw("0064 8100 0065 0800"), syn[14:])),
			ethernet(0x8864, join(raw("1100 0001 002a 0021"), syn[14:])),
			ethernet(0x8864, join(raw("1100 0001 003e 57"), syn6[14:], raw("00000000"))), // one byte of protocol, padding
			ethernet(0x8864, join(raw("1100 0001 000a c021 0901 0008 00000000"))),        // LCP
		}},
		{"fragments", linkEthernet, fragments()},
		{"icmp-quotes", linkEthernet, quotes()},
	}
}

func gre() [][]byte {
	full := join(raw("b000 0800 0000 0000 0000002a 00000001"), syn[14:]) // checksum, key, sequence number
	full = summed(full, 4, nil)
	damaged := join(full)
	damaged[len(damaged)-1] ^= 0xff
	// The inner checksum is left to the network card, the outer one is made
	// for what the card will send.
	done := summed(join(raw("8000 0800 0000 0000"), syn[14:]), 4, nil)
	lco := join(done[:8], partial[14:])
	return [][]byte{
		ip4(protoGRE, join(raw("0000 0800"), syn[14:])),
		ip4(protoGRE, full),
		ip4(protoGRE, damaged),
		ip4(protoGRE, lco),
		ip4(protoGRE, join(raw("8000 0800 0000 0000"), syn[14:])), // checksum left to the network card
		ip4(protoGRE, join(raw("2000 6558 00000007"), syn)),       // gretap with a key
		ip4(protoGRE, join(raw("0000 86dd"), syn6[14:])),
		ip6(protoGRE, join(raw("0000 0800"), syn[14:])),
		ip4(protoGRE, join(raw("3081 880b 002c 0005 00000001 00000002 ff03 0021"), syn[14:])), // PPTP
		ip4(protoGRE, join(raw("4000 0800 0000 0000"), syn[14:])),                             // source route of RFC 1701
		ip4(protoGRE, join(raw("0000 88cc"), raw("0207"))),                                    // LLDP
	}
}

func erspan() [][]byte {
	return [][]byte{
		ip4(protoGRE, join(raw("0000 88be"), syn)),
		ip4(protoGRE, join(raw("1000 88be 00000001 1001 0064 00000000"), syn)),                            // type II, session 100
		ip4(protoGRE, join(raw("1000 22eb 00000001 2001 0065 00000001 0000 0000"), syn)),                  // type III, session 101
		ip4(protoGRE, join(raw("1000 22eb 00000002 2001 0066 00000001 0000 0001 0000000000000000"), syn)), // with subheader
	}
}

func geneve() [][]byte {
	udpSum := join(word(40000), word(6081), word(uint16(8+8+len(partial))), word(0), raw("0000 6558 00002a00"))
	done := join(udpSum, syn)
	done = summed(done, 6, join(pseudo(protoUDP, len(done)), done))
	return [][]byte{
		udp4(6081, join(raw("0000 6558 00002a00"), syn)),
		udp4(6081, join(raw("0340 6558 00002a00 0102 80 01 0000 0001 0102 03 00"), syn)), // options, one critical
		udp4(6081, join(raw("0000 0800 00002a00"), syn[14:])),
		ip6(protoUDP, udp(6081, join(raw("0000 6558 00002a00"), syn))),
		ip4(protoUDP, join(done[:8+8], partial)), // LCO
		udp4(6081, join(raw("4000 6558 00002a00"), syn)),
		udp4(16081, join(raw("0000 6558 00002a00"), syn)),
	}
}

// vxlanPort has VXLAN on a port that no one named, and something else to it.
func vxlanPort() [][]byte {
	vxlan := join(raw("08000000 00002a00"), syn)
	vxlan6 := join(raw("08000000 00002a00"), syn6)
	return [][]byte{
		udp4(14789, vxlan),
		udp4(14789, raw("0800000000002a00 0102")),
		udp4(14789, vxlan6),
		udp4(14789, vxlan),
		udp4(14789, raw("676574")),
		udp4(14789, join(raw("08000000 00002a00"), frame("arp who-has 10.244.2.9 tell 10.244.1.7"))),
		ip6(protoUDP, udp(14789, vxlan6)),
	}
}

// fragments has datagrams in pieces: of a tunnel on the underlay, the last
// piece first; inside a tunnel; of IPv6; one that is never complete and one
// whose pieces overlap.
func fragments() [][]byte {
	return script(`
0 vxlan 1 10.244.1.7:5000 > 10.244.2.9:5001 udp length 1472 outer-id 7 outer-frag 1480:50
1 vxlan 1 10.244.1.7:5000 > 10.244.2.9:5001 udp length 1472 outer-id 7 outer-frag 0:1480
2 vxlan 1 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 8 frag 0:1400
3 vxlan 1 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 8 frag 1400:608
4 [fd00::7]:5000 > [fd00::9]:5001 udp length 2000 id 9 frag 0:1232
5 [fd00::7]:5000 > [fd00::9]:5001 udp length 2000 id 9 frag 1232:776
6 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 10 frag 0:1480
7 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 11 frag 0:1480
8 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 11 frag 1472:536
9 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 12 sum bad frag 0:1480
10 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 id 12 sum bad frag 1480:528`)
}

// quotes has ICMP errors with what they are about: a connection, a datagram,
// a tunnel packet, and the least that a router has to quote.
func quotes() [][]byte {
	frames := script(`
0 10.244.1.7:41000 > 10.244.2.9:80 S
1 10.244.2.1 > 10.244.1.7 icmp unreachable admin quote 1
2 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 . seq 1 ack 1 length 1400
3 192.168.9.1 > 192.168.1.1 icmp frag-needed 1400 quote 3 outer
4 [fd00::7]:5000 > [fd00::9]:5001 udp length 1400
5 fd00::1 > fd00::7 icmp frag-needed 1280 quote 5
6 vxlan 1 10.244.2.1 > 10.244.1.7 icmp unreachable port quote 3`)
	least := summed(join(raw("0b00 0000 00000000"), syn[14:14+28]), 2, nil) // time exceeded
	return append(frames, ip4(1, least))
}
