package packetscript

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// words are the words of one line, and how many of them have been taken.
type words struct {
	list []string
	pos  int
}

// splitWords splits a line at white space. A word in double quotes is a Go
// string literal and may hold white space; # begins a comment.
func splitWords(line string) (*words, error) {
	w := new(words)
	for {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if line == "" || line[0] == '#' {
			return w, nil
		}
		end := strings.IndexFunc(line, unicode.IsSpace)
		if line[0] == '"' {
			literal, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil, fmt.Errorf("expected a string in double quotes, found %s", line)
			}
			end = len(literal)
		}
		if end < 0 {
			end = len(line)
		}
		w.list = append(w.list, line[:end])
		line = line[end:]
	}
}

// peek returns the word i words ahead, "" behind the last one.
func (w *words) peek(i int) string {
	if w.pos+i >= len(w.list) {
		return ""
	}
	return w.list[w.pos+i]
}

// done reports whether all words are taken.
func (w *words) done() bool { return w.pos >= len(w.list) }

// accept takes the next word iff it is word.
func (w *words) accept(word string) bool {
	if w.peek(0) != word {
		return false
	}
	w.pos++
	return true
}

// expected is the error for a next word that does not fit.
func (w *words) expected(what string) error {
	if w.done() {
		return fmt.Errorf("expected %s, found the end of the line", what)
	}
	return fmt.Errorf("expected %s, found %s", what, w.peek(0))
}

// number takes an unsigned number from 0 to limit, decimal or 0x….
func (w *words) number(what string, limit uint64) (uint64, error) {
	n, err := strconv.ParseUint(w.peek(0), 0, 64)
	if err != nil || n > limit {
		return 0, w.expected(fmt.Sprintf("%s from 0 to %d", what, limit))
	}
	w.pos++
	return n, nil
}

// uint16 takes a number of 16 bits.
func (w *words) uint16(what string) (uint16, error) {
	n, err := w.number(what, 1<<16-1)
	return uint16(n), err
}

// uint32 takes a number of 32 bits.
func (w *words) uint32(what string) (uint32, error) {
	n, err := w.number(what, 1<<32-1)
	return uint32(n), err
}

// addr takes an IP address.
func (w *words) addr(what string) (netip.Addr, error) {
	a, err := netip.ParseAddr(w.peek(0))
	if err != nil {
		return a, w.expected(what)
	}
	w.pos++
	return a, nil
}

// mac takes a MAC address.
func (w *words) mac(what string) (net.HardwareAddr, error) {
	m, err := net.ParseMAC(w.peek(0))
	if err != nil || len(m) != 6 {
		return nil, w.expected(what)
	}
	w.pos++
	return m, nil
}

// quoted takes a string in double quotes.
func (w *words) quoted(what string) (string, error) {
	s, err := strconv.Unquote(w.peek(0))
	if err != nil {
		return "", w.expected(what)
	}
	w.pos++
	return s, nil
}

// An endpoint is an address, with a port where one is written.
type endpoint struct {
	addr    netip.Addr
	port    uint16
	hasPort bool
}

// endpoint takes 10.0.0.1, 10.0.0.1:80, fd00::1 or [fd00::1]:80.
func (w *words) endpoint() (endpoint, error) {
	e, ok := parseEndpoint(w.peek(0))
	if !ok {
		return e, w.expected("an address such as 10.244.1.7:41000, [fd00::7]:41000 or 10.244.1.7")
	}
	w.pos++
	return e, nil
}

func parseEndpoint(s string) (endpoint, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return endpoint{ap.Addr(), ap.Port(), true}, true
	}
	a, err := netip.ParseAddr(s)
	return endpoint{addr: a}, err == nil
}

// tuple takes "A > B", two addresses of one family.
func (w *words) tuple() (src, dst endpoint, err error) {
	if src, err = w.endpoint(); err != nil {
		return src, dst, err
	}
	if !w.accept(">") {
		return src, dst, w.expected("> and the address of the receiver")
	}
	if _, ok := parseEndpoint(w.peek(0)); !ok {
		return src, dst, w.expected("the address of the receiver")
	}
	at := *w
	dst, err = w.endpoint()
	if err == nil && dst.addr.Is4() != src.addr.Is4() {
		err = at.expected("a receiver of the sender's address family")
	}
	return src, dst, err
}
