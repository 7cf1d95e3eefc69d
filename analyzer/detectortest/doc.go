// Package detectortest tests a detector with the captures in its testdata.
//
// A case is a packet script with the findings below "-- want --", or a
// capture x.pcap or x.pcapng with the findings in x.want:
//
//	# The far node drops every SYN.
//	0.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//	1.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//	3.0 vxlan 1 10.244.1.7:41000 > 10.244.2.9:80 S seq 100
//	-- want --
//	syn-retry-ladder warning: 3 SYNs in 3 s and no answer
//		tcp 10.244.1.7:41000 > 10.244.2.9:80 in vxlan 1 192.168.1.1 > 192.168.2.1
//		1 10.244.1.7:41000 > 10.244.2.9:80: Flags [S], seq 100
//
// that is, for each finding: rule, severity and message in English; the flow,
// if it has one, with the encapsulation and the addresses around it; each
// evidence frame with its text. Nothing below the marker means that nothing is
// found. "go test -update" rewrites the wants; read them before they are
// committed.
package detectortest
