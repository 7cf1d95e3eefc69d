// Package packetscript parses packet scripts: captures written as text, one
// line a packet, so that a test can be read and reviewed in a diff.
//
//	# Pod to pod over VXLAN; the far node drops every SYN.
//	0.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//	1.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//	3.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//
// The packets are built with gopacket and not with the rest of this module, so
// that a script can serve as the truth which a decoder is tested against. What
// a line leaves out is filled in, and all lengths and checksums are right
// unless the line says otherwise. A line that cannot be used is an error with
// its number and with what was expected in it.
//
// # Lines
//
// # begins a comment. A line that begins with a digit is a packet:
//
//	0.25 10.244.1.7:41000 > 10.244.2.9:80 S
//
// that is the time in seconds, up to nine decimals, and the packet. In full:
//
//	1.5 @cni0 out vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 P. seq 1 ack 1 length 10
//
// the time; the capture point behind @, on every packet line or on none; in or
// out, as seen by the host that captures; tunnels; the packet; its options.
// Times need not grow.
//
// Other lines set something for the lines below them:
//
//   - base TIME: what second 0 is, in RFC 3339. 2024-01-01T00:00:00Z if not set.
//   - link TYPE: ethernet (if not set), sll, sll2, raw, null or loop. A point
//     keeps one link type.
//   - snap N: snaplen of the file in bytes, 262144 if not set; 0 gives no limit.
//     Frames are cut there.
//   - node NETWORK ADDRESS: tunnel packets of addresses in NETWORK come from
//     and go to ADDRESS. The longest network wins.
//   - mac ADDRESS MAC: the MAC address of an IP address.
//
// A line "-- want --" ends the script; [Script.Want] is the text below it.
//
//	base 2020-05-25T16:30:56.705696+08:00
//	link sll2
//	snap 96
//	node 10.244.1.0/24 10.0.100.3
//	node fd00:10:244:1::/64 10.0.100.3
//	mac 10.0.100.3 02:00:0a:00:64:03
//	0 @eth0 in vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
//
// # Tunnels
//
//	0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S
//	1 vxlan 4096 10.0.100.3:48683 > 10.0.100.15:4789 10.244.1.7:41000 > 10.244.2.9:80 S
//	2 ipip 10.0.100.3 > 10.0.100.15 10.244.1.7:41000 > 10.244.2.9:80 S
//	3 vxlan 1 ipip 10.244.1.7:41000 > 10.244.2.9:80 S
//	4 vxlan 1 10.0.100.3 > 10.0.100.15 sum 0 ttl 3 10.244.1.7:41000 > 10.244.2.9:80 S
//
// vxlan VNI or ipip, outermost first, each with the addresses of the tunnel
// packet or without. Left out, they are those of the node lines, else
// 192.168.N.1, where N is the third byte of the inner address (the eighth in
// IPv6); the UDP source port is a hash of the packet inside, from 32768 to
// 60999, and the destination port is 8472.
//
// # Packets
//
//	0 10.244.1.7:41000 > 10.244.2.9:80 S mss 1460 sackOK ts 17148909/0 wscale 7
//	1 [fd00::7]:41000 > [fd00::9]:80 S win 65535
//	2 10.244.1.7:5000 > 10.244.2.9:5001 udp length 100
//	3 10.244.1.7:5000 > 10.244.2.9:5001 udp payload "hello\n"
//	4 10.244.1.7:40000 > 10.96.0.10:53 dns 4660 query AAAA kubernetes.default.svc.cluster.local
//	5 10.96.0.10:53 > 10.244.1.7:40000 dns 4660 answer AAAA kubernetes.default.svc.cluster.local nxdomain
//	6 10.96.0.10:53 > 10.244.1.7:40000 dns 4661 answer A example.com 192.0.2.1 192.0.2.2
//	7 10.244.1.7 > 10.244.2.9 icmp echo 77 seq 1 length 1400
//	8 10.244.2.9 > 10.244.1.7 icmp reply 77 seq 1
//	9 10.244.2.1 > 10.244.1.7 icmp unreachable port quote 3
//	10 fd00::1 > fd00::7 icmp frag-needed 1400 quote 2
//	11 fd00::7 > ff02::1:ff00:9 icmp solicit fd00::9
//	12 fd00::9 > fd00::7 icmp advert fd00::9
//	13 10.244.1.7 > 10.244.2.9 proto 132 length 20
//	14 arp who-has 10.244.1.1 tell 10.244.1.7
//	15 arp 10.244.1.1 is-at 02:00:00:00:00:01 to 10.244.1.7
//	16 arp gratuitous 10.244.1.7 02:00:00:00:00:07
//	17 arp probe 10.244.1.7
//	18 hex ffffffffffff02000000000188cc0207
//	19 dup 1 ttl 63
//
// A packet is one of these:
//
//   - A > B FLAGS: TCP, the flags in tcpdump's letters S F R P . U E W.
//     Options: seq N and ack N (absolute), win N (64240), mss N, wscale N,
//     sackOK, ts VALUE/ECHO, length N (bytes of a pattern), payload "…" (with
//     Go's escapes). A SYN takes ISN 1000 and a SYN-ACK 5000, or what it had
//     before; other sequence and acknowledgment numbers follow from the
//     earlier packets of the connection at the same point.
//   - A > B udp. Options: length, payload.
//   - A > B dns ID query TYPE NAME, A > B dns ID answer TYPE NAME [CODE]
//     [ADDRESS ...]: TYPE is A, AAAA, CNAME, PTR, SRV or TXT; CODE is noerror,
//     nxdomain, servfail or refused. Option: tc.
//   - A > B icmp MESSAGE: ICMPv6 between IPv6 addresses. MESSAGE is echo ID or
//     reply ID (options seq, length, payload; 56 bytes if not set);
//     unreachable with net, host, port, admin, or in IPv4 protocol or
//     host-admin; frag-needed MTU ("packet too big" in ICMPv6); time-exceeded;
//     solicit TARGET, advert TARGET. Errors quote the innermost level of
//     packet N behind quote N, its outermost behind quote N outer, the packet
//     before without quote.
//   - A > B proto N: another IP protocol. Options: length, payload.
//   - arp, in the four forms above. MAC addresses may be left out.
//   - hex BYTES: a whole frame.
//   - dup or dup N: packet N again, the one before without N; options change
//     it. Behind a tunnel it is the innermost level of packet N.
//
// Packets are numbered from 1. MAC addresses that are not given are 02:42 and
// the last four bytes of the IP address; groups have the MAC addresses of
// theirs.
//
// # Options
//
// These belong to the innermost level; with outer- in front to the outermost;
// and behind a tunnel's addresses, or VNI, to the tunnel packet:
//
//   - sum VALUE, the transport checksum: right (if not set); bad; a number;
//     partial (the folded pseudo-header sum, as Linux leaves it to the network
//     card); lco (right once the inner checksum is completed); for-port N (as
//     lco, and right for source port N instead of the packet's own).
//   - ip-sum VALUE, the IPv4 header checksum: bad or a number.
//   - id N: IP identification. If not set, one more than the sender's last.
//   - ttl N (64); df and nodf (df is set on TCP outside tunnel headers).
//   - frag OFFSET:LENGTH: only these bytes of the datagram's payload, as a
//     fragment. The line describes the whole datagram.
//   - vlan N: an 802.1Q tag; a second one makes it QinQ, outer tag first.
//   - smac MAC, dmac MAC: the Ethernet addresses.
//
// These belong to the frame:
//
//   - snap N: keep N bytes of it.
//   - pad: pad it to 60 bytes, as received from a wire.
//
// A sender's capture of a tunnelled packet with checksum offload, the same
// after NAT changed its port from 41061, two fragments, and a copy at a second
// point:
//
//	0 @eth0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S sum partial outer-sum lco
//	1 @eth0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S sum partial outer-sum for-port 41061
//	2 @eth0 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 frag 0:1480
//	2 @eth0 10.244.1.7:5000 > 10.244.2.9:5001 udp length 2000 frag 1480:528
//	3 @cni0 10.244.1.7:41000 > 10.244.2.9:80 S
//	3.0001 @eth0 vxlan 1 dup
package packetscript
