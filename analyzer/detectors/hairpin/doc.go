// Package hairpin finds pods that cannot reach their own service: address
// translation picks the pod itself as the backend, and the packet would have to
// leave the bridge by the port it came in on, which a bridge does only where
// hairpin mode is on (bridge(8), brport hairpin). With n endpoints, one
// connection in n fails and the others are answered at once.
//
// Where the bridge itself translates (net.bridge.bridge-nf-call-iptables=1) the
// packet is dropped before conntrack confirms the connection, and each SYN that
// is sent again falls to an endpoint anew: most connections are only late, by
// 1, 3 or 7 s (seen with Linux 6.18: testdata/lab/hairpin-off.sh).
//
// Three pictures:
//
//   - A SYN with the pod's own address on both ends gets nothing: translated
//     but not masqueraded, so that the pod drops it as a martian.
//   - On the pod's interface, before translation: of one pod's connections to
//     one service some get nothing and others, before and in between, are
//     answered at once; the pod itself serves; and neither another client of
//     the service nor a connection of the pod to another service fails.
//   - The same with connections that are late in place of those that fail, and
//     all of the pod's connections elsewhere are answered at once.
//
// What looks alike and stays silent:
//
//   - A dead backend behind the service: other clients fail as well.
//   - A service that is down, then up: answered and failed connections do not
//     alternate.
//   - Loss on the pod's link: its connections elsewhere fail or are late as well.
//   - Servers of the internet: service addresses are private.
//   - A pod that serves nothing is no backend of the service.
//   - Loopback: 127.0.0.1 to itself, and a host that talks to its own address
//     over lo and gets its answer.
package hairpin
