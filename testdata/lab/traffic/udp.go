package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"time"
)

// echo sends back each datagram.
func echo(o options) error {
	c, err := net.ListenPacket("udp4", o.addr)
	if err != nil {
		return err
	}
	buf := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return err
		}
		if _, err := c.WriteTo(buf[:n], from); err != nil {
			return err
		}
	}
}

// ask sends o.count datagrams from one socket and waits for each answer.
func ask(o options) error {
	d := net.Dialer{}
	if o.from != "" {
		from, err := net.ResolveUDPAddr("udp4", o.from)
		if err != nil {
			return err
		}
		d.LocalAddr = from
	}
	c, err := d.Dial("udp4", o.addr)
	if err != nil {
		return err
	}
	buf := make([]byte, 1500)
	for i := range o.count {
		if i > 0 {
			time.Sleep(o.every)
		}
		if _, err := c.Write(bytes.Repeat([]byte{'r'}, o.request)); err != nil {
			return err
		}
		c.SetReadDeadline(time.Now().Add(o.timeout))
		_, err := c.Read(buf)
		fmt.Fprintf(os.Stderr, "ask %s: %v\n", o.addr, err)
	}
	return nil
}

// names answers DNS queries after o.hold, as a server does that has to ask: A
// with 192.0.2.80, everything else with no record.
func names(o options) error {
	c, err := net.ListenPacket("udp4", o.addr)
	if err != nil {
		return err
	}
	buf := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return err
		}
		if answer := answerName(buf[:n]); answer != nil {
			time.AfterFunc(o.hold, func() { c.WriteTo(answer, from) })
		}
	}
}

// answerName returns the answer to a query of one question (RFC 1035 section
// 4.1), or nil for anything else.
func answerName(query []byte) []byte {
	const header = 12
	end := bytes.IndexByte(query[min(header, len(query)):], 0)
	if end < 0 || header+end+5 > len(query) {
		return nil
	}
	end += header + 5 // the root label, type and class
	answer := append([]byte{}, query[:end]...)
	copy(answer[2:], []byte{0x85, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}) // authoritative; one question
	if query[end-4] == 0 && query[end-3] == 1 {
		answer[7] = 1
		answer = append(answer, 0xc0, header, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 80)
	}
	return answer
}
