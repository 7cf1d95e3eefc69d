// Package invalidrst finds replies that were not translated back: a client that
// is connected to a service address gets a segment from the backend's own
// address, knows no such connection, and resets it, which kills the connection
// that it does know.
//
// conntrack does that with a segment it calls invalid, for instance one that is
// out of its window: it lets it pass untranslated. kube-proxy drops such
// packets since Kubernetes 1.15 (KUBE-FORWARD, ctstate INVALID).
//
// One capture on the client's side proves it: the stray segment's sequence and
// acknowledgment numbers are those of the connection to the service.
//
// What looks alike and stays silent:
//
//   - A capture that begins in the middle of a connection to the backend: its
//     client sends more than RSTs there.
//   - A capture of all interfaces, which shows each connection before and after
//     translation: the client is seen to talk to the backend.
//   - Another connection from the same port to another server: its numbers are
//     its own.
//   - A stray segment that the client does not answer with a RST.
package invalidrst
