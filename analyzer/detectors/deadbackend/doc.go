// Package deadbackend finds one endpoint that is silent while its siblings
// answer: behind a service, connections still go to a pod that is gone. It says
// from when to when, and whether the endpoint answered before and after.
//
// Siblings are other private addresses nearby (the same /16, or /64 in IPv6)
// that answer on the same port meanwhile; nothing else in a capture tells which
// addresses serve one service. Look behind the address translation for this: on
// the node, in the tunnel, on the underlay.
//
// What looks alike and is told apart:
//
//   - A lost SYN: at least two connections must get nothing for 3 s or longer.
//   - A full accept queue: connections that exist go on, so the endpoint is
//     heard.
//   - A refusal: connection-refused. It may be what ends a silence, where the
//     address has another owner by then.
//   - A node or a network that is gone: no sibling answers.
//   - A scan over many addresses, of which a few answer: an address that never
//     answered counts only where most of its siblings do.
//   - Servers of the internet: only private addresses are siblings.
package deadbackend
