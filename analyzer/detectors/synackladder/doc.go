// Package synackladder finds servers that send the same SYN-ACK again and
// again: the request got through, so it is the answer, or the client's ACK,
// that is lost. Together with synladder this tells the request lost from the
// reply lost.
//
// Linux sends a SYN-ACK after 0, 1, 3, 7, 15 and 31 s (tcp_synack_retries=5)
// and gives up after 63 s; linear SYN timeouts do not change that. What the
// client does meanwhile tells what is lost:
//
//   - It sends its SYN again: the SYN-ACK is lost behind the capture point.
//   - It sends its ACK: that is lost, or the server refuses it because its
//     accept queue is full (listen(2); Linux then drops the ACK).
//   - It does nothing: it is gone, or only its SYN gets through.
//
// What looks alike and is left alone:
//
//   - One SYN-ACK sent again and the connection goes on: plain loss. It is
//     information.
//   - A copy of a packet at another interface of a capture of all interfaces:
//     the flow table notes it as a duplicate.
//   - A server that waits for data before it accepts (TCP_DEFER_ACCEPT) sends
//     its SYN-ACK again until data comes (tcp(7)); as soon as it does, the
//     connection goes on. It is information.
//   - A client that answers each SYN-ACK with a RST, as a scanner's kernel
//     does: nothing is lost.
package synackladder
