package main

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// hintFor returns what to do about err, or "".
func hintFor(err error) string {
	var h hinted
	switch {
	case errors.As(err, &h):
		return h.hint
	case errors.Is(err, analyzer.ErrPath):
		return "name the points as the report does, from the clients to the servers"
	case errors.Is(err, fs.ErrNotExist):
		return "check the path; inside quotes the shell does not expand *"
	case errors.Is(err, fs.ErrPermission):
		return "captures of tcpdump often belong to root: copy the file, or read it with sudo cat FILE | pcapdiag analyze -"
	case errors.Is(err, syscall.EISDIR):
		return "give the files in the folder, or all of it as one incident: tar -cf - FOLDER | pcapdiag analyze -"
	case errors.Is(err, capture.ErrEmpty):
		return "was tcpdump still running? Give it -U, or stop it with Ctrl-C before copying the file"
	case errors.Is(err, capture.ErrNotCapture):
		return "pcapdiag reads what tcpdump -w writes: pcap and pcapng, plain or compressed"
	}
	return ""
}
