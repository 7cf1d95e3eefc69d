package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// serve answers each connection: a line in, o.answer bytes out, close. The
// server closes first, as a web server without keep-alive does.
func serve(o options) error {
	l, err := net.Listen("tcp4", o.addr)
	if err != nil {
		return err
	}
	answer := append(bytes.Repeat([]byte{'a'}, o.answer-1), '\n')
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			if _, err := bufio.NewReader(c).ReadBytes('\n'); err != nil {
				return
			}
			c.Write(answer)
			time.Sleep(o.hold)
		}()
	}
}

// connect makes o.count connections, one after the other. What fails is said
// and is no error: some scenarios are made to fail.
func connect(o options) error {
	for i := range o.count {
		if i > 0 {
			time.Sleep(o.every)
		}
		start := time.Now()
		err := request(o)
		fmt.Fprintf(os.Stderr, "connect %s: %.3f s, %v\n", o.addr, time.Since(start).Seconds(), err)
	}
	return nil
}

// request makes one connection: a line out, everything in.
func request(o options) error {
	d := net.Dialer{Timeout: o.timeout, KeepAlive: -1, Control: reuseAddress}
	if o.from != "" {
		from, err := net.ResolveTCPAddr("tcp4", o.from)
		if err != nil {
			return err
		}
		d.LocalAddr = from
	}
	c, err := d.DialContext(context.Background(), "tcp4", o.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(o.timeout))
	if _, err := c.Write(append(bytes.Repeat([]byte{'r'}, o.request-1), '\n')); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, c)
	return err
}

// reuseAddress lets a socket bind to a port that was just used.
func reuseAddress(_, _ string, raw syscall.RawConn) error {
	var set error
	err := raw.Control(func(fd uintptr) {
		set = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	})
	if err != nil {
		return err
	}
	return set
}
