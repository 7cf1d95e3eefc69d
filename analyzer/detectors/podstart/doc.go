// Package podstart finds addresses whose every destination is silent from
// their first packet on until one moment, and open from then on: a pod that
// starts before its network policy, route or security group is in place. Such
// blackouts last from 0.3 s to 2 min.
//
// The address must be new: its first packet at least a second after the
// capture began, and nothing of it before. Two different destinations or more
// must have got packets in vain, and others a moment later, and all of them must
// answer in the end.
//
// What looks alike and stays silent:
//
//   - A destination that starts at the same time: the others answer.
//   - A capture that begins after the pod's first packet.
//   - A slow network: the first packet is answered, if late, however many
//     connections a program opens at once.
//   - Multicast and broadcast, which nobody need answer.
//   - A destination that never answers: its own fault is found elsewhere.
//   - A RST or any other packet back ends the silence: something was reached.
package podstart
