package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// beyond is how far beyond its own sequence number the stray segment lies, in
// bytes: more than the window that the client has announced, 64 kB.
const beyond = 1 << 20

// beyondWindow serves one connection, answers its first line, and sends a
// segment that lies beyond the client's window, as a network does that
// delivers a segment very late. Connection tracking calls it invalid and does
// not translate it.
func beyondWindow(o options) error {
	l, err := net.Listen("tcp4", o.addr)
	if err != nil {
		return err
	}
	c, err := l.Accept()
	if err != nil {
		return err
	}
	if _, err := bufio.NewReader(c).ReadBytes('\n'); err != nil {
		return err
	}
	if _, err := c.Write(make([]byte, o.answer)); err != nil {
		return err
	}
	time.Sleep(200 * time.Millisecond)
	seq, ack, err := numbers(c.(*net.TCPConn))
	if err != nil {
		return fmt.Errorf("read the sequence numbers: %w", err)
	}
	local, remote := c.LocalAddr().(*net.TCPAddr), c.RemoteAddr().(*net.TCPAddr)
	if err := sendRaw(segment(local, remote, seq+beyond, ack), remote.IP); err != nil {
		return err
	}
	time.Sleep(300 * time.Millisecond)
	_, err = c.Write(make([]byte, o.answer))
	fmt.Fprintln(os.Stderr, "beyond-window: write behind it:", err)
	time.Sleep(time.Second)
	return nil
}

// Of linux/tcp.h; package syscall does not name them.
const (
	tcpRepair      = 19
	tcpRepairQueue = 20
	tcpQueueSeq    = 21
	queueRecv      = 1
	queueSend      = 2
	repairOn       = 1
	repairOffNoWP  = -1 // without a window probe
)

// numbers returns the next sequence number of c and what it acknowledges.
func numbers(c *net.TCPConn) (seq, ack uint32, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	set := func(fd, option, value int) {
		if err == nil {
			err = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, option, value)
		}
	}
	queue := func(fd, which int) uint32 {
		set(fd, tcpRepairQueue, which)
		if err != nil {
			return 0
		}
		n, e := syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, tcpQueueSeq)
		err = e
		return uint32(n)
	}
	control := raw.Control(func(fd uintptr) {
		set(int(fd), tcpRepair, repairOn)
		seq, ack = queue(int(fd), queueSend), queue(int(fd), queueRecv)
		set(int(fd), tcpRepair, repairOffNoWP)
	})
	if control != nil {
		return 0, 0, control
	}
	return seq, ack, err
}

// segment returns an IPv4 packet with ten bytes of TCP data. The kernel fills
// in the IP checksum.
func segment(from, to *net.TCPAddr, seq, ack uint32) []byte {
	const ipLen, tcpLen, dataLen = 20, 20, 10
	b := make([]byte, ipLen+tcpLen+dataLen)
	b[0], b[8], b[9] = 0x45, 64, syscall.IPPROTO_TCP
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	copy(b[12:], from.IP.To4())
	copy(b[16:], to.IP.To4())
	t := b[ipLen:]
	binary.BigEndian.PutUint16(t[0:], uint16(from.Port))
	binary.BigEndian.PutUint16(t[2:], uint16(to.Port))
	binary.BigEndian.PutUint32(t[4:], seq)
	binary.BigEndian.PutUint32(t[8:], ack)
	t[12], t[13] = tcpLen/4<<4, 0x18 // PSH, ACK
	binary.BigEndian.PutUint16(t[14:], 501)
	pseudo := append([]byte{0, syscall.IPPROTO_TCP, 0, tcpLen + dataLen}, b[12:20]...)
	binary.BigEndian.PutUint16(t[16:], ^sum(append(pseudo, t...)))
	return b
}

// sum returns the one's-complement sum of b, of an even length (RFC 1071).
func sum(b []byte) uint16 {
	var s uint32
	for i := 0; i < len(b); i += 2 {
		s += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// sendRaw sends an IPv4 packet as it stands.
func sendRaw(packet []byte, to net.IP) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_RAW)
	if err != nil {
		return fmt.Errorf("open a raw socket: %w", err)
	}
	defer syscall.Close(fd)
	addr := &syscall.SockaddrInet4{}
	copy(addr.Addr[:], to.To4())
	if err := syscall.Sendto(fd, packet, 0, addr); err != nil {
		return fmt.Errorf("send the segment: %w", err)
	}
	return nil
}
