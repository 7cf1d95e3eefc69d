// Package traffic makes the captures that pcapdiag is measured with: what a node
// of a Kubernetes cluster sees, with a known number of faults in it. The same
// Shape always gives the same bytes.
//
// Headers are put together here byte by byte and summed with a sum of this
// package's own, so that the figures are compared with something that shares
// nothing with the decoders.
package traffic

import (
	"bufio"
	"io"
)

// A Shape says what capture to make.
type Shape struct {
	Packets int  // written at most
	Flows   int  // that they are spread over, evenly in time
	Small   bool // payloads of 24 bytes at most, so that the cost of each packet counts most
	Healthy bool // no faults at all: nothing to find
	Pcapng  bool // the format; pcap otherwise
}

// A Truth is what is in a capture, counted as it was written.
type Truth struct {
	Packets int   `json:"packets"`
	Bytes   int64 `json:"bytes"` // of the frames
	Flows   int   `json:"flows"` // connections that used a tuple again are flows of their own

	SYNs               int `json:"syns"` // the first of each connection
	Ladders            int `json:"ladders"`
	SYNRetransmissions int `json:"synRetransmissions"`
	PortReuses         int `json:"portReuses"`

	Levels map[string]int `json:"levels"` // by encapsulation, as in the report
	Bad    map[string]int `json:"bad"`    // wrong checksums by level and protocol: "inner tcp"
	Absent int            `json:"absent"` // outer UDP checksums that are 0
}

// Write writes a capture and returns what is in it.
func Write(w io.Writer, s Shape) (*Truth, error) {
	file := &file{w: bufio.NewWriterSize(w, 1<<20), pcapng: s.Pcapng}
	file.begin()
	g := newGenerator(s)
	for g.truth.Packets < s.Packets && g.next() {
		file.add(g.now, g.frame.bytes())
	}
	return &g.truth, file.w.Flush() // which has the error of any write before
}
