package main

// links are captures with other link headers than Ethernet II.
func links() []sample {
	snap := raw("aaaa03 000000 0800")
	wlan := join(raw("0801 0000 020000000001 020000000002 020000000003 0000"), snap, syn[14:])                // to the access point
	wlanQoS := join(raw("8802 0000 020000000001 020000000002 020000000003 0000 0000"), snap, syn[14:])        // from it, QoS
	wds := join(raw("0803 0000 020000000001 020000000002 020000000003 0000 020000000004"), snap, syn[14:])    // between two
	protected := join(raw("0841 0000 020000000001 020000000002 020000000003 0000 00000020 00000000"), syn)    // WPA
	beacon := raw("8000 0000 ffffffffffff 020000000002 020000000002 0000 0000000000000000 6400 0100")         //
	aggregate := join(raw("8802 0000 020000000001 020000000002 020000000003 0000 8000"), raw("00"), syn[14:]) // A-MSDU
	return []sample{
		{"ppp", linkPPP, [][]byte{
			join(raw("ff03 0021"), syn[14:]),
			join(raw("0057"), syn6[14:]),
			join(raw("21"), syn[14:]),
		}},
		{"ppp-serial", linkPPPSerial, [][]byte{
			join(raw("ff03 0021"), syn[14:]),
			join(raw("0f00 0800"), syn[14:]), // Cisco HDLC
		}},
		{"sll", linkSLL, [][]byte{
			join(raw("0004 0001 0006 020000000001 0000 0800"), syn[14:]),
			join(raw("0000 0300 0000 000000000000 0000 86dd"), syn6[14:]),          // tunl0: no address
			join(raw("0000 0001 0006 020000000001 0000 8100 0064 0800"), syn[14:]), // VLAN 100
		}},
		{"sll2", linkSLL2, [][]byte{
			join(raw("0800 0000 00000002 0001 04 06 020000000001 0000"), syn[14:]),
			join(raw("86dd 0000 00000007 0300 00 00 000000000000 0000"), syn6[14:]),
		}},
		{"null", linkNull, [][]byte{
			join(raw("02000000"), syn[14:]),
			join(raw("1e000000"), syn6[14:]), // AF_INET6 of macOS
			join(raw("0000001c"), syn6[14:]), // of FreeBSD, big-endian
		}},
		{"loop", linkLoop, [][]byte{join(raw("00000002"), syn[14:])}},
		{"raw", linkRaw, [][]byte{syn[14:], syn6[14:]}},
		{"llc", linkEthernet, [][]byte{
			ethernet(uint16(len(syn)-14+8), join(snap, syn[14:])),
			ethernet(0x8100, join(raw("0064"), word(uint16(len(syn)-14+8)), snap, syn[14:])), // behind a tag
			ethernet(3, raw("424203")), // spanning tree
		}},
		{"hdlc", linkHDLC, [][]byte{join(raw("0f00 86dd"), syn6[14:])}},
		{"wlan", linkWLAN, [][]byte{wlan, wlanQoS, wds, protected, beacon, aggregate, raw("4801 0000 020000000001 020000000002 020000000003 0000")}},
		{"radiotap", linkRadiotap, [][]byte{
			join(raw("0000 0800 00000000"), wlan),
			join(raw("0000 0900 02000000 10"), wlan, raw("01020304")),                              // with check sequence
			join(raw("0000 1900 030000a0 00000080 00000000 0000000000000000 20"), padded(wlanQoS)), // two more bitmaps, timestamp, padded header
		}},
		{"nflog", linkNFLOG, [][]byte{
			join(raw("0200 0005 0800 0100 0800 0100 0800 0500 00000002"), raw("3000 0900"), syn[14:][:40], raw("00000000")),
		}},
		{"pktap", linkPKTAP, [][]byte{
			join(raw("6c000000 01000000 01000000"), []byte("en0"), make([]byte, 108-15), syn),
			join(raw("6c000000 00000000 01000000"), make([]byte, 108-12)), // no packet
		}},
	}
}

// padded pads the 26 bytes of a QoS header to 28.
func padded(b []byte) []byte { return join(b[:26], raw("0000"), b[26:]) }
