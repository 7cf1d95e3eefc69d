package main

import "encoding/binary"

func transports() []sample {
	return []sample{
		{"sctp", linkEthernet, sctpFrames()},
		{"udplite-igmp", linkEthernet, udpLiteFrames()},
		{"encrypted", linkEthernet, encrypted()},
	}
}

func sctpFrames() [][]byte {
	init := sctp(raw("01000014 0a0b0c0d 00010000 000a ffff 00000001"))
	damaged := join(init)
	damaged[len(damaged)-1] ^= 0xff
	offloaded := join(init)
	copy(offloaded[8:], raw("00000000"))
	return [][]byte{
		ip4(protoSCTP, init),
		ip4(protoSCTP, damaged),
		ip4(protoSCTP, offloaded),
		udp4(4789, join(raw("08000000 00002a00"), ip4(protoSCTP, init))),
	}
}

func udpLiteFrames() [][]byte {
	lite := func(coverage int, covered int, payload string) []byte {
		b := join(word(40000), word(5001), word(uint16(coverage)), word(0), []byte(payload))
		return summed(b, 6, join(pseudo(protoUDPLite, len(b)), b[:covered]))
	}
	damaged := lite(10, 10, "hello")
	damaged[len(damaged)-1] ^= 0xff // behind what the checksum covers
	covered := lite(0, 13, "hello")
	covered[len(covered)-1] ^= 0xff
	return [][]byte{
		ip4(protoUDPLite, lite(0, 13, "hello")),
		ip4(protoUDPLite, damaged),
		ip4(protoUDPLite, covered),
		ip4(protoUDPLite, lite(7, 13, "hello")),                                      // less than the header
		ip4(protoIGMP, summed(raw("1600 0000 e0000116"), 2, nil)),                    // report, version 2
		ip4(protoIGMP, summed(raw("2200 0000 0000 0001 04000000 e0000116"), 2, nil)), // version 3
	}
}

func encrypted() [][]byte {
	wireGuard := func(kind byte, length int) []byte {
		b := make([]byte, length)
		b[0] = kind
		for i := 4; i < length; i++ {
			b[i] = byte(i)
		}
		return b
	}
	esp := join(raw("00001001 00000001"), make([]byte, 40))
	binary.BigEndian.PutUint64(esp[8:], 0x0102030405060708)
	ah := raw("0604 0000 00001001 00000001 0102030405060708090a0b0c") // TCP next, 96 bits of check value
	ahTunnel := join(ah)
	ahTunnel[0] = protoIPIP
	return [][]byte{
		udp4(51820, wireGuard(1, 148)),
		udp4(51820, wireGuard(4, 96)),
		udp4(12345, wireGuard(2, 92)),
		udp4(12345, wireGuard(4, 96)), // data on another port: too little to tell
		ip4(protoESP, esp),
		udp4(4500, esp),
		udp4(4500, raw("ff")),                               // keepalive
		udp4(4500, join(raw("00000000"), make([]byte, 28))), // IKE
		ethernet(0x0800, ip(nodeA, nodeB, protoAH, join(ah, tcpBetweenNodes()))),
		ip4(protoAH, join(ahTunnel, syn[14:])),
		ip6(protoESP, esp),
	}
}

// tcpBetweenNodes returns a TCP segment that goes straight from node to node.
func tcpBetweenNodes() []byte {
	return packet("192.168.1.1:41000 > 192.168.2.1:80 S")[20:]
}
