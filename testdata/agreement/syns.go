package main

import (
	"strconv"
	"strings"
)

// copyWindow is how far apart two copies of one packet, seen at two
// interfaces, may be: that of package flow.
const copyWindow = 0.02 // seconds

// tcp counts SYNs sent again, by stream, sender and sequence number, and port
// reuses. A SYN that was captured twice on its way was sent once: tshark calls
// it a retransmission, so its own mark is not used. Nor does a SYN-ACK with
// another number reuse a port, as tshark says: the client's SYN does.
func (c *counter) tcp(r row) {
	n := len(r["tcp.stream"])
	if n == 0 || len(r["tcp.flags.syn"]) < n || len(r["tcp.flags.ack"]) < n || len(r["tcp.seq_raw"]) < n {
		return
	}
	i := n - 1
	if !isSet(r["tcp.flags.syn"][i]) || isSet(r["tcp.flags.ack"][i]) {
		return
	}
	if len(r["ip.dst"])+len(r["ipv6.dst"]) > 1 {
		c.traits["SYN in a tunnel"]++
	}
	sender := strings.Join([]string{r.last("ip.src"), r.last("ipv6.src"), r.last("tcp.srcport")}, " ")
	stream := r["tcp.stream"][i]
	tuple := strings.Join([]string{sender, r.last("ip.dst"), r.last("ipv6.dst"), r.last("tcp.dstport")}, " ")
	before, again := c.tuples[tuple]
	switch {
	case len(r["tcp.analysis.reused_ports"]) > 0:
		c.f["port reuses"]++
	case again && before != stream:
		c.traits["unmarked reuse"]++
	}
	c.tuples[tuple] = stream
	key := stream + " " + sender + " " + r["tcp.seq_raw"][i]
	copyKey := key + " " + r.last("ip.id")
	now, _ := strconv.ParseFloat(r.last("frame.time_epoch"), 64)
	if before, ok := c.copies[copyKey]; ok && now >= before && now-before <= copyWindow {
		c.adjusted[adjustCopies] = true
		return
	}
	c.copies[copyKey] = now
	if c.syns[key] {
		c.f["syn retransmissions"]++
	}
	c.syns[key] = true
}

func isSet(v string) bool { return v == "1" || v == "True" }
