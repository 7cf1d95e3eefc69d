// Traffic makes the packets of the lab: the few clients and servers that
// record.sh runs in its network namespaces. Each does one thing at a time, so
// that a capture can be read from top to bottom.
//
//	traffic serve ADDR           TCP: answer each request line and close
//	traffic connect ADDR         TCP: connections one after the other
//	traffic echo ADDR            UDP: send back what comes
//	traffic ask ADDR             UDP: requests from one socket
//	traffic names ADDR           DNS: answer A with one address, AAAA with none
//	traffic beyond-window ADDR   TCP server: one segment beyond the client's window
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// options are the flags of all commands.
type options struct {
	addr    string
	from    string        // own port, or address and port; "" lets the kernel choose
	count   int           // connections or requests
	every   time.Duration // from one to the next
	timeout time.Duration // of a connection attempt or an answer
	answer  int           // bytes that the server sends back
	request int           // bytes that the client sends
	hold    time.Duration // before the server closes a connection, or answers a name
}

// commands by name; record.sh starts them.
var commands = map[string]func(options) error{
	"serve":         serve,
	"connect":       connect,
	"echo":          echo,
	"ask":           ask,
	"names":         names,
	"beyond-window": beyondWindow,
}

func main() {
	var o options
	flags := flag.NewFlagSet("traffic", flag.ExitOnError)
	flags.StringVar(&o.from, "from", "", "own `ADDRESS:PORT`")
	flags.IntVar(&o.count, "count", 1, "how often")
	flags.DurationVar(&o.every, "every", 100*time.Millisecond, "from the end of one to the next")
	flags.DurationVar(&o.timeout, "timeout", 20*time.Second, "of one attempt")
	flags.IntVar(&o.answer, "answer", 200, "bytes of an answer")
	flags.IntVar(&o.request, "request", 80, "bytes of a request")
	flags.DurationVar(&o.hold, "hold", 0, "before the server closes, or answers a name")
	if len(os.Args) < 3 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: traffic serve|connect|echo|ask|names|beyond-window ADDR [FLAGS]")
		os.Exit(2)
	}
	flags.Parse(os.Args[3:])
	o.addr = os.Args[2]
	if err := commands[os.Args[1]](o); err != nil {
		fmt.Fprintln(os.Stderr, "traffic:", err)
		os.Exit(1)
	}
}
