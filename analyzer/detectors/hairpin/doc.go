// Package hairpin finds pods that cannot reach their own service: address
// translation picks the pod itself as the backend, and the packet would have to
// leave the bridge by the port it came in on, which a bridge does only where
// hairpin mode is on (bridge(8), brport hairpin). With n endpoints, one
// connection in n fails and the others are answered at once.
//
// Two pictures:
//
//   - A SYN with the pod's own address on both ends gets nothing: translated
//     but not masqueraded, so that the pod drops it as a martian.
//   - On the pod's interface, before translation: of one pod's connections to
//     one service some get nothing and others, before and in between, are
//     answered at once; the pod itself serves; and no other client of the
//     service fails.
//
// What looks alike and stays silent:
//
//   - A dead backend behind the service: other clients fail as well.
//   - A service that is down, then up: answered and failed connections do not
//     alternate.
//   - A pod that serves nothing is no backend of the service.
//   - Loopback: 127.0.0.1 to itself, and a host that talks to its own address
//     over lo and gets its answer.
package hairpin
